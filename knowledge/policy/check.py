"""Every fault that one file cannot show by itself: dead references, unknown sections, what must not be spoken."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from math import prod
from pathlib import PurePath
from typing import Any

from knowledge.policy.benefits import Benefit
from knowledge.policy.cards import Card
from knowledge.policy.coverage import coverage
from knowledge.policy.documents import Document
from knowledge.policy.files import BadFile, Problem
from knowledge.policy.groups import Group
from knowledge.policy.loading import Library
from knowledge.policy.localities import Divisions, Locality
from knowledge.policy.rules import open_facts
from knowledge.policy.wording import Wording
from knowledge.vocabulary import places, services
from knowledge.yaml_files import load

LONGEST_SPOKEN = 30
"""Characters of a spoken sentence, marks counted."""

_UNSPEAKABLE = re.compile(r"[0-9A-Za-z()（）《》“”\"「」〔〕/%*~—–…]")
_ONE_SENTENCE = re.compile(r"[^。？！]+[。？！]\Z")


def check(library: Library, today: date) -> list[Problem]:
    """Every problem of the files in force and of those that were refused, by file and line."""
    found = [*library.problems(), *_documents(library), *_cards(library, today), *_benefits(library)]
    found += [*_groups(library), *_askable(library), *_places(library), *_services(library)]
    try:
        found += coverage(library).problems
    except BadFile as error:
        found += error.problems
    return sorted(set(found), key=lambda one: (one.file, one.line, one.reason))


def _problem(library: Library, name: str, reason: str, *path: Any) -> Problem:
    return Problem(f"knowledge/{name}", library.line(name, *path), reason)


def _document(library: Library, name: str) -> Document | None:
    return library.documents().get(PurePath(name).parts[1].removesuffix(".yaml"))


def _documents(library: Library) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, document in library.of(Document).items():
        if document.place not in places():
            yield _problem(library, name, f"{document.place} is no place of places.yaml", "place")
        if document.place in seen:
            yield _problem(library, name, f"{document.place} has a document already: {seen[document.place]}", "place")
        seen[document.place] = name
        for part in (document.scope, *document.known_faults):
            for sign in set(part.at) - set(document.outline):
                yield _problem(library, name, f"the document has no section {sign}", "known_faults")


def _sections(library: Library, name: str, value: Any) -> Iterator[Problem]:
    document = _document(library, name)
    if document is None:
        yield _problem(library, name, "no source: documents/ has no file of this folder's name")
        return
    for path, sign in _signs(value, ()):
        if sign not in document.outline:
            yield _problem(library, name, f"the document has no section {sign}", *path)


def _signs(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every section named in a shape, with the path to it in the file."""
    if isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _signs(part, (*path, index))
    for field, info in getattr(type(value), "model_fields", {}).items():
        inner = getattr(value, field)
        if field == "at":
            yield from (((*path, "at"), sign) for sign in inner or ())
        else:
            yield from _signs(inner, (*path, info.alias or field))


def _cards(library: Library, today: date) -> Iterator[Problem]:
    wording: Wording = library.one("policies/wording.yaml")
    names: dict[tuple[str, str], str] = {}
    said: dict[str, str] = {}
    for name, card in library.of(Card).items():
        yield from _sections(library, name, card)
        yield from _references(library, name, card)
        yield from _spoken(library, name, card, wording, today)
        key = (PurePath(name).parts[1], card.name)
        if key in names:
            yield _problem(library, name, f"{names[key]} has the name {card.name} too", "name")
        names.setdefault(key, name)
        sentences = "".join(part.says for part in card.spoken)
        if sentences in said:
            yield _problem(library, name, f"{said[sentences]} says the very same", "spoken")
        said.setdefault(sentences, name)


def _references(library: Library, name: str, card: Card) -> Iterator[Problem]:
    if card.benefit is not None and f"{PurePath(name).parts[1]}/{card.benefit}" not in library.benefits():
        yield _problem(library, name, f"there is no benefit {card.benefit} of this place", "benefit")
    if card.service is not None and card.service not in services():
        yield _problem(library, name, f"services.yaml has no service {card.service}", "service")


def _spoken(library: Library, name: str, card: Card, wording: Wording, today: date) -> Iterator[Problem]:
    for index, part in enumerate(card.spoken):
        for reason in _sentence_faults(part.says, wording):
            yield _problem(library, name, reason, "spoken", index)
    whole = "".join(part.says for part in card.spoken)
    for words, why in _must_say(card, wording, today):
        if not any(word in whole for word in words):
            yield _problem(library, name, f"{why}: spoken needs one of {'、'.join(words)}", "spoken")


def _sentence_faults(sentence: str, wording: Wording) -> Iterator[str]:
    if len(sentence) > LONGEST_SPOKEN:
        yield f"spoken sentence of {len(sentence)} characters, at most {LONGEST_SPOKEN}: {sentence}"
    if not _ONE_SENTENCE.match(sentence):
        yield f"one sentence that ends with 。 or ？: {sentence}"
    if match := _UNSPEAKABLE.search(sentence):
        yield f"{match[0]} cannot be spoken; write it out: {sentence}"
    yield from (f"never say {word}: {sentence}" for word in wording.never if word in sentence)


def _must_say(card: Card, wording: Wording, today: date) -> Iterator[tuple[tuple[str, ...], str]]:
    if words := wording.markers.get(card.commitment):
        yield words, f"commitment {card.commitment}"
    if card.target and card.target.by < today:
        yield wording.past, f"the target date {card.target.by} has passed"
    if card.payee not in ("person", "none") and any("元" in figure.unit for figure in card.figures):
        yield wording.not_cash, f"money for payee {card.payee}"


def _benefits(library: Library) -> Iterator[Problem]:
    facts = library.facts()
    for name, benefit in library.of(Benefit).items():
        yield from _sections(library, name, benefit)
        for leaf in (leaf for version in benefit.versions for leaf in version.when.leaves()):
            fact = facts.get(leaf.fact or "")
            if fact is None:
                yield _problem(library, name, f"benefits/facts.yaml has no fact {leaf.fact}", "versions")
                continue
            choices = {*leaf.one_of, *([leaf.is_] if isinstance(leaf.is_, str) else [])}
            for choice in choices - set(fact.choices):
                yield _problem(library, name, f"{leaf.fact} has no choice {choice}", "versions")
            if (fact.kind == "number") != (leaf.at_least is not None or leaf.below is not None):
                yield _problem(library, name, f"{leaf.fact} is a {fact.kind}: another test is needed", "versions")


MOST_SITUATIONS = 5000
"""Ways in which the facts of one rule may stand to each other, that are gone through to find the next question."""


def _groups(library: Library) -> Iterator[Problem]:
    for name, group in library.of(Group).items():
        yield from _sections(library, name, group)
        folder = PurePath(name).parts[1]
        for index, member in enumerate(group.members):
            if f"{folder}/{member}" not in library.benefits():
                yield _problem(library, name, f"there is no benefit {member} of this place", "members", index)


def _askable(library: Library) -> Iterator[Problem]:
    """Rules whose next question would take too long to find."""
    facts = library.facts()
    for name, benefit in library.of(Benefit).items():
        for version in benefit.versions:
            if not all(leaf.fact in facts for leaf in version.when.leaves()):
                continue  # reported already
            situations = prod(len(values) for values in open_facts([version.when], {}, facts).values())
            if situations > MOST_SITUATIONS:
                yield _problem(library, name, f"asks about too much at once: {situations} situations", "versions")


def _places(library: Library) -> Iterator[Problem]:
    for name, listed in {**library.of(Divisions), **library.of(Locality)}.items():
        yield from _divisions(library, name, listed)
    for name, locality in library.of(Locality).items():
        yield from _sections(library, name, locality)
        inside = {division.name for division in library.divisions(locality.place)}
        for index, facility in enumerate(locality.facilities):
            if facility.in_division not in {*inside, None}:
                reason = f"{locality.place} has no division {facility.in_division}"
                yield _problem(library, name, reason, "facilities", index, "in_division")
    yield from _names_of_two(library)


def _divisions(library: Library, name: str, listed: Divisions | Locality) -> Iterator[Problem]:
    document = _document(library, name)
    if document is not None and document.place != listed.place:
        yield _problem(library, name, f"the document of this name is that of {document.place}", "place")
    counted = Counter(part.name for part in (*listed.divisions, *getattr(listed, "facilities", ())))
    yield from (_problem(library, name, f"{one} stands twice") for one, times in counted.items() if times > 1)
    inside = {division.name for division in library.divisions(listed.place)}
    written = load("places.yaml").get(listed.place, {}).get("localities", ())
    for index, division in enumerate(listed.divisions):
        if division.within not in {*inside, None}:
            yield _problem(library, name, f"{listed.place} has no {division.within}", "divisions", index, "within")
        for word in {*division.sure} & {*written}:
            yield _problem(library, name, f"{word} stands in places.yaml too", "divisions", index, "sure")


def _names_of_two(library: Library) -> Iterator[Problem]:
    """A name can't tell the place if two places are sure of it."""
    of_place: dict[str, str] = {}
    for name, listed in {**library.of(Divisions), **library.of(Locality)}.items():
        for index, division in enumerate(listed.divisions):
            for word in division.sure:
                if of_place.setdefault(word, listed.place) != listed.place:
                    reason = f"{of_place[word]} is sure of {word} too"
                    yield _problem(library, name, reason, "divisions", index, "sure")


def _services(library: Library) -> Iterator[Problem]:
    """Which place names a service, and where: the place and its sections have to be there."""
    name = "services.yaml"
    outlines = {document.place: document.outline for document in library.documents().values()}
    for key, service in library.services().items():
        for place, terms in service.named.items():
            if place not in outlines:
                yield _problem(library, name, f"{place} has no document", key, "named")
                continue
            for term, sections in terms.items():
                for sign in set(sections) - set(outlines[place]):
                    yield _problem(library, name, f"{place} has no section {sign}", key, "named", place, term)
