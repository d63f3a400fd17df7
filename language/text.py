"""Text as a person typed it or a recogniser wrote it, brought to one form."""

import re
import unicodedata

LONGEST = 500
"""Characters of an utterance that are read; the rest is cut."""

_COMMAS = dict.fromkeys(map(ord, ",、;；:︰"), "，")
_STOPS = {ord("?"): "？", ord("!"): "！", ord("."): "。"}
_DROPPED = dict.fromkeys(map(ord, "\"'“”‘’`()[]{}<>《》〈〉「」『』【】"), None)
_MARKS = str.maketrans({**_COMMAS, **_STOPS, **_DROPPED})
_KEPT_IN_NUMBER = re.compile(r"(?<=\d)[.:](?=\d)")
_HELD = {".": "\ue000", ":": "\ue001"}
_RELEASED = str.maketrans({"\ue000": ".", "\ue001": ":"})
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff\ue000\ue001]")
_REPEATED_MARK = re.compile(r"([，。？！])[，。？！]+")
_BLANKS = re.compile(r"\s+")
_USELESS_BLANK = re.compile(r"(?<![a-z0-9]) | (?![a-z0-9])|(?<=\d) (?=\d)")
_NOT_SPOKEN = re.compile(r"[^\w ]|_")


def normalise(text: str) -> str:
    """Return `text` in half-width lower case, unified marks ，。？！ and no blanks around Chinese or digits.

    A decimal point and the colon of a clock (15:30) stay. At most `LONGEST` characters are kept.
    """
    text = unicodedata.normalize("NFKC", text[: 4 * LONGEST]).lower()
    text = _INVISIBLE.sub("", text)
    text = _KEPT_IN_NUMBER.sub(lambda mark: _HELD[mark[0]], text)
    text = text.translate(_MARKS).translate(_RELEASED)
    text = _USELESS_BLANK.sub("", _BLANKS.sub(" ", text).strip())
    # Composed again: dropping a blank can bring a letter and its accent together.
    return unicodedata.normalize("NFC", _REPEATED_MARK.sub(r"\1", text))[:LONGEST]


def spoken(text: str) -> str:
    """Return only what is heard: `normalise`d letters, digits and Chinese, without any marks."""
    return _NOT_SPOKEN.sub("", normalise(text)).strip()
