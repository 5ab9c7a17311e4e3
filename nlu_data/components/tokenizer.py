"""Rasa's tokenizer of ours: spaCy's blank Telugu, Hindi and English pipelines over normalised text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from spacy.language import Language

from nlu_data.components.normalizer import normalize
from nlu_data.components.phonetics import main_script

_PIPELINES = {"Telu": "te", "Deva": "hi"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class IndicTokenizer(Tokenizer):
    """Tokens hold normalised text; their offsets point into the text as it was written."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The options that Rasa's tokenizers share."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Modules that must be installed."""
        return ["spacy", "regex"]

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Split one attribute of a message; no text gives no tokens."""
        done = normalize(message.get(attribute) or "")
        document = _pipeline(_PIPELINES.get(main_script(done.text), "en")).make_doc(done.text)
        tokens = []
        for piece in document:
            if not piece.is_space:
                start, end = done.span(piece.idx, piece.idx + len(piece.text))
                tokens.append(Token(piece.text, start, end))
        return tokens


@lru_cache(maxsize=3)
def _pipeline(language: str) -> Language:
    return spacy.blank(language)
