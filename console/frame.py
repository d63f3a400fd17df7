"""What every page for somebody signed in shows around it."""

from typing import Any

from hotline.people import Role
from hotline.sign_in import Present

MENU = (("/", "看板", Role.OPERATOR),)


def inside(present: Present, here: str, show: str = "") -> dict[str, Any]:
    """Values for `inside.html`; `show` are the sections of the board that the page listens for."""
    return {"present": present, "here": here, "show": show, "menu": [(path, name) for path, name, _ in MENU]}
