"""Comparing what happened with what was expected."""

import re
from datetime import date
from typing import Any

from bootstrap.scenario.play import as_moment
from bootstrap.scenario.world import RECORDS


def differences(expected: dict[str, Any], result: dict[str, Any], zone: Any) -> list[str]:
    """One line for each thing that is not as expected; [] when all is.

    Lists are compared in order and in number, their entries by the keys that the file names.
    `said`, `never_said` are regular expressions over all replies, `responses` are response names,
    `told` is who was told of an escalation at which rung, `never_told` who was not told at all.
    """
    end, turns = result["end"], result["turns"]
    found = [line for key in RECORDS if key in expected for line in _records(key, expected[key], end[key], zone)]
    if "outcome" in expected and expected["outcome"] != end["outcome"]:
        found.append(f"outcome: expected {expected['outcome']}, got {end['outcome']}")
    replies = [turn["reply"] for turn in turns]
    found += [f"not said: {p}" for p in _list(expected.get("said")) if not _any(p, replies)]
    found += [f"should not be said: {p}" for p in _list(expected.get("never_said")) if _any(p, replies)]
    names = {name for turn in turns for name in (turn["response"] or "").split("+")}
    found += [f"no response {name}" for name in _list(expected.get("responses")) if name not in names]
    found += _told(expected.get("told"), end)
    found += _never_told(_list(expected.get("never_told")), end)
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _any(pattern: str, replies: list[str]) -> bool:
    return any(re.search(pattern, reply) for reply in replies)


def _records(key: str, expected: Any, got: list[dict[str, Any]], zone: Any) -> list[str]:
    wanted = _list(expected)
    if len(wanted) != len(got):
        shown = [{k: str(v) for k, v in one.items() if v and k != "told"} for one in got]
        return [f"{key}: expected {len(wanted)}, got {len(got)}: {shown}"]
    return [
        f"{key}[{n}].{name}: expected {value!r}, got {one.get(name)!r}"
        for n, (want, one) in enumerate(zip(wanted, got, strict=True))
        for name, value in want.items()
        if not _same(value, one.get(name), zone)
    ]


def _same(expected: Any, got: Any, zone: Any) -> bool:
    moment = as_moment(got, zone)
    if moment is not None and not isinstance(got, str):
        return as_moment(expected, zone) == moment
    if isinstance(got, date):
        return str(expected) == got.isoformat()
    if isinstance(expected, str) and expected.startswith("~"):
        return re.search(expected[1:], str(got)) is not None
    return expected == got or (expected is not None and got is not None and str(expected) == str(got))


def _told(expected: Any, end: dict[str, Any]) -> list[str]:
    told = {(t["rung"], t["who"]) for e in end["escalations"] for t in e["told"]}
    wanted = {(one["rung"], str(one["who"])) for one in _list(expected)}
    return [f"not told at {rung}: {who} (told: {sorted(told)})" for rung, who in sorted(wanted - told)]


def _never_told(names: list[Any], end: dict[str, Any]) -> list[str]:
    told = {t["who"] for e in end["escalations"] for t in e["told"]}
    return [f"should not be told: {name}" for name in names if str(name) in told]
