"""Compare what was said with what was heard, fairly for Indic scripts.

Whisper's own normaliser replaces vowel signs by spaces; any word error counted with it for Telugu or Hindi means
nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import regex
from rapidfuzz.distance import Levenshtein

INVISIBLE = regex.compile(r"[\u200b-\u200f\u2060\ufeff]")
NOT_SPOKEN = regex.compile(r"[^\p{L}\p{M}\p{N}']+")


def plain(text: str) -> str:
    """NFC, lower case, no invisible characters, letters and digits and apostrophes only, single spaces."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text)).lower()
    return str(NOT_SPOKEN.sub(" ", text)).strip()


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Insertions, deletions and substitutions between two sequences of words or of characters."""
    return Levenshtein.distance(said, heard)


def error_rates(pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """(word error rate, character error rate) over (said, heard) pairs; characters are counted without spaces."""
    words = characters = word_errors = character_errors = 0
    for said, heard in ((plain(a), plain(b)) for a, b in pairs):
        words += len(said.split())
        word_errors += errors(said.split(), heard.split())
        characters += len(said.replace(" ", ""))
        character_errors += errors(said.replace(" ", ""), heard.replace(" ", ""))
    return word_errors / max(1, words), character_errors / max(1, characters)
