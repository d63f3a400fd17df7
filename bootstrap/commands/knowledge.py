"""`knowledge`: whether what the documents say is sound, and what is still missing."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bootstrap.commands.output import AsJson, emit, say, table

app = typer.Typer(help="What the documents say: cards, rules, places and their sources.", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option("--folder", help="Another knowledge folder than the packaged one.", file_okay=False)
]


@app.command("check")
def check_knowledge(folder: Folder = None, as_json: AsJson = False) -> None:
    """Report every missing source, dead reference, unknown section, expired date, duplicate and unspeakable sentence.

    Exit status 1 if there is any.
    """
    from knowledge.policy.check import check
    from knowledge.policy.loading import FOLDER, Library

    library = Library(folder or FOLDER)
    problems = check(library, datetime.now().astimezone().date())
    rows = [{"file": one.file, "line": one.line, "reason": one.reason} for one in problems]
    counts = f"{len(library.cards())} cards, {len(library.benefits())} rules, {len(library.documents())} documents"
    emit(rows, as_json, lambda: "\n".join(map(str, problems)) or f"{counts}: no problem")
    if problems:
        raise typer.Exit(1)


@app.command("coverage")
def show_coverage(
    place: Annotated[str | None, typer.Option("--place", help="One place only, for example 津市.")] = None,
    only_open: Annotated[bool, typer.Option("--open", help="Only rows that nothing answers for yet.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the inventory's rows against cards and rules."""
    from knowledge.policy.coverage import coverage
    from knowledge.policy.loading import library

    rows = [row for row in coverage(library()).rows if place in (None, row.place)]
    shown = [
        {
            "place": row.place, "row": row.row_id, "priority": row.row.priority, "title": row.row.title,
            "covered_by": list(row.covered_by), "left_out": row.left_out,
            "state": "open" if row.open else "left out" if row.left_out else "covered",
        }
        for row in rows
        if row.open or not only_open
    ]  # fmt: skip
    emit(shown, as_json, lambda: table(shown, ("place", "row", "priority", "state", "title"), "no rows"))
    if not as_json:
        counts = Counter((row.place, "open" if row.open else "done") for row in rows)
        places = dict.fromkeys(row.place for row in rows)
        say("\n".join(f"{one}: {counts[one, 'done']} done, {counts[one, 'open']} open" for one in places))


@app.command("evaluate")
def evaluate_answers(
    file: Annotated[
        Path, typer.Argument(help="Questions: YAML or TSV with place, text, expected.", exists=True, dir_okay=False)
    ],
    folder: Folder = None,
    misses: Annotated[bool, typer.Option("--misses", help="List the questions that were not answered right.")] = False,
    as_json: AsJson = False,
) -> None:
    """Answer the questions of a file and count: the right card first, offered as a choice, invented, asked for a place.

    `expected` is an outcome, or rows of the inventory separated by commas, any of which is right.
    """
    from knowledge.policy.answers import Answers
    from knowledge.policy.evaluation import evaluate, figures, read_rows
    from knowledge.policy.files import BadFile
    from knowledge.policy.loading import FOLDER, Library

    library = Library(folder or FOLDER)
    try:
        judged = evaluate(read_rows(file), Answers(library), library, datetime.now().astimezone().date())
    except BadFile as error:
        say(f"warmline: {error}")
        raise typer.Exit(1) from None
    counted = figures(judged)
    missed = [
        {
            "line": one.row.line, "place": one.row.place, "text": one.row.text, "expected": list(one.row.expected),
            "outcome": one.answer.outcome, "cards": list(one.answer.cards), "offered": one.offered,
        }
        for one in judged
        if not one.right
    ]  # fmt: skip
    result = {**counted, "misses": missed} if misses else counted
    emit(result, as_json, lambda: table([counted], list(counted), ""))
    if misses and not as_json:
        emit(missed, False, lambda: table(missed, ("line", "place", "text", "expected", "outcome", "cards"), "none"))
