"""What the entity rules read: the words, numbers and signs of a normalised text, and what they found."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import regex
from ruamel.yaml import YAML

from nlu_data.components.phonetics import phonetic_key

_PIECE = regex.compile(
    r"(?P<digits>\d+(?:,\d+)+(?:\.\d+)?|\d+\.\d+(?![.\d])|\d+)|(?P<word>[\p{L}\p{M}]+)|(?P<sign>[^\s\p{L}\p{M}\d])"
)


@dataclass(frozen=True)
class Piece:
    """A word, a number in digits or a sign; `lower` is its text in lower case, `key` its phonetic key."""

    kind: str
    lower: str
    start: int
    end: int
    key: str


@dataclass(frozen=True)
class Found:
    """An entity in normalised text; `extra` are further keys such as `role` or `digits`."""

    entity: str
    value: Any
    start: int
    end: int
    extra: dict[str, Any] = field(default_factory=dict)


def cut(text: str) -> list[Piece]:
    """Pieces of a normalised text in order."""
    pieces = []
    for match in _PIECE.finditer(text):
        kind, lower = str(match.lastgroup), match[0].lower()
        key = phonetic_key(lower) if kind == "word" else ""
        pieces.append(Piece(kind, lower, match.start(), match.end(), key))
    return pieces


@lru_cache(maxsize=16)
def read_words(name: str) -> dict[str, Any]:
    """A file of word lists of `nlu_data/concepts`, read once."""
    path = Path(__file__).resolve().parent.parent / "concepts" / name
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
