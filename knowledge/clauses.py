"""What stands around the words of an emergency: long ago, only if, on television, not at all, well again.

Every hit is judged in its own clause, so that one clause never silences another. In doubt a hit is lowered
from certain to possible rather than dropped: the caller is then asked one short question.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from knowledge.phrasebook import Phrase, suppressors
from language.sounds import fuzzy_syllables
from language.text import normalise

MASK = "■"
PAST_REACH = 10
STORY_REACH = 16
UNLESS_REACH = 6
UNLESS_REACH_POSSIBLE = 8
LEAD_IN = 8
"""Characters of a clause before (去年冬天，…) that may still govern the hit."""
AFTERTHOUGHT = 10
SENSITIVE = frozenset({"violence", "suicide"})
"""Kinds whose danger does not end with the act: a past or supposed one is still worth the question."""


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


def _found(words: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _any_of(words).finditer(text)]


def mask(words: tuple[str, ...], text: str) -> str:
    """Blank out every one of `words`, keeping the length."""
    return _any_of(words).sub(lambda match: MASK * len(match[0]), text)


@dataclass(frozen=True)
class Heard:
    """An utterance without marks; `starts` are the places where a clause begins, 0 first.

    `text` has its idioms blanked out, `sounds` are its fuzzy syllables; `letters` are the same with nothing hidden,
    `marked` still has its marks.
    """

    text: str
    starts: tuple[int, ...]
    sounds: tuple[str, ...]
    letters: str
    marked: str

    def clause(self, place: int) -> tuple[int, int]:
        """Start and end of the clause around `place`."""
        index = bisect_right(self.starts, place) - 1
        return self.starts[index], self._end(index)

    def _end(self, index: int) -> int:
        return self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)

    def before(self, start: int) -> tuple[int, int]:
        """The clause before the one that begins at `start`, empty if there is none."""
        return self.clause(start - 1) if start else (0, 0)


def heard(utterance: str) -> Heard:
    """Take the marks away, note where clauses begin, blank out idioms."""
    letters: list[str] = []
    starts = {0}
    marked = normalise(utterance).replace(" ", "")
    for char in marked:
        if char.isalnum():
            letters.append(char)
        else:
            starts.add(len(letters))
    plain_letters = "".join(letters)
    text = mask(suppressors().idioms, plain_letters)
    starts.update(start for start, _ in _found(suppressors().breaks, text))
    places = tuple(sorted(place for place in starts if place < len(text) or not place))
    heard_as = zip(text, fuzzy_syllables(plain_letters), strict=True)
    sounds = tuple(MASK if char == MASK else sound for char, sound in heard_as)
    return Heard(text, places, sounds, plain_letters, marked)


@dataclass(frozen=True)
class Place:
    """Where the parts of a phrase were found."""

    spans: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]

    def within(self, spans: Iterable[tuple[int, int]]) -> bool:
        """Whether one of its parts lies wholly in one of `spans`."""
        return any(a <= start and end <= b for a, b in spans for start, end in self.spans)


def _scope(said: Heard, place: Place) -> tuple[int, int]:
    """The clauses that the hit lies in, and a short lead-in before them (去年冬天，)."""
    start, end = said.clause(place.start)[0], said.clause(place.end - 1)[1]
    lead_start, lead_end = said.before(start)
    if 0 < lead_end - lead_start <= LEAD_IN and _governs(said.text[lead_start:lead_end]):
        start = lead_start
    return start, end


def _governs(clause: str) -> bool:
    words = suppressors()
    groups = (words.past, words.hypothetical, words.story, words.recent)
    return any(_any_of(group).search(clause) for group in groups)


def broken(said: Heard, place: Place, phrase: Phrase) -> bool:
    """True for one word with a mark inside (学急救，我...), unless it is a long one written just so."""
    if len(place.spans) > 1 or not any(place.start < start < place.end for start in said.starts):
        return False
    return place.end - place.start == 2 or said.text[place.start : place.end] not in phrase.parts[0]


@lru_cache(maxsize=64)
def plain(said: Heard) -> bool:
    """True for a plain statement: no question, nothing past, supposed, told, doubted or made good."""
    words, text = suppressors(), said.text
    groups = (words.past, words.recent, words.hypothetical, words.story, words.doubt, words.service)
    if any(_any_of(group).search(mask(words.past_not, text)) for group in groups):
        return False
    if _any_of(words.reassured).search(mask(words.reassured_not, text)):
        return False
    return not _any_of(words.questions).search(mask(words.questions_not, text))


def denied(said: Heard, place: Place) -> list[tuple[int, int]]:
    """The parts that are negated: 没摔, 胸口不疼. Only these: what stands beside them keeps its meaning."""
    words = suppressors()
    spans = []
    for start, end in place.spans:
        before = said.text[max(0, start - 4) : start]
        if before.endswith(words.negations) and not before.endswith(words.not_negations):
            spans.append((start, end))
    return spans


def excepted(said: Heard, place: Place, phrase: Phrase) -> bool:
    """True when a word of the phrase's `unless` stands beside it."""
    if not phrase.unless:
        return False
    # What acts at once is excepted by its own clause only; a mere question also by the words of the next.
    certain = phrase.tier == "certain"
    start, end = _scope(said, place) if certain else (0, len(said.text))
    reach = UNLESS_REACH if certain else UNLESS_REACH_POSSIBLE
    near = said.text[max(start, place.start - reach) : min(end, place.end + reach)]
    return any(word in near for word in phrase.unless)


def lowered(said: Heard, place: Place, kind: str) -> int:
    """By how many steps the hit counts for less: 1 turns certain into possible, 2 silences it."""
    start, end = _scope(said, place)
    text, hit = said.text[start:end], Place(tuple((a - start, b - start) for a, b in place.spans))
    around = text[: hit.start] + MASK * (hit.end - hit.start) + text[hit.end :]
    steps = (
        _past(mask(suppressors().past_not, text), hit, kind)
        + _supposed(text, hit, kind)
        + _told(text, hit)
        + said_in(suppressors().doubt, around)
        + said_in(suppressors().service, around)
    )
    return steps + _reassured(said, end, around)


def said_in(words: tuple[str, ...], text: str) -> bool:
    """Whether one of `words` stands in `text`."""
    return _any_of(words).search(text) is not None


def _last_before(words: tuple[str, ...], text: str, limit: int) -> tuple[int, int] | None:
    spans = [span for span in _found(words, text) if span[0] < limit]
    return spans[-1] if spans else None


def _reach(marker: tuple[int, int] | None, hit: Place, reach: int) -> int:
    """2 for a marker close before the hit or in it, 1 for one farther off, 0 for none."""
    if marker is None:
        return 0
    return 2 if hit.start - marker[1] <= reach else 1


def _past(text: str, hit: Place, kind: str) -> int:
    words = suppressors()
    past, recent = _last_before(words.past, text, hit.end), _last_before(words.recent, text, hit.end)
    if past is None and recent is None:
        return 0
    now = _true_present(text, hit, past)
    if now is not None and now >= max(span[0] for span in (past, recent) if span) - 6:
        return 0
    steps = max(_reach(past, hit, PAST_REACH), 1 if recent else 0)
    return min(steps, 1) if kind in SENSITIVE else steps


def _true_present(text: str, hit: Place, past: tuple[int, int] | None) -> int | None:
    """Where 现在, 刚才 ... stand at or before the end of the hit, unless right behind 去年 and the like."""
    spans = [span for span in _found(suppressors().present, text) if span[0] < hit.end]
    if past is not None:
        spans = [span for span in spans if not 0 <= span[0] - past[1] <= 1]
    return spans[-1][0] if spans else None


def _supposed(text: str, hit: Place, kind: str) -> int:
    words = suppressors()
    text = mask(words.hypothetical_not, text)
    behind = text[hit.end : hit.end + 8]
    if _any_of(words.hypothetical_after).search(behind):
        steps = 2
    else:
        steps = _reach(_last_before(words.hypothetical, text, hit.end), hit, PAST_REACH)
    return min(steps, 1) if kind in SENSITIVE else steps


def _told(text: str, hit: Place) -> int:
    words = suppressors()
    steps = _reach(_last_before(words.story, mask(words.story_not, text), hit.end), hit, STORY_REACH)
    return min(steps, 1) if said_in(words.sudden, text) else steps


def _reassured(said: Heard, end: int, text: str) -> int:
    """没事了 in the clause or in the short one behind it; not where 可是 follows."""
    words = suppressors()
    following = said.text[end : said.clause(end)[1]] if end < len(said.text) else ""
    nearby = text + (following if len(following) <= AFTERTHOUGHT else "")
    if _but(said, end, following):
        return 0
    return said_in(words.reassured, mask(words.reassured_not, nearby))


def _but(said: Heard, end: int, following: str) -> bool:
    rest = said.text[end : end + len(following) + 4]
    return any(word in rest for word in ("但是", "可是", "不过", "就是", "可叫", "可他", "可她"))


def first_words(groups: Iterable[tuple[str, ...]]) -> None:
    """Compile the patterns of `groups` ahead of the first call."""
    for words in groups:
        _any_of(words)
