"""Speech synthesis: the engine and its server (a process of their own), and the line's side of it."""
