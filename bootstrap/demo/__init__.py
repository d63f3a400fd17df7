"""`warmline demo`: five conversations and four real calls, and what they left."""

from bootstrap.demo.command import register

__all__ = ["register"]
