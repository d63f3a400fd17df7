"""Puts an answer into words: `policies/wording.yaml` around what the cards say."""

import re
from collections.abc import Iterable
from datetime import date

from knowledge.policy.cards import Card
from knowledge.policy.documents import Document
from knowledge.policy.index import WORDING, Entry
from knowledge.policy.loading import Library
from knowledge.policy.questions import Asked
from knowledge.policy.result import Answer, Citation, Outcome
from knowledge.policy.shapes import Aspect, Statement
from knowledge.policy.wording import Wording

MONEY: frozenset[Aspect] = frozenset({"price", "amount"})
LONGEST_PORTION = 70
"""Characters that are read aloud before the caller is asked whether to go on."""

_SENTENCE = re.compile(r"[^。；]+[。]?")


class Composer:
    """Makes answers from the cards of one library on one day."""

    def __init__(self, library: Library) -> None:
        self._words: Wording = library.one(WORDING)
        self._documents: dict[str, Document] = {document.place: document for document in library.documents().values()}

    # --- without a card ---------------------------------------------------------------------------------

    def which_place(self, names: Iterable[str]) -> Answer:
        """Asks for the place; `names` are those that were named, if there were several."""
        listed = list(names)
        asks = self._words.ask_which_place.format(names=self._either(listed)) if listed else self._words.ask_place
        return Answer("ask_place", None, (asks,), "", asks)

    def not_covered(self, place: str) -> Answer:
        """The question is about a place without a document."""
        return self._plain("place_not_covered", None, self._words.place_not_covered.format(place=place))

    def not_found(self, place: str | None, thing: str | None, asked: Asked) -> Answer:
        """Nothing of it in the documents; `thing` is what was asked for, where it has a name."""
        words = self._words
        said = words.not_in_any
        if place is not None:
            missing = [aspect for aspect in asked.aspects if aspect in words.firm]
            about = "".join(asked.content)
            if thing:
                said = words.no_such_thing.format(place=place, thing=thing)
            elif missing and not about:
                said = words.place_does_not_say.format(place=place, missing=words.not_given[missing[0]])
            else:
                said = words.not_in_documents.format(place=place)
        return self._plain("not_in_documents", place, said)

    def handoff(self, place: str | None = None) -> Answer:
        """Only a person may speak of it."""
        return self._plain("handoff", place, self._words.handoff, offer="")

    def _plain(self, outcome: Outcome, place: str | None, said: str, offer: str | None = None) -> Answer:
        offered = self._words.offer_person if offer is None else offer
        return Answer(outcome, place, (said,), offered, f"{said}{offered}")

    # --- with cards -------------------------------------------------------------------------------------

    def choice(self, entries: tuple[Entry, ...]) -> Answer:
        """Names the cards; the caller chooses."""
        names = tuple(entry.card.name for entry in entries)
        said = self._words.choose.format(names=self._either(names))
        rests = self._citations(entries[0].place, (part for entry in entries for part in entry.card.spoken))
        ids = tuple(entry.card_id for entry in entries)
        return Answer("choose", entries[0].place, (said,), "", said, ids, names, rests)

    def private(self, entry: Entry) -> Answer:
        """A card about an illness: its section is cited, its words are for operators only."""
        plain = self.handoff(entry.place)
        rests = self._citations(entry.place, entry.card.written)
        whom = tuple(part.says for part in entry.card.ask_whom)
        return Answer(
            "handoff", entry.place, plain.sentences, "", plain.text, (entry.card_id,), (), rests, ask_whom=whom
        )

    def not_given(self, entry: Entry, missing: list[Aspect], today: date) -> Answer:
        """The document speaks of the matter and does not say what was asked."""
        words, card = self._words, entry.card
        said = [self.lacking(card.name, missing)]
        if card.ask_whom:
            said.append(words.ask_whom.format(whom=card.ask_whom[0].says))
        lines = [said[0], *self._open_and_whom(card), self._source(entry, card.spoken)]
        return Answer(
            "not_in_documents",
            entry.place,
            tuple(said),
            words.offer_person,
            "\n".join(lines),
            (entry.card_id,),
            (card.name,),
            self._citations(entry.place, card.spoken),
            self._warnings(entry, today),
            card.open,
            tuple(part.says for part in card.ask_whom),
        )

    def told(self, entry: Entry, missing: list[Aspect], wants_money: bool, today: date) -> Answer:
        """What the card says; `missing` are questions it leaves open."""
        card, document = entry.card, self._documents[entry.place]
        rests = (*card.spoken, *card.written, *card.who, *card.how)
        return Answer(
            "answered",
            entry.place,
            tuple(self._heard(card, missing, wants_money)),
            self._words.offer_register if card.service else self._words.offer_more,
            "\n".join(self._written(entry, missing, rests, today)),
            (entry.card_id,),
            (card.name,),
            self._citations(entry.place, rests),
            self._warnings(entry, today),
            card.open,
            tuple(part.says for part in card.ask_whom),
            details=tuple(self._details(card)),
            service=card.service,
            source=document.source_spoken,
        )

    def lacking(self, name: str, missing: list[Aspect]) -> str:
        """That the document does not say this of the matter."""
        return self._words.not_said_of.format(name=name, missing=self._words.not_given[missing[0]])

    def _heard(self, card: Card, missing: list[Aspect], wants_money: bool) -> list[str]:
        said = [part.says for part in card.spoken]
        whole = "".join(said)
        if wants_money and card.payee not in ("person", "none") and not _any(self._words.not_cash, whole):
            said.insert(0, self._words.not_for_persons)
        if missing and not self._says_it_is_open(card):
            kept = [one for one in said[1:] if self._must_be_said(one)]
            said = [said[0], *kept, self._words.not_given[missing[0]]]
        return said

    def _says_it_is_open(self, card: Card) -> bool:
        """Whether the spoken words themselves say that the document leaves something out."""
        return any(_any(self._words.open_words, part.says) for part in card.spoken)

    def _must_be_said(self, sentence: str) -> bool:
        """A sentence that keeps an answer true: the past, a pilot, money that is not for persons."""
        words = self._words
        markers = [word for listed in words.markers.values() for word in listed]
        return _any((*words.past, *words.not_cash, *markers), sentence)

    def _written(self, entry: Entry, missing: list[Aspect], rests: tuple[Statement, ...], today: date) -> Iterable[str]:
        words, card = self._words, entry.card
        yield card.name
        yield from (part.says for part in card.written)
        yield from (words.text_who.format(says=part.says) for part in card.who)
        yield from (words.text_how.format(says=part.says) for part in card.how)
        yield from (words.not_given[aspect] for aspect in missing)
        yield from self._open_and_whom(card)
        yield from (words.text_warning.format(warning=one) for one in self._warnings(entry, today))
        yield self._source(entry, rests)

    def _details(self, card: Card) -> Iterable[str]:
        """The written form as it is read aloud."""
        lines = [*(part.says for part in (*card.written, *card.who, *card.how)), *self._open_and_whom(card)]
        portion = ""
        for sentence in (one for line in lines for one in _SENTENCE.findall(line)):
            if portion and len(portion) + len(sentence) > LONGEST_PORTION:
                yield portion
                portion = ""
            portion += sentence if sentence.endswith("。") else f"{sentence}。"
        yield portion

    def _open_and_whom(self, card: Card) -> Iterable[str]:
        if card.open:
            yield self._words.text_open.format(open="；".join(card.open))
        if card.ask_whom:
            yield self._words.text_ask_whom.format(whom="、".join(part.says for part in card.ask_whom))

    def _source(self, entry: Entry, rests: Iterable[Statement]) -> str:
        signs = "、".join(dict.fromkeys(sign for part in rests for sign in part.at))
        return self._words.source.format(document=self._documents[entry.place].cited_as, sections=signs)

    def _warnings(self, entry: Entry, today: date) -> tuple[str, ...]:
        card, document = entry.card, self._documents[entry.place]
        target = card.target
        expired = [self._words.expired.format(date=_day(target.by))] if target and target.by < today else []
        money = any("元" in figure.unit for figure in card.figures)
        cash = [self._words.not_for_persons] if money and card.payee not in ("person", "none") else []
        return (*expired, *cash, *card.warnings, document.caution)

    def _either(self, names: Iterable[str]) -> str:
        listed = list(names)
        return self._words.or_.join(("、".join(listed[:-1]), listed[-1])) if len(listed) > 1 else "".join(listed)

    @staticmethod
    def _citations(place: str, parts: Iterable[Statement]) -> tuple[Citation, ...]:
        return tuple(Citation(place, sign) for sign in dict.fromkeys(sign for part in parts for sign in part.at))


def _any(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
