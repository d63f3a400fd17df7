"""Text as a voice should say it, and cut into sentences. Pure: the same words in, the same out."""

import re
import unicodedata
from functools import cache

from knowledge.yaml_files import load
from voice.spoken_numbers import say_numbers, say_one_as_yao

LONGEST_SENTENCE = 40
"""Characters; a longer sentence is cut at a comma, so that its first words are heard sooner."""

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_URL = re.compile(r"(?:https?://|www\.)[\w./?=&%#:~+-]+", re.ASCII)
_HEAD = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*+•]\s+|\d{1,2}[.、)]\s+(?=\D))", re.MULTILINE)
_MARKUP = re.compile(r"[*_`#|<>{}\[\]\\^~～@$\"'“”‘’「」『』《》〈〉【】·•]")
_BLANK = re.compile(r"\s+")
_SIGN = r"(?<=[\d\u4e00-\u9fff])\s*{}\s*(?=[\d\u4e00-\u9fff])(?!86)"
_UNIT = r"(?<=[\d\u4e00-\u9fff])\s*{}(?![a-zA-Z\d])"
_PAUSES = str.maketrans({",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。", "(": "，", ")": "，"})
_PAUSES |= str.maketrans({"（": "，", "）": "，", "…": "。", "—": "，", "–": "，", "-": "，", "/": "，"})
_SEVERAL = re.compile(r"([，。？！；：、])[，。？！；：、]*")
_NEVER_SAID = re.compile(r"[^\u4e00-\u9fff\u3400-\u4dbfa-zA-Z，。？！；：、]")
_LATIN = re.compile(r"[a-zA-Z]+")
_STOPS = re.compile(r"(?<=[。？！；!?;\n])(?![”’」』）)。？！；!?])")
_NUMERAL = "0-9零〇一幺二两三四五六七八九十百千万"
_COMMAS = re.compile(rf"(?<=[^{_NUMERAL}][，：、,])|(?<=[，：、,])(?![{_NUMERAL}])")


def speakable(text: str) -> str:
    """What to hand to a voice: Chinese characters and pauses only, numbers in words. Saying it twice changes nothing.

    Empty when there is nothing to say.
    """
    text = "".join(unicodedata.normalize("NFKC", char) if char not in "，。？！；：（）…、" else char for char in text)
    text = _HEAD.sub("", _URL.sub("", _LINK.sub(r"\1", text)))
    text = text.replace("\n", "。")
    for pattern, said in _signs_and_units():
        text = pattern.sub(said, text)
    text = _LATIN.sub(_say_latin, say_numbers(_MARKUP.sub("", text)))
    text = _NEVER_SAID.sub("", _BLANK.sub("", text.translate(_PAUSES)))
    return say_one_as_yao(_SEVERAL.sub(r"\1", text).lstrip("，。？！；：、"))


def sentences(text: str) -> list[str]:
    """`text` in pieces to be said one after another: at full stops, and long ones at commas; never in a number."""
    pieces = [piece.strip() for piece in _STOPS.split(text)]
    return [short for piece in pieces if speakable(piece) for short in _short(piece)]


def _short(sentence: str) -> list[str]:
    """Cut at commas into pieces of at most LONGEST_SENTENCE characters, as far as there are commas."""
    pieces = [""]
    for part in _COMMAS.split(sentence) if len(sentence) > LONGEST_SENTENCE else [sentence]:
        if pieces[-1] and len(pieces[-1]) + len(part) > LONGEST_SENTENCE:
            pieces.append("")
        pieces[-1] += part
    return pieces


@cache
def _readings() -> dict[str, dict[str, str]]:
    return dict(load("readings.yaml"))


@cache
def _signs_and_units() -> list[tuple[re.Pattern[str], str]]:
    """Signs between two things, and units after a number, with their words."""
    kinds = ((_SIGN, "signs"), (_UNIT, "units"))
    return [
        (re.compile(pattern.format(re.escape(sign))), said)
        for pattern, kind in kinds
        for sign, said in _readings()[kind].items()
    ]


def _say_latin(found: re.Match[str]) -> str:
    """Known words as they are said, others letter by letter."""
    readings = _readings()
    word = found[0].lower()
    return readings["latin"].get(word) or "".join(readings["letters"][letter] for letter in word)
