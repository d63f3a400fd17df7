"""The chat door's own sentences, from `wording.yaml`."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.phrasebook import phrasebook


@cache
def _sentences() -> dict[str, Any]:
    text = Path(__file__).with_name("wording.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def say(key: str, **facts: str) -> str:
    """The sentence `key` (dotted for a nested one) with its facts; an unknown key or fact is a KeyError."""
    found: Any = _sentences()
    for part in key.split("."):
        found = found[part]
    return str(found).format(**facts) if facts else str(found)


def section(key: str) -> dict[str, str]:
    """A group of sentences, by name."""
    return {str(name): str(text) for name, text in _sentences()[key].items()}


def kind_label(kind: str) -> str:
    """What an operator reads for a kind of escalation."""
    kinds = section("kind")
    return phrasebook().labels.get(kind) or kinds.get(kind) or kinds["other_reason"]
