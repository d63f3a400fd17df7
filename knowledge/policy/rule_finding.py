"""Which rule words speak of: the rules of one place by name, by everyday words, and by those of their cards."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePath

from knowledge.policy.benefits import Benefit
from knowledge.policy.groups import Group
from knowledge.policy.loading import Library
from knowledge.vocabulary import benefits, lookup_words
from language.lookup import WordTable, find
from language.text import spoken


def folder_of(library: Library, place: str) -> str | None:
    """The folder of a place such as 津市; None where we hold no document."""
    return next((folder for folder, document in library.documents().items() if document.place == place), None)


def rules_of(library: Library, folder: str) -> dict[str, str]:
    """The rules and groups of a place: names by id, groups last."""
    return {rule_id: rule.name for rule_id, rule in _rules(library, folder).items()}


def _rules(library: Library, folder: str) -> dict[str, Benefit | Group]:
    every: dict[str, Benefit | Group] = {**library.benefits(), **library.groups()}
    return {rule_id: rule for rule_id, rule in every.items() if rule_id.startswith(f"{folder}/")}


def find_rules(library: Library, folder: str, text: str) -> list[str]:
    """Ids of the rules that `text` names: by the longest word in it, else by the everyday word for a benefit.

    Several: the words fit all of them. A rule that belongs to a group gives the group.
    """
    words = _words(library, folder)
    found = find(spoken(text), WordTable({word: (("rule", word),) for word in words}))
    longest = max((len(match.words) for match in found), default=0)
    named = [rule for match in found if len(match.words) == longest for rule in sorted(words[match.words])]
    everyday = [rule for key in _named_benefits(text) for rule in benefits()[key].rules]
    return _with_groups(library, folder, named or [rule for rule in everyday if rule.startswith(f"{folder}/")])


def named_benefit(text: str) -> str | None:
    """What the caller calls it, in the usual words, whether a rule speaks of it or not."""
    keys = _named_benefits(text)
    return benefits()[keys[0]].label if keys else None


def _named_benefits(text: str) -> list[str]:
    matches = [match for match in find(spoken(text), lookup_words()) if match.entity == "benefit"]
    return list(dict.fromkeys(match.key for match in sorted(matches, key=lambda match: -len(match.words))))


def _words(library: Library, folder: str) -> Mapping[str, set[str]]:
    """Ids of rules by every word for them."""
    words: dict[str, set[str]] = defaultdict(set)
    for rule_id, rule in _rules(library, folder).items():
        for word in (rule.name, *rule.words):
            words[word].add(rule_id)
    for card_id, card in library.cards().items():
        rule_id = f"{folder}/{card.benefit}"
        if PurePath(card_id).parts[0] == folder and card.benefit and rule_id in library.benefits():
            for word in (card.name, *card.words):
                words[word].add(rule_id)
    return words


def _with_groups(library: Library, folder: str, rule_ids: list[str]) -> list[str]:
    """A class is never looked at alone: which one fits depends on those before it."""
    groups = {
        f"{folder}/{member}": group_id
        for group_id, group in library.groups().items()
        for member in group.members
        if group_id.startswith(f"{folder}/")
    }
    return list(dict.fromkeys(groups.get(rule_id, rule_id) for rule_id in rule_ids))
