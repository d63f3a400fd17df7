"""Pages from templates; everything a person said or is called is escaped."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from console import wording
from hotline.outcomes import closing_label, closings, codes, outcome_label


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(clock=clock, day=day, moment=moment)
    made.globals.update(label=wording.label, labels=wording.labels, kind_label=wording.kind_label)
    made.globals.update(reason_label=wording.reason_label, event_text=wording.event_text)
    made.globals.update(closing_label=closing_label, closing_choices=closing_choices)
    made.globals.update(outcome_label=outcome_label, outcome_codes=codes)
    return made


def render(template: str, /, **values: Any) -> str:
    """The text of a template; a value that is missing is an error."""
    return _environment().get_template(template).render(values)


def closing_choices() -> dict[str, str]:
    """What an operator may close one with."""
    return closings(chosen_only=True)


def page(template: str, /, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> HTMLResponse:
    """A template as an answer."""
    return HTMLResponse(render(template, **values), status, headers)


def clock(value: datetime | None) -> str:
    """The time of day, to the second."""
    return value.strftime("%H:%M:%S") if value else ""


def day(value: date | None) -> str:
    """The date, with its weekday."""
    return f"{value.month}月{value.day}日 星期{'一二三四五六日'[value.weekday()]}" if value else ""


def moment(value: datetime | None) -> str:
    """Date and time, to the minute."""
    return f"{value.month}月{value.day}日 {value:%H:%M}" if value else ""


def notice(text: str, status: int = 200) -> HTMLResponse:
    """One sentence above the page; nothing else on it changes."""
    return HTMLResponse(text, status, {"HX-Retarget": "#notice", "HX-Reswap": "textContent"})


def go(path: str) -> HTMLResponse:
    """The browser goes there."""
    return HTMLResponse("", headers={"HX-Redirect": path})
