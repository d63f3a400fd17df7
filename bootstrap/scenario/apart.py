"""Scenarios side by side on one stack: numbers of their own, and which of them cannot be played so or not by call."""

import re
from typing import Any

from bootstrap.scenario.script import Scenario

_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)(\d{4})(\d{4})(?!\d)")


def with_own_numbers(script: Scenario, index: int) -> Scenario:
    """The same with every mobile number of it changed in the middle, so that no two scenarios know the same people.

    The last four digits, which are read back and asked for, stay.
    """
    return Scenario.model_validate(_renumbered(script.model_dump(exclude_unset=True), f"{index:04d}"))


def _renumbered(value: Any, middle: str) -> Any:
    if isinstance(value, dict):
        return {key: _renumbered(one, middle) for key, one in value.items()}
    if isinstance(value, list):
        return [_renumbered(one, middle) for one in value]
    return _MOBILE.sub(rf"\g<1>{middle}\g<3>", value) if isinstance(value, str) else value


def plays_beside_others(script: Scenario) -> bool:
    """Not with operators or a list of sites of its own, nor where somebody is found by name among all elders."""
    given, linked = script.given, all(contact.caller.linked_elder for contact in script.contacts())
    own = given.ready_operators is not None or given.supervisors or given.directory
    return not own and (linked or not given.elders)


def not_by_call(script: Scenario) -> str | None:
    """Why it can't be played as a telephone call, None when it can."""
    given = script.given
    broken = [n for n, state in (("rasa", given.rasa), ("database", given.database), ("telegram", given.telegram))
              if state != "up"]  # fmt: skip
    if broken:
        return f"{broken[0]} {getattr(given, broken[0])}: the line's own processes are not broken here"
    if any(step.twice for contact in script.contacts() for step in contact.turns):
        return "twice: a telephone delivers nothing twice"
    if any(step.location for contact in script.contacts() for step in contact.turns):
        return "location: a telephone sends no point"
    if any(contact.caller.place for contact in script.contacts()):
        return "place: the number dialled is always the same here"
    return None
