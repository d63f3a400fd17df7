"""Speech recognition: the server (the only place that knows Vosk), the line's client, the speech model."""
