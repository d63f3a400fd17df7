"""`warmline demo`: four conversations through real Rasa, actions, database and bot, and what they left."""

from bootstrap.demo.command import register

__all__ = ["register"]
