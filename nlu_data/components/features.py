"""What the classifier sees of a message: words, letters and sounds, as numbered features in families.

    word, letters              words and pairs of words as written, and their letters
    key, key_letters, bones    phonetic keys and pairs of keys, their letters, consonant skeletons
    concept                    concepts of the lexicon, and pairs of them
    shape                      numbers, days and places among the words, whichever they are, and how many words

A feature's number is a hash of its name, so no vocabulary has to be kept and unseen names are harmless.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from zlib import crc32

from nlu_data.components.concepts import Lexicon
from nlu_data.components.dates import names_day
from nlu_data.components.normalizer import normalize, words
from nlu_data.components.numbers import number_words
from nlu_data.components.phonetics import skeleton
from nlu_data.components.places import load_gazetteer

BUCKETS = 1 << 22
FAMILIES = ("word", "letters", "key", "key_letters", "bones", "concept", "shape")
_MOST_WORDS = 80
_LONGEST_WORD = 40


def features(text: str, lexicon: Lexicon) -> dict[str, list[int]]:
    """Numbers (0 <= n < BUCKETS) of one message's features by family; a family may be empty."""
    tokens = [_shape(word[:_LONGEST_WORD]) for word in words(normalize(text).text)[:_MOST_WORDS]]
    keys = [key for key in map(lexicon.key, tokens) if key]
    bones = [skeleton(key) for key in keys]
    return {
        "word": _numbers("word", tokens + _pairs(tokens)),
        "letters": [n for word in tokens for n in _letters("letters", word)],
        "key": _numbers("key", keys + _pairs(["^", *keys, "$"]) + _skips(keys)),
        "key_letters": [n for key in keys for n in _letters("key_letters", key)],
        "bones": _numbers("bones", bones + _pairs(bones)),
        "concept": _numbers("concept", _concepts(lexicon.concepts(keys))),
        "shape": _numbers("shape", _shapes(tokens, keys)),
    }


def _shape(word: str) -> str:
    return "0" * min(len(word), 12) if word.isdigit() and len(word) > 1 else word


def _pairs(items: list[str]) -> list[str]:
    return [f"{a} {b}" for a, b in zip(items, items[1:], strict=False)]


def _skips(items: list[str]) -> list[str]:
    return [f"{a} _ {b}" for a, b in zip(items, items[2:], strict=False)]


def _shapes(tokens: list[str], keys: list[str]) -> list[str]:
    """Kinds of the words that are a number, a day or a place, with their neighbours, and the message's length."""
    kinds = [kind_of(token) for token in tokens]
    named = [kind or key for kind, key in zip(kinds, keys, strict=False)]
    around = [pair for pair in _pairs(["^", *named, "$"]) if any(part.isupper() for part in pair.split())]
    return [kind for kind in kinds if kind] + around + [f"{min(len(tokens), 9)} long"]


@lru_cache(maxsize=50_000)
def kind_of(word: str) -> str:
    """`NUMBER`, `DAY` or `PLACE` for a word that by itself is one, else nothing."""
    if word.isdigit() or number_words(word):
        return "NUMBER"
    if names_day(word):
        return "DAY"
    return "PLACE" if load_gazetteer().names(word) else ""


def _concepts(names: list[str]) -> list[str]:
    unique = sorted(set(names))[:12]
    return unique + [f"{a} {b}" for a, b in combinations(unique, 2)]


def _numbers(family: str, names: list[str]) -> list[int]:
    return [_number(family, name) for name in names]


def _number(family: str, name: str) -> int:
    return crc32(f"{family}\t{name}".encode("utf-8", "replace")) % BUCKETS


@lru_cache(maxsize=100_000)
def _letters(family: str, word: str) -> tuple[int, ...]:
    """Numbers of the runs of 2 to 5 letters of one word with its edges; cached, as words repeat."""
    edged = f" {word} "
    grams = [edged[i : i + n] for n in range(2, 6) for i in range(len(edged) - n + 1)]
    return tuple(_numbers(family, grams))
