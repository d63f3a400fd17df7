"""How espeak-ng is told what to say: pinyin with tones, one syllable at a time, and pauses.

Given characters, espeak-ng 1.52 reads 还得 as hai de, and 胸 or 穷 as an English word: it has no syllables xiong,
qiong and jiong. pypinyin knows more words, `knowledge/readings.yaml` corrects it, and the missing syllables are
spelled in the way that espeak-ng says them.
"""

import re
from functools import cache

from pypinyin import Style, lazy_pinyin, load_phrases_dict

from knowledge.yaml_files import load

_SYLLABLE = re.compile(r"[a-z]+[1-5]")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_PAUSES = str.maketrans({"。": ".", "，": ",", "、": ",", "；": ";", "：": ",", "？": "?", "！": "!"})


def spelled(text: str) -> str:
    """`text` (`speakable`) as pinyin: 胸口疼。 is xong1 kou3 teng2 ."""
    return _CHINESE.sub(lambda found: f" {' '.join(_syllables(found[0]))} ", text).translate(_PAUSES).strip()


def reading(text: str) -> list[str]:
    """The pinyin of each character with its tone (1 to 5, said in this place), as it is meant to be heard."""
    _corrections()
    return lazy_pinyin(text, Style.TONE3, errors="ignore", neutral_tone_with_five=True, tone_sandhi=True)


def _syllables(text: str) -> list[str]:
    """Without characters that have no pinyin; said in the way of espeak-ng."""
    instead = _corrections()
    said = (instead.get(syllable[:-1], syllable[:-1]) + syllable[-1:] for syllable in reading(text))
    return [syllable for syllable in said if _SYLLABLE.fullmatch(syllable)]


@cache
def _corrections() -> dict[str, str]:
    """Put our words into pypinyin once; the spelling of syllables that espeak-ng lacks."""
    readings = load("readings.yaml")
    load_phrases_dict({word: [[one] for one in said.split()] for word, said in readings["words"].items()})
    return dict(readings["syllables"])
