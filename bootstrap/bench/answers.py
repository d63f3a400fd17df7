"""How fast policy answers are, at any number of cards: those of the library, copied under made-up places."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import quantiles
from time import perf_counter, process_time

from knowledge.policy.answers import Answers
from knowledge.policy.cards import Card
from knowledge.policy.documents import Document
from knowledge.policy.loading import Library, Loaded


@dataclass(frozen=True)
class Measured:
    """Milliseconds, in this process: `build` is the index made from nothing, `rebuild` after a change to one card,
    `answer` one question.

    `cpu` is processor time, which other work on the machine does not lengthen.
    """

    cards: int
    questions: int
    build_cpu_p50: float
    build_p50: float
    rebuild_cpu_p50: float
    rebuild_p50: float
    rebuild_max: float
    answer_cpu_p50: float
    answer_cpu_p95: float
    answer_p50: float
    answer_p95: float
    answer_max: float


@dataclass
class Times:
    """Milliseconds of the same work, done again and again."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, work: Callable[[], object]) -> None:
        """Do it once more."""
        began, spent = perf_counter(), process_time()
        work()
        self.wall.append((perf_counter() - began) * 1000)
        self.cpu.append((process_time() - spent) * 1000)


def measure_answers(cards: int, rebuilds: int, today: date) -> Measured:
    """Build the index so often, then ask each card's own words in its place and in none."""
    library = Library()
    _fill(library, cards)
    built, rebuilt, took = Times(), Times(), Times()
    for _ in range(rebuilds):
        built.add(lambda: Answers(library))
    answers = Answers(library)
    for changed in list(library.cards())[:rebuilds]:
        _change(library, changed)
        rebuilt.add(lambda: Answers(library, answers))
    for question, place in _questions(library):
        took.add(lambda question=question, place=place: answers.answer(question, place, today))
    return Measured(
        len(library.cards()),
        len(took.wall),
        _share(built.cpu, 50),
        _share(built.wall, 50),
        _share(rebuilt.cpu, 50),
        _share(rebuilt.wall, 50),
        round(max(rebuilt.wall), 1),
        _share(took.cpu, 50),
        _share(took.cpu, 95),
        _share(took.wall, 50),
        _share(took.wall, 95),
        round(max(took.wall), 1),
    )


def _fill(library: Library, cards: int) -> None:
    """Copies of whole places, each under a name of its own, until there are so many cards."""
    own = dict(library.files)
    copy = 0
    while len(library.cards()) < cards:
        copy += 1
        for name, loaded in own.items():
            if isinstance(loaded.value, Card | Document) and len(library.cards()) < cards:
                kind, _, rest = name.partition("/")
                library.files[f"{kind}/{copy}_{rest}"] = _copied(loaded, copy)


def _copied(loaded: Loaded, copy: int) -> Loaded:
    place = {"place": f"{loaded.value.place}{copy}"} if isinstance(loaded.value, Document) else {}
    return replace(loaded, value=loaded.value.model_copy(update=place))


def _change(library: Library, card_id: str) -> None:
    """As if an officer had written the card's file anew."""
    file = f"policies/{card_id}.yaml"
    library.files[file] = replace(library.files[file], value=library.files[file].value.model_copy())


def _questions(library: Library) -> Iterator[tuple[str, str | None]]:
    """Two for each card: in its place, and without a place, where all cards are searched."""
    places = {folder: document.place for folder, document in library.documents().items()}
    for card_id, card in library.cards().items():
        yield f"请问我妈想问一下{card.words[0]}的事怎么申请要多少钱", places[card_id.partition("/")[0]]
        yield f"{card.words[-1]}有没有人管", None


def _share(took: list[float], percent: int) -> float:
    return round(quantiles(took, n=100, method="inclusive")[percent - 1], 1) if len(took) > 1 else round(took[0], 1)
