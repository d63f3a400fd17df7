"""The phone line's fixed sentences: gathered from knowledge, the line's wording and the dialogue's responses."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from bootstrap.settings import Settings
from nlu.environment import NLU
from voice.tts.prompts import Prompt, Text, fixed_prompts


def all_prompts() -> list[Prompt]:
    """Every fixed sentence, the essential ones first."""
    return fixed_prompts(dialogue_texts())


def dialogue_texts() -> Iterator[Text]:
    """The responses of nlu/domain that the phone says: those without a channel, and the phone's own."""
    for path in sorted((NLU / "domain").glob("*.yml")):
        responses = yaml.safe_load(path.read_text(encoding="utf-8")).get("responses", {})
        for name, variants in responses.items():
            spoken = [one["text"] for one in variants if one.get("channel", "phone") == "phone"]
            for number, text in enumerate(spoken, start=1):
                yield f"dialogue.{name}" + (f".{number}" if len(spoken) > 1 else ""), text


def recordings_dir(settings: Settings) -> Path:
    """Where human recordings are kept, by sentence."""
    return settings.data_dir / "prompts"


def speech_dir(settings: Settings) -> Path:
    """Where the synthetic sounds of fixed sentences are kept; may be deleted at any time."""
    return settings.data_dir / "speech"
