"""What a person sees of a scenario: every turn as it happens, then what it left."""

from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from bootstrap.commands.output import plain
from bootstrap.scenario.script import Scenario

_console = Console(soft_wrap=True, highlight=False)


def show_title(script: Scenario, channel: str | None) -> None:
    """The name of the scenario and its channel."""
    _console.rule(f"[bold]{script.name}[/bold]  {channel or script.channel or 'chat'}", align="left")


def show_turn(turn: dict[str, Any]) -> None:
    """One exchange, with what was understood and how long it took."""
    if turn.get("spoken"):
        _console.print(f"[yellow]  {turn['spoken']}[/yellow]  [dim]heard: {turn['said'] or '-'}[/dim]")
    elif turn["said"]:
        _console.print(f"[yellow]  {turn['said']}[/yellow]")
    if turn["what"] == "hang_up":
        _console.print("[yellow]  (hangs up)[/yellow]")
    screen = turn["screen"]
    heard = [turn["intent"], screen["tier"] and f"{screen['tier']} {screen['kind']}", screen["person"] and "person"]
    about = ", ".join(str(one) for one in (*heard, turn["response"]) if one)
    took = f" {turn['milliseconds']:.0f} ms" if turn["milliseconds"] else ""
    if turn["reply"]:
        _console.print(f"[cyan]> {turn['reply']}[/cyan]  [dim]{about}{took}[/dim]", markup=True)
    elif not turn.get("heard") and turn["what"] not in ("hang_up", "opening"):
        _console.print(f"[dim]> (silent) {turn['path']} {about}{took}[/dim]")
    if turn.get("heard"):
        after = turn["end_of_speech_to_reply_ms"]
        waited = f" {after} ms after the caller" if after is not None else ""
        _console.print(f"[dim]  ({turn['what']}) on the telephone: {turn['heard']}{waited}[/dim]")


def show_end(script: Scenario, result: dict[str, Any], wrong: list[str]) -> None:
    """The end state, and what is not as expected."""
    for name, rows in result["end"].items():
        if isinstance(rows, list) and rows and isinstance(rows[0], dict):
            _console.print(_records(name, rows))
    _console.print(f"outcome: {result['end']['outcome']}")
    if wrong:
        _console.print(Panel("\n".join(wrong), title=f"{script.name}: not as expected", border_style="red"))
    else:
        _console.print(f"[green]{script.name}: as expected[/green]")


def _records(name: str, rows: list[dict[str, Any]]) -> Table:
    columns = [key for key in rows[0] if any(row[key] not in (None, "", []) for row in rows)]
    table = Table(*columns, title=name, title_justify="left")
    for row in rows:
        table.add_row(*(_cell(row[key]) for key in columns))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(f"{one['rung']} {one['who']} ({one['state']})" for one in value)
    return "" if value is None else str(plain(value))
