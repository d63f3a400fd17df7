"""Three-valued logic over named facts: whether a condition holds, which tests decided it, what is still worth asking.

True and False are certain; None is left open: by a fact that nobody has told, that the caller does not know, or
that only an official can judge.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from knowledge.policy.benefits import Condition, Fact

UNKNOWN = "不知道"
"""The value of a fact that the caller was asked for and does not know."""

Value = bool | str | float | tuple[float, float]
"""True or false, a choice, a number, a number that lies between two (八十多), or UNKNOWN."""
Known = Mapping[str, Value]
Outcome = bool | None


def holds(when: Condition, known: Known) -> Outcome:
    """Whether the condition holds for what is known."""
    if when.fact is not None:
        return _passes(when, known.get(when.fact))
    if when.not_ is not None:
        inner = holds(when.not_, known)
        return None if inner is None else not inner
    stops = not when.all
    outcomes = [holds(part, known) for part in when.all or when.any]
    if stops in outcomes:
        return stops
    return None if None in outcomes else not stops


def _passes(test: Condition, value: Value | None) -> Outcome:
    if value is None or value == UNKNOWN:
        return None
    if isinstance(value, tuple) or test.at_least is not None or test.below is not None:
        return _within(test, value)
    if test.one_of:
        return value in test.one_of
    return value == test.is_


def _within(test: Condition, value: Value) -> Outcome:
    low, high = value if isinstance(value, tuple) else (float(value), float(value))
    outcomes = []
    if test.at_least is not None:
        outcomes.append(True if low >= test.at_least else False if high < test.at_least else None)
    if test.below is not None:
        outcomes.append(True if high < test.below else False if low >= test.below else None)
    return False if False in outcomes else None if None in outcomes else True


@dataclass(frozen=True)
class Decided:
    """A test that had a part in the outcome. `against`: it stands under a `not`, so that passing it excludes.
    `asked`: the caller has said something about its fact.
    """

    test: Condition
    outcome: Outcome
    against: bool
    asked: bool


def deciding(when: Condition, known: Known, *, against: bool = False) -> Iterator[Decided]:
    """The tests that make the outcome what it is: what failed, else what holds and what is open."""
    outcome = holds(when, known)
    if when.fact is not None:
        yield Decided(when, outcome, against, when.fact in known)
    elif when.not_ is not None:
        yield from deciding(when.not_, known, against=not against)
    else:
        for part in when.all or when.any:
            if _had_a_part(holds(part, known), outcome, bool(when.all)):
                yield from deciding(part, known, against=against)


def _had_a_part(part: Outcome, whole: Outcome, all_needed: bool) -> bool:
    """In an open `all` what holds counts too: it was asked for and has been met."""
    return part is whole or (whole is None and all_needed)


def still_matter(
    decide: Callable[[Known], Hashable], known: Known, open_facts: Mapping[str, Sequence[Value]]
) -> tuple[str, ...]:
    """Of the open facts, each with the values worth telling apart, those that can still change what `decide` gives.

    The one that turns it most often comes first; equals keep their order.
    """
    names = tuple(open_facts)
    table = {
        values: decide({**known, **dict(zip(names, values, strict=True))}) for values in product(*open_facts.values())
    }
    turns = {name: _turns(table, index) for index, name in enumerate(names)}
    return tuple(sorted((name for name in names if turns[name]), key=lambda name: -turns[name]))


def _turns(table: Mapping[tuple[Value, ...], Hashable], index: int) -> float:
    """In which part of all other situations the answer to this one fact makes a difference."""
    seen: dict[tuple[Value, ...], set[Hashable]] = defaultdict(set)
    for values, outcome in table.items():
        seen[values[:index] + values[index + 1 :]].add(outcome)
    return sum(len(outcomes) > 1 for outcomes in seen.values()) / len(seen)


def open_facts(
    conditions: Sequence[Condition], known: Known, facts: Mapping[str, Fact]
) -> dict[str, tuple[Value, ...]]:
    """The facts of these conditions that may be asked for, with the values that the tests tell apart."""
    tests = [leaf for condition in conditions for leaf in condition.leaves()]
    names = dict.fromkeys(leaf.fact for leaf in tests if leaf.fact is not None)
    return {
        name: values
        for name in names
        if not facts[name].judged and (values := _values(name, facts[name], tests, known.get(name)))
    }


def _values(name: str, fact: Fact, tests: Sequence[Condition], value: Value | None) -> tuple[Value, ...]:
    """Nothing for a fact that is settled or not known to the caller."""
    if isinstance(value, tuple):
        return _told_apart(name, tests, *value)
    if value is not None:
        return ()
    if fact.kind == "number":
        return _told_apart(name, tests, float("-inf"), float("inf"))
    return tuple(fact.choices) if fact.choices else (True, False)


def _told_apart(name: str, tests: Sequence[Condition], low: float, high: float) -> tuple[Value, ...]:
    """One number below and one from each limit that lies between; nothing if none does."""
    limits = {limit for test in tests if test.fact == name for limit in (test.at_least, test.below)}
    inside = sorted(limit for limit in limits if limit is not None and low < limit <= high)
    return (low, *inside) if inside else ()
