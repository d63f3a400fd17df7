"""A question in, what the documents say out, each word with its section; nothing is filled in from elsewhere."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.policy.cards import Card
from knowledge.policy.choosing import Found, choose, speaks, surely
from knowledge.policy.composing import MONEY, Composer
from knowledge.policy.index import WORDING, Entry, Index
from knowledge.policy.loading import Library
from knowledge.policy.questions import Asked
from knowledge.policy.result import Answer
from knowledge.policy.shapes import Aspect
from knowledge.policy.where import named
from knowledge.policy.wording import Wording
from knowledge.screening import ScreenHit, screen

AREA, SQUARE = "area", "平方"
"""The topic of sizes, and what their unit holds."""


@dataclass(frozen=True)
class Resolved:
    """The place a question is about: one of ours, none of ours (`elsewhere`), or still to be asked (`between`)."""

    place: str | None = None
    elsewhere: str | None = None
    between: tuple[str, ...] = ()


def resolve(question: str, known: str | None, covered: Collection[str]) -> Resolved:
    """Whose documents to look in. `known` is where the caller is, `covered` are the places with a document.

    What the words name goes before what is known; two places, or a region without its place, have to be asked.
    """
    words = named(question)
    if len(words.ours) > 1:
        return Resolved(between=words.ours)
    if words.ours:
        return Resolved(words.ours[0])
    if words.elsewhere:
        return Resolved(elsewhere=words.elsewhere[0])
    if known is not None and known not in covered:
        return Resolved(elsewhere=known)
    if words.regions and not any(known in region for region in words.regions):
        return Resolved()
    return Resolved(known)


class Answers:
    """Answers from one library as it stands; made anew, from those `before`, when it changes."""

    def __init__(self, library: Library, before: "Answers | None" = None) -> None:
        self.version = library.version
        self.index: Index = Index(library, before.index if before else None)
        self.wording: Wording = library.one(WORDING)
        self._covered = frozenset(document.place for document in library.documents().values())
        self._compose = Composer(library)

    def answer(self, question: str, place: str | None, today: date, *, settled: bool = False) -> Answer:
        """Answer one question for a caller of `place` (None: not known). `today` decides what has passed.

        `settled`: the caller was asked for the place of this question, whatever places it names.
        """
        return self._answer(question, place, today, settled).of(self.version)

    def of_card(self, card_id: str, question: str, today: date) -> Answer | None:
        """Answer from one card: the caller chose it, or asks on about it. None if it is no more."""
        entry = next((one for one in self.index.entries if one.card_id == card_id), None)
        asked = self.index.reader.read(question)
        return self._of_entries((entry,), asked, today).of(self.version) if entry else None

    def pick(self, text: str, card_ids: Sequence[str]) -> str | None:
        """Which of these cards the caller means; None where the words fit none, or two alike."""
        hits = [one for one in self.index.search(self.index.reader.read(text), None) if one.entry.card_id in card_ids]
        clear = hits and (len(hits) == 1 or hits[1].score < hits[0].score)
        return hits[0].entry.card_id if clear else None

    def asks_on(self, question: str) -> bool:
        """Whether it names nothing itself (那多少钱呢), so that it is about what was told last."""
        return bool(self.index.reader.read(question).aspects) and not self.names_something(question)

    def knows(self, text: str) -> bool:
        """Whether the words are about a matter of the documents, beyond doubt."""
        asked = self.index.reader.read(text)
        return not self._outside(asked) and surely(asked, self.index)

    def _may_be_somewhere(self, asked: Asked, danger: ScreenHit) -> bool:
        """Whether any document may speak of it: a place that is asked for in vain does less harm than a guess.

        What no document has is the same everywhere; danger is more urgent than a place, unless a card is meant.
        """
        if asked.topics & self.index.holding(None).topics or speaks(asked, self.index):
            return True
        named = bool(asked.aspects) or any(len(part) > 1 for part in asked.content)
        return named and not asked.topics and danger.tier != "certain"

    def _outside(self, asked: Asked) -> bool:
        known, ours = self.index.reader.topics.known, self.index.holding(None).topics
        outside = {key for key in asked.topics if known[key].outside}
        return bool(outside) and not (asked.topics - outside) & ours

    def names_something(self, question: str) -> bool:
        """Whether it speaks of any matter; a stray character is none."""
        asked = self.index.reader.read(question)
        return bool(asked.topics) or any(len(part) > 1 for part in asked.content)

    def _answer(self, question: str, place: str | None, today: date, settled: bool) -> Answer:
        danger = screen(question)
        if danger.wants_person:
            return self._compose.handoff(place)
        asked = self.index.reader.read(question)
        resolved = resolve("" if settled else question, place, self._covered)
        if self._outside(asked):
            return self._compose.not_found(resolved.place or place, None, asked)
        if resolved.elsewhere is not None:
            return self._compose.not_covered(resolved.elsewhere)
        found = choose(asked, resolved.place, self.index)
        if resolved.place is None and (resolved.between or self._may_be_somewhere(asked, danger)):
            return self._compose.which_place(resolved.between)
        if danger.tier == "certain" and not found.entries:
            return self._compose.handoff(place)
        return self._found(found, asked, resolved.place, today)

    def _found(self, found: Found, asked: Asked, place: str | None, today: date) -> Answer:
        if not found.entries:
            thing = found.missing.label if found.missing and found.missing.named else None
            return self._compose.not_found(place, thing, asked)
        return self._of_entries(found.entries, asked, today)

    def _of_entries(self, entries: tuple[Entry, ...], asked: Asked, today: date) -> Answer:
        able = tuple(entry for entry in entries if not self._firmly_lacking(asked, entry))
        if not able:
            return self._compose.not_given(entries[0], self._firmly_lacking(asked, entries[0]), today)
        if len(able) > 1:
            return self._compose.choice(able)
        if able[0].card.private:
            return self._compose.private(able[0])
        wants_money = bool(MONEY & set(self._aspects(asked, able[0])))
        return self._compose.told(able[0], self._lacking(asked, able[0]), wants_money, today)

    def _firmly_lacking(self, asked: Asked, entry: Entry) -> list[Aspect]:
        """What is asked for, not in the card, and not made up for by anything else."""
        firm = ("what", *self.wording.firm)
        return [one for one in self._lacking(asked, entry) if one in firm]

    def _aspects(self, asked: Asked, entry: Entry) -> list[Aspect]:
        """What is wanted of this card: 多少钱 asks for a price, unless it is about money that is given."""
        words = self.wording
        granted = any(word in asked.heard or word in entry.card.name for word in words.grant_words)
        granted = granted and not any(word in asked.heard for word in words.fee_words)
        wanted: list[Aspect] = ["amount" if one == "price" and granted else one for one in asked.aspects]
        if not wanted and not self._has_number(entry.card, asked.heard):
            return ["what"]
        return list(dict.fromkeys(wanted))

    def _has_number(self, card: Card, heard: str) -> bool:
        """Whether it has a number such as is asked for, if any is: 几个人 wants people, not yuan."""
        if not any(one.search(heard) for one in self.wording.number_patterns):
            return True
        for thing, units in self.wording.counted.items():
            if re.search(f"(多少|几多|好多|几)个?{thing}", heard):
                return any(figure.unit.startswith(units) for figure in card.figures)
        return bool(card.figures)

    def _lacking(self, asked: Asked, entry: Entry) -> list[Aspect]:
        """What is not in the card; `what` is wanted of it only where a number is, and it has none."""
        wanted = self._aspects(asked, entry)
        return [one for one in wanted if one == "what" or not _gives(entry.card, one, asked)]


def _gives(card: Card, aspect: Aspect, asked: Asked) -> bool:
    """Whether the card answers it; a size is an amount as well, and stands among its figures."""
    size = aspect == "amount" and AREA in asked.topics
    return any(SQUARE in figure.unit for figure in card.figures) if size else aspect in card.gives
