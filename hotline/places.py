"""Which place words speak of: only what they name, never a guess."""

from knowledge.vocabulary import lookup_words
from language.lookup import find
from language.text import spoken


def place_in(text: str) -> str | None:
    """The one place that is named, by its own name or a locality of it; None for none or several."""
    named = {match.key for match in find(spoken(text), lookup_words()) if match.entity == "place"}
    return named.pop() if len(named) == 1 else None
