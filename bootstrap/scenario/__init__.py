"""`warmline scenario`: scripted conversations against the real stack, and what they left behind."""

from bootstrap.scenario.command import register

__all__ = ["register"]
