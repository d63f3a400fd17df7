"""The hotline's own wording: fixed sentences by key, from `wording.yaml` and the safety guidance."""

from functools import cache
from typing import Any

from knowledge.yaml_files import load


@cache
def _wording() -> dict[str, Any]:
    return dict(load("wording.yaml"))


def say(key: str, **facts: str) -> str:
    """The sentence `key` with its facts filled in; a missing fact or key is a programming error (KeyError)."""
    return str(_wording()[key]).format(**facts) if facts else str(_wording()[key])


def map_link(latitude: str, longitude: str) -> str:
    """Where a point lies on a map that everybody can open; degrees, WGS-84."""
    return say("map_link", latitude=latitude, longitude=longitude)


def words_for_keys(keys: str) -> str:
    """What a key press says; keys without a meaning of their own (a number typed in) stay as they are."""
    return str(_wording()["keys"].get(keys, keys))


def choice(name: str) -> tuple[str, str]:
    """Label and words of a fixed button."""
    entry = _wording()["choices"][name]
    return str(entry["label"]), str(entry["says"])
