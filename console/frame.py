"""What every page for somebody signed in shows around it."""

from typing import Any

from hotline.people import Role
from hotline.sign_in import Present

MENU = (("/", "看板"), ("/search", "查找"), ("/cases", "工单"), ("/orders", "服务单"))
CHIEFS = (("/report", "报表"), ("/audit", "操作记录"))
"""For supervisors and administrators."""
HEADS = (("/operators", "人员"),)
"""For administrators."""


def inside(present: Present, here: str, show: str = "", watch: str = "") -> dict[str, Any]:
    """Values for `inside.html`; `show` are the sections of the board that the page listens for, `watch`
    the id of the contact.
    """
    role = present.operator.role
    menu = MENU + (CHIEFS if role != Role.OPERATOR else ()) + (HEADS if role == Role.ADMINISTRATOR else ())
    return {"present": present, "here": here, "show": show, "watch": watch, "menu": menu}
