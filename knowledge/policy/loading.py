"""The policy files of a folder, kept in step with it: a changed file counts at once, a bad one never.

History is git's: a file's earlier contents are its earlier commits, and a rule that has ended stays in its
file, closed by date. `version` names the contents in force, so that a stored answer can be traced.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from knowledge.policy.benefits import Benefit, Fact
from knowledge.policy.cards import Card
from knowledge.policy.documents import Document
from knowledge.policy.files import BadFile, Lines, Problem, read
from knowledge.policy.groups import Group
from knowledge.policy.inventory import Inventory, LeftOut
from knowledge.policy.localities import Division, Divisions, Facility, Locality
from knowledge.policy.questions import Questions
from knowledge.policy.verdict_wording import VerdictWording
from knowledge.policy.wording import Wording
from knowledge.vocabulary import ServiceWord

FOLDER = Path(__file__).parents[1]

KINDS: Mapping[str, Any] = {
    "documents/*.yaml": Document,
    "policies/*/*.yaml": Card,
    "policies/inventory.yaml": Inventory,
    "policies/not-for-callers.yaml": LeftOut,
    "policies/wording.yaml": Wording,
    "policies/questions.yaml": Questions,
    "benefits/facts.yaml": dict[str, Fact],
    "benefits/wording.yaml": VerdictWording,
    "benefits/*/*.yaml": Benefit,
    "groups/*/*.yaml": Group,
    "divisions/*.yaml": Divisions,
    "places/*.yaml": Locality,
    "services.yaml": dict[str, ServiceWord],
}

Stamp = tuple[int, int]


@dataclass
class Loaded:
    """One file as it is in force. `stamp` is that of the last try, good or bad."""

    value: Any
    lines: Lines | None
    stamp: Stamp
    digest: str
    problems: list[Problem] = field(default_factory=list)


class Library:
    """Every file by its path under the folder, such as policies/jinshi/home_beds.yaml."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.files: dict[str, Loaded] = {}
        self.version = ""
        self.refresh()

    def refresh(self) -> bool:
        """Read what has changed since; True if anything in force changed. A bad file changes nothing."""
        found = {
            path.relative_to(self.folder).as_posix(): (path, shape)
            for pattern, shape in KINDS.items()
            for path in sorted(self.folder.glob(pattern))
        }
        for name in self.files.keys() - found.keys():
            del self.files[name]
        for name, (path, shape) in found.items():
            self._read(name, path, shape)
        return self._renew()

    def _read(self, name: str, path: Path, shape: Any) -> None:
        known, stamp = self.files.get(name), _stamp(path)
        if known and known.stamp == stamp:
            return
        try:
            value, lines = read(path, shape, f"knowledge/{name}")
        except BadFile as error:
            old = known or Loaded(None, None, stamp, "")
            self.files[name] = Loaded(old.value, old.lines, stamp, old.digest, error.problems)
        else:
            self.files[name] = Loaded(value, lines, stamp, sha256(path.read_bytes()).hexdigest())

    def _renew(self) -> bool:
        parts = sorted(f"{name} {loaded.digest}" for name, loaded in self.files.items() if loaded.digest)
        version = sha256("\n".join(parts).encode()).hexdigest()[:12]
        changed, self.version = version != self.version, version
        return changed

    def problems(self) -> list[Problem]:
        """Why files were refused."""
        return [problem for loaded in self.files.values() for problem in loaded.problems]

    def of(self, shape: type[Any]) -> dict[str, Any]:
        """Everything in force of one shape, by file."""
        return {name: one.value for name, one in self.files.items() if isinstance(one.value, shape)}

    def line(self, name: str, *path: Any) -> int:
        """Line of a value in a file."""
        lines = self.files[name].lines
        return lines.of(path) if lines else 0

    def documents(self) -> dict[str, Document]:
        """By folder name, such as jinshi."""
        return {Path(name).stem: document for name, document in self.of(Document).items()}

    def cards(self) -> dict[str, Card]:
        """By id, such as jinshi/home_beds."""
        return _by_id(self.of(Card))

    def benefits(self) -> dict[str, Benefit]:
        """By id, such as jinshi/home_beds."""
        return _by_id(self.of(Benefit))

    def groups(self) -> dict[str, Group]:
        """By id, such as lasa/classes."""
        return _by_id(self.of(Group))

    def digest(self, name: str) -> str:
        """Twelve hex digits of the contents of a file that is in force."""
        return self.files[name].digest[:12]

    def divisions(self, place: str) -> tuple[Division, ...]:
        """Of one place, those of the kept list and those of the text; one that is in both has the names of both."""
        found: dict[str, Division] = {}
        for listed in (*self.of(Divisions).values(), *self.of(Locality).values()):
            for one in listed.divisions if listed.place == place else ():
                known = found.get(one.name)
                names = (*known.words, *one.words) if known else one.words
                found[one.name] = (known or one).model_copy(update={"words": tuple(dict.fromkeys(names))})
        return tuple(found.values())

    def facilities(self, place: str) -> tuple[Facility, ...]:
        """What the text of one place names."""
        return tuple(one for listed in self.of(Locality).values() if listed.place == place for one in listed.facilities)

    def one(self, name: str) -> Any:
        """The contents of a file that must be there. Raises BadFile."""
        loaded = self.files.get(name)
        if loaded is None or loaded.value is None:
            problems = loaded.problems if loaded else [Problem(f"knowledge/{name}", 0, "is missing")]
            raise BadFile(problems)
        return loaded.value

    def services(self) -> dict[str, ServiceWord]:
        """The catalogue, by key."""
        loaded = self.files.get("services.yaml")
        return (loaded.value if loaded else None) or {}

    def facts(self) -> dict[str, Fact]:
        """By name."""
        loaded = self.files.get("benefits/facts.yaml")
        return (loaded.value if loaded else None) or {}


def _by_id(files: dict[str, Any]) -> dict[str, Any]:
    return {name.partition("/")[2].removesuffix(".yaml"): value for name, value in files.items()}


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@cache
def library() -> Library:
    """The packaged library, read once; `refresh` it to see changes."""
    return Library()


LOOK_EVERY_SECONDS = 5.0
_looked_at = [monotonic()]


def current_library() -> Library:
    """The packaged library as its files are now; they are looked at every few seconds at most."""
    now = monotonic()
    if now - _looked_at[0] >= LOOK_EVERY_SECONDS:
        _looked_at[0] = now
        library().refresh()
    return library()
