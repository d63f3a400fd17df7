"""Ids: a short prefix that says what it is, then random letters; safe in URLs, buttons and file names."""

import secrets


def new_id(prefix: str) -> str:
    """A fresh id such as ``esc_9f2c41d07a3be815`` (64 random bits)."""
    return f"{prefix}_{secrets.token_hex(8)}"
