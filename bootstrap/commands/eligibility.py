"""`eligibility`: what a rule says of an elder, on which facts; and what the callers of a session were told."""

import json
import sys
from datetime import date, datetime
from typing import Annotated, Any

import typer

from bootstrap.commands.output import AsJson, emit, emit_json, table
from bootstrap.reading import SettingsError

app = typer.Typer()

KEPT = ("judged_at", "rule", "verdict", "facts", "missing", "sections", "on_day", "rule_version")

Where = Annotated[str | None, typer.Argument(help="- reads objects {place, benefit, facts, on}, one a line.")]


@app.command("eligibility")
def eligibility(
    lines: Where = None,
    place: Annotated[str | None, typer.Option("--place", help="For example 津市.")] = None,
    benefit: Annotated[
        str | None, typer.Option("--benefit", help="A rule's file name, its name or a word for it.")
    ] = None,
    fact: Annotated[list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="As often as needed.")] = None,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day; today.")] = None,
    show_list: Annotated[
        bool, typer.Option("--list", help="Show the rules of the place and the facts they ask.")
    ] = False,
    session: Annotated[str | None, typer.Option("--session", help="What the caller of this session was told.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a rule says: likely, possible, unlikely or unknown, on which sections, and what is still to be asked."""
    today = on.date() if on else datetime.now().astimezone().date()
    if session is not None:
        _show_session(session, as_json)
    elif lines == "-":
        _each_line(today)
    elif show_list:
        rows = _listing(place, today)
        emit(rows, as_json, lambda: table(rows, ("benefit", "name", "payee", "facts"), "no rules"))
    else:
        record, text = _answer(place, benefit, _pairs(fact or []), today)
        emit(record, as_json, lambda: text)


def _pairs(facts: list[str]) -> dict[str, str]:
    """NAME=VALUE as it was typed."""
    if wrong := [one for one in facts if "=" not in one]:
        raise SettingsError(f"--fact {wrong[0]}: write NAME=VALUE, for example age=82")
    return {name.strip(): value for name, _, value in (one.partition("=") for one in facts)}


def _answer(place: str | None, benefit: str | None, facts: dict[str, Any], day: date) -> tuple[dict[str, Any], str]:
    """As JSON values, and as people read it with the next question."""
    from knowledge.policy import told
    from knowledge.policy.enquiries import BadEnquiry, Officer
    from knowledge.policy.loading import library

    officer = Officer(library(), day)
    try:
        verdict = officer.answer(place, benefit, facts)
    except BadEnquiry as error:
        raise SettingsError(str(error)) from None
    record = officer.assessor.record(verdict)
    missing = [f"missing: {', '.join(verdict.missing_facts)}", record["question"]] if verdict.missing_facts else []
    shown = [f"{verdict.name}: {verdict.verdict}", *missing, told.written(verdict, officer.assessor)]
    return record, "\n".join([*shown, verdict.rule_version])


def _each_line(today: date) -> None:
    """A line that can't be answered gives its error, and the next one is read."""
    for line in filter(None, map(str.strip, sys.stdin)):
        try:
            asked = json.loads(line)
            day = date.fromisoformat(asked["on"]) if asked.get("on") else today
            record, _ = _answer(asked.get("place"), asked.get("benefit"), asked.get("facts") or {}, day)
            emit_json(record)
        except (SettingsError, ValueError, AttributeError, TypeError) as error:
            emit_json({"error": str(error)})


def _listing(place: str | None, day: date) -> list[dict[str, Any]]:
    """The rules of a place, with the facts that a caller is asked and those that an official judges."""
    from knowledge.policy.enquiries import BadEnquiry, Officer
    from knowledge.policy.loading import library
    from knowledge.policy.rule_finding import rules_of

    officer = Officer(library(), day)
    try:
        folder = officer.folder(place)
    except BadEnquiry as error:
        raise SettingsError(str(error)) from None
    known, reader = library().facts(), officer.reader
    return [
        {
            "benefit": rule_id.partition("/")[2],
            "name": name,
            "payee": rules[rule_id].payee if rule_id in rules else "none",
            "facts": {
                fact: "judged by an official" if known[fact].judged else reader.allowed(fact)
                for fact in officer.assessor.asks_about(rule_id)
            },
        }
        for rules in [library().benefits()]
        for rule_id, name in rules_of(library(), folder).items()
    ]


def _show_session(session_id: str, as_json: bool) -> None:
    from bootstrap.commands.common import with_services
    from hotline import eligibility as told

    async def work(_settings: Any, services: Any) -> list[Any]:
        return await told.of_session(session_id, services)

    kept = [vars(one) for one in with_services(work)]
    rows = [{name: row[name] for name in (*KEPT, "place", "turn_id", "elder_id")} for row in kept]
    emit(rows, as_json, lambda: table(rows, KEPT, "nothing was told about eligibility"))
