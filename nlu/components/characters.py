"""Tokens for Rasa: one for each Chinese character, whole Latin words, whole runs of digits."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

_TOKEN = re.compile(r"\d+|[A-Za-z\uff21-\uff3a\uff41-\uff5a]+|[^\W\d_]")


def tokens(text: str) -> list[Token]:
    """Return the tokens of `text`, never none. Offsets are those of `text`; lemmas are normalised."""
    found = [_token(match) for match in _TOKEN.finditer(text)]
    return found or [Token(text, 0)]


def _token(match: re.Match[str]) -> Token:
    lemma = unicodedata.normalize("NFKC", match[0]).lower()
    return Token(match[0], match.start(), lemma=lemma)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class CharacterTokenizer(Tokenizer):
    """Splits into characters: a recogniser gets words wrong, and characters need no word list."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        return tokens(message.get(attribute))
