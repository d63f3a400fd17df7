"""`ask`: what the documents say to a question, without any running service."""

import json
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bootstrap.commands.output import AsJson, emit_json
from bootstrap.reading import SettingsError

if TYPE_CHECKING:
    from knowledge.policy.answers import Answers
    from knowledge.policy.result import Answer

app = typer.Typer()


@app.command("ask")
def ask(
    question: Annotated[
        str, typer.Argument(help='A question; - reads {"place": ..., "text": ...} from standard input, one a line.')
    ],
    place: Annotated[str | None, typer.Option("--place", help="Where the caller is, for example 津市.")] = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the policy documents, with the sections it rests on.

    What they do not say is said not to be in them.
    """
    from knowledge.policy.answers import Answers
    from knowledge.policy.loading import library

    answers = Answers(library())
    today = datetime.now().astimezone().date()
    if question == "-":
        for number, line in enumerate(sys.stdin, start=1):
            if line.strip():
                emit_json(_answered(number, line, place, answers, today))
        return
    answer = answers.answer(question, _known(place), today)
    if as_json:
        emit_json(answer.as_json())
    else:
        typer.echo(_shown(answer))


def _answered(number: int, line: str, place: str | None, answers: "Answers", today: date) -> dict[str, Any]:
    """The answer to one line, or what is wrong with it: no line makes another one lost."""
    try:
        asked = json.loads(line)
        if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
            return _wrong(number, 'a line is an object such as {"place": "津市", "text": "..."}; place may be null')
        where = asked.get("place", place)
        if where is not None and not isinstance(where, str):
            return _wrong(number, "place is a text or null")
        return answers.answer(asked["text"], _known(where), today).as_json()
    except json.JSONDecodeError as error:
        return _wrong(number, f"no JSON: {error.msg} at column {error.colno}")
    except SettingsError as error:
        return _wrong(number, str(error))


def _wrong(number: int, reason: str) -> dict[str, Any]:
    return {"error": reason, "line": number}


def _known(place: str | None) -> str | None:
    """One of our places, by any of its names, or another city. Raises SettingsError for anything else."""
    from knowledge.policy.where import covered_places, named

    if not place:
        return None
    words = named(place)
    known = (*words.ours, *words.elsewhere)
    if len(known) != 1:
        raise SettingsError(f"place {place!r} is not known; documents are there for {', '.join(covered_places())}")
    return known[0]


def _shown(answer: "Answer") -> str:
    return f"{answer.text}\n\n[{answer.outcome}] {answer.spoken}"
