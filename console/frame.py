"""What every page for somebody signed in shows around it."""

from typing import Any

from hotline.sign_in import Present

MENU = (("/", "看板"), ("/search", "查找"), ("/orders", "服务单"))


def inside(present: Present, here: str, show: str = "", watch: str = "") -> dict[str, Any]:
    """Values for `inside.html`; `show` are the sections of the board that the page listens for, `watch`
    the id of the contact.
    """
    return {
        "present": present,
        "here": here,
        "show": show,
        "watch": watch,
        "menu": MENU,
    }
