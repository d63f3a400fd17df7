"""Which place words speak of: only what they name, never a guess."""

from knowledge.policy.where import named


def place_in(text: str) -> str | None:
    """The one place that is named, by its own name or a locality of it; None for none or several."""
    ours = named(text).ours
    return ours[0] if len(ours) == 1 else None
