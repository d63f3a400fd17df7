"""A simulated call as people see it, exchange by exchange."""

from typing import Any

from rich.console import Console
from rich.markup import escape

from bootstrap.ring.caller import Exchange
from bootstrap.ring.timings import milliseconds

_console = Console(soft_wrap=True, highlight=False)
DONE = {"press": "[presses {}]", "silence": "[silent for {}]", "over": "[speaks over it] {}"}


def show_exchange(one: Exchange) -> None:
    """What the caller did and what came back, with the milliseconds in between."""
    if one.said:
        _console.print(f"[yellow]  {escape(DONE.get(one.what, '{}').format(one.said))}[/yellow]")
    after = milliseconds(one.reply_after)
    if after is None:
        _console.print("[red]> (nothing)[/red]")
        return
    filler = ", a filler first" if one.filler else ""
    _console.print(f"[cyan]> {escape(one.heard or '(sound without words)')}[/cyan]  [dim]{after} ms{filler}[/dim]")


def show_end(record: dict[str, Any]) -> None:
    """The figures of the call."""
    _console.print(
        f"ended by {record['ended_by']} after {record['seconds']:g} s; "
        f"answer to first word {_ms(record['answer_to_first_word_ms'])}, "
        f"longest dead air {_ms(record['dead_air_longest_ms'])}"
    )


def _ms(value: int | None) -> str:
    return "-" if value is None else f"{value} ms"
