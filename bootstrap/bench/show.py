"""The figures as tables."""

from typing import Any

from rich.console import Console
from rich.table import Table

from bootstrap.bench.figures import STAGES


def show(result: dict[str, Any]) -> None:
    """Print everything measured."""
    console, on = Console(soft_wrap=True, highlight=False), result["machine"]
    console.print(f"{on['cpu']}, {on['cores']} cores, load {on['load_before']} before, {on['at']}")
    console.print(_loads(result["sessions"]), _lengths(result["long_chat"]), _emergencies(result["emergency"]))


def show_calls(result: dict[str, Any], report: dict[str, Any], *, beside: bool) -> None:
    """Print everything measured with calls; on standard error when `beside` the JSON."""
    console, on, rung = Console(soft_wrap=True, highlight=False, stderr=beside), result["machine"], result["rung"]
    console.print(f"{on['cpu']}, {on['cores']} cores, load {on['load_before']} before, {on['at']}")
    console.print(f"[bold]{report['speech_model']}[/bold]")
    table = Table("", "p50 ms", "p95 ms", title=f"{report['concurrency']} callers at a time, {result['seconds']:g} s")
    for name in ("answer_to_first_word_ms", "end_of_turn_to_first_audio_ms"):
        table.add_row(name.removesuffix("_ms").replace("_", " "), *(str(report[name][p]) for p in ("p50", "p95")))
    console.print(table)
    console.print(
        f"The caller waits {result['end_of_turn_seconds']:g} s longer than the second row says: that pause ends a turn."
    )
    console.print(
        f"{rung.calls} calls, {rung.turns} turns, {rung.fillers} began with a filler, longest dead air "
        f"{rung.longest_dead_air:.1f} s, dropped {report['dropped']} {rung.dropped or ''}"
    )
    used = Table("process", "CPU % of one core", "RSS MB", title="the service")
    for name, one in result["processes"].items():
        used.add_row(name, str(one["cpu_percent"]), str(one["rss_mb"]))
    used.add_row("all", str(report["cpu_percent"]), str(report["rss_mb"]))
    console.print(used)


def show_parsing(result: dict[str, Any]) -> None:
    """Print what was measured of taking sentences apart."""
    console, on = Console(soft_wrap=True, highlight=False), result["machine"]
    console.print(f"{on['cpu']}, {on['cores']} cores, load {on['load_before']} before, {on['at']}")
    table = Table("clients", "a second", "p50 ms", "p95 ms", title=f"{result['sentences']} sentences")
    for run in result["runs"]:
        table.add_row(*(str(run[name]) for name in ("clients", "per_second", "p50", "p95")))
    console.print(table)
    console.print(f"Rasa: {result['rss_mb']} MB resident")


def show_console(result: dict[str, Any]) -> None:
    """Print what was measured with the console."""
    console, on, took = Console(soft_wrap=True, highlight=False), result["machine"], result["event_to_screen_ms"]
    console.print(f"{on['cpu']}, {on['cores']} cores, load {on['load_before']} before, {on['at']}")
    rate, events = result["events_per_second"], result["events"]
    console.print(f"{result['operators']} operators, {events} events, {rate:g} a second")
    console.print(f"event to screen: p50 {took['p50']} ms, p95 {took['p95']} ms, longest {took['max']} ms")
    console.print(
        f"not seen: {result['not_seen']}; the console used {result['console']['cpu_percent']} % of one core, "
        f"{result['console']['rss_mb']} MB"
    )


def _loads(rows: list[dict[str, Any]]) -> Table:
    table = Table("callers", "turns", "turns/s", *(f"{s} p50 / p95" for s in STAGES), "fallback", title="ms by stage")
    for row in rows:
        stages = [f"{row['stages'][s]['p50']} / {row['stages'][s]['p95']}" for s in STAGES]
        plain = (row["sessions"], row["turns"], row["turns_per_second"])
        table.add_row(*map(str, plain), *stages, str(row["fallback_replies"]))
    return table


def _lengths(rows: list[dict[str, Any]]) -> Table:
    table = Table("turns of one chat", "p50 ms", title="as a chat grows")
    for row in rows:
        table.add_row(row["turns"], str(row["p50"]))
    return table


def _emergencies(rows: dict[str, Any]) -> Table:
    table = Table("Rasa", "p50 ms", "p95 ms", title=f"an emergency, to its first answer ({rows['count']} each)")
    for name in ("rasa_up", "rasa_away"):
        table.add_row(name.removeprefix("rasa_"), str(rows[name]["p50"]), str(rows[name]["p95"]))
    return table
