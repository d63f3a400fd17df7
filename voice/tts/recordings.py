"""The essential sentences as sound, shipped in voice/recordings/: heard when nothing can be synthesised.

Made from the present wording by `warmline prompts record`; `manifest.yaml` says which words each file says, and in
which reading.
The files are G.711 A-law, 8000 Hz mono, without a header (`ffplay -f alaw -ar 8000 FILE`).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import yaml

from voice.audio import from_alaw, to_alaw
from voice.speakable import speakable
from voice.tts.cache import sentence_key
from voice.tts.pinyin import spelled
from voice.tts.prompts import Prompt

FOLDER = Path(__file__).parents[1] / "recordings"
MANIFEST = "manifest.yaml"


def shipped(folder: Path = FOLDER) -> dict[str, bytes]:
    """Every shipped sound, 8000 Hz s16 mono, by `sentence_key`. Raises OSError: the installation is broken."""
    listed = _manifest(folder)
    return {sentence_key(entry["text"]): _read(folder / f"{name}.al") for name, entry in listed.items()}


def outdated(prompts: Sequence[Prompt], folder: Path = FOLDER) -> list[str]:
    """Ids of essential prompts that are not there in their present words, and of files that nothing says any more."""
    listed = _manifest(folder)
    wanted = {prompt.prompt_id: prompt.text for prompt in prompts if prompt.essential}
    missing = [name for name, text in wanted.items() if not _holds(folder, name, text, listed)]
    files = {path.stem for path in folder.glob("*.al")}
    return sorted({*missing, *(files | set(listed)) - set(wanted)})


def record(prompts: Sequence[Prompt], say: Callable[[str], bytes], folder: Path = FOLDER) -> list[str]:
    """Make what is outdated anew with `say`, delete what is no longer said; the ids that were made."""
    listed = _manifest(folder)
    wanted = {prompt.prompt_id: prompt.text for prompt in prompts if prompt.essential}
    made = [name for name, text in wanted.items() if not _holds(folder, name, text, listed)]
    for name in made:
        sound = to_alaw(say(wanted[name]))
        (folder / f"{name}.al").write_bytes(sound)
        listed[name] = {
            "text": wanted[name],
            "says": _digest(spelled(speakable(wanted[name])).encode()),
            "sound": _digest(sound),
        }
    for path in folder.glob("*.al"):
        if path.stem not in wanted:
            path.unlink()
    _write_manifest(folder, {name: listed[name] for name in wanted})
    return made


def _holds(folder: Path, name: str, text: str, listed: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether the file is there, unchanged, and says these words as they are said now."""
    entry, path = listed.get(name), folder / f"{name}.al"
    if (
        entry is None
        or entry["text"] != text
        or entry["says"] != _digest(spelled(speakable(text)).encode())
        or not path.is_file()
    ):
        return False
    return _digest(path.read_bytes()) == entry["sound"]


def _digest(sound: bytes) -> str:
    return hashlib.sha256(sound).hexdigest()[:24]


def _read(path: Path) -> bytes:
    return from_alaw(path.read_bytes())


def _manifest(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / MANIFEST
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}


def _write_manifest(folder: Path, listed: Mapping[str, Mapping[str, str]]) -> None:
    head = "# Made by `warmline prompts record`; not to be edited.\n"
    text = yaml.safe_dump(dict(listed), allow_unicode=True, sort_keys=True, width=200)
    (folder / MANIFEST).write_text(head + text, encoding="utf-8")
