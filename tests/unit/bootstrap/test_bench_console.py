"""The measurement of the console, small: every event comes to every screen."""

from pathlib import Path

from bootstrap.bench.console import measure_console


async def test_every_event_is_seen_on_every_screen(tmp_path: Path) -> None:
    result = await measure_console(operators=3, events_per_second=4, seconds=1, folder=tmp_path / "bench")
    assert (result["events"], result["not_seen"]) == (4, 0)
    assert 0 < result["event_to_screen_ms"]["p50"] <= result["event_to_screen_ms"]["max"]
