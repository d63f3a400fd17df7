"""The phone: call legs, turn taking, recognition and synthesis. Knows hotline, knowledge and language only."""
