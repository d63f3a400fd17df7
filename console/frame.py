"""What every page for somebody signed in shows around it."""

from typing import Any

from hotline.people import Role
from hotline.sign_in import Present

MENU = (("/", "看板", Role.OPERATOR),)


def inside(present: Present, here: str, show: str = "", watch: str = "") -> dict[str, Any]:
    """Values for `inside.html`; `show` are the sections of the board that the page listens for, `watch`
    the id of the contact.
    """
    return {
        "present": present,
        "here": here,
        "show": show,
        "watch": watch,
        "menu": [(path, name) for path, name, _ in MENU],
    }
