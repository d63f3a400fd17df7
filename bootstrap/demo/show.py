"""What the demonstration prints: conversations as they happen, then tables of the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

console = Console(soft_wrap=True, highlight=False)


def title(text: str, about: str) -> None:
    """A scene begins."""
    console.print()
    console.rule(f"[bold]{text}", align="left")
    console.print(f"[dim]{about}")


def said(who: str, words: str) -> None:
    """A person speaks or presses."""
    console.print(f"[yellow]{who} ›[/yellow] {escape(words)}")


def answered(to: str, words: str, labels: list[str]) -> None:
    """Warmline writes to someone."""
    buttons = "".join(f" [reverse] {escape(label)} [/reverse]" for label in labels)
    body = escape(words).replace("\n", "\n    ")
    console.print(f"[cyan]暖线 → {to} ›[/cyan] {body}{buttons}")


def on_phone(to: str, words: str, about: str) -> None:
    """What somebody hears on the telephone, and what is known of it."""
    console.print(f"[cyan]☎ → {to} ›[/cyan] {escape(words or '（没有声音）')}")
    if about:
        console.print(f"    [dim]{escape(about)}")


def remark(text: str) -> None:
    """Something about what is seen."""
    console.print(f"[dim italic]{escape(text)}")


def records(state: Mapping[str, list[dict[str, Any]]], ladder: list[dict[str, Any]], of: str) -> None:
    """The tables, as they stand in the database; `of` names whose."""
    console.print()
    console.rule(f"[bold]In the database now: {of}", align="left")
    for name in ("visit_orders", "escalations"):
        console.print(*(_record(name, row) for row in state[name]))
    console.print(_ladder(ladder))
    for name in ("callbacks", "cases"):
        console.print(*(_record(name, row) for row in state[name]))


def timeline(rows: list[tuple[datetime, str]]) -> None:
    """One escalation from its beginning to its end, as the console shows it."""
    made = Table("when", "what", title="its timeline", title_justify="left", title_style="bold")
    for at, what in rows:
        made.add_row(f"{at:%H:%M:%S}", escape(what))
    console.print(made)


def verdict(checks: list[tuple[str, bool]]) -> None:
    """What was expected, and what was not so."""
    wrong = [name for name, is_so in checks if not is_so]
    for name, is_so in checks:
        console.print(f"[green]✓[/green] {name}" if is_so else f"[red]✗ {name}[/red]")
    if wrong:
        console.print(Panel("\n".join(wrong), title="not as expected", border_style="red"))
    else:
        console.print(f"[bold green]All {len(checks)} expectations met.")


def _record(name: str, row: Mapping[str, Any]) -> Table:
    """One row, a line for each column that holds something."""
    made = Table("column", "value", title=name, title_justify="left", title_style="bold", show_header=False)
    for key, value in row.items():
        if value not in (None, "", []):
            made.add_row(key, escape(_cell(value)))
    return made


def _ladder(rows: list[dict[str, Any]]) -> Table:
    made = Table(
        "rung", "who", "state", "when", "after", title="the escalation's ladder and claim", title_justify="left"
    )
    for row in rows:
        made.add_row(*(escape(_cell(row[key])) for key in ("rung", "who", "state", "when", "after")))
    return made


def _cell(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)
