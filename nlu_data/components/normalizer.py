"""The one place where text is normalised: the same for training examples, data files and live messages.

`normalize` keeps, for every character it returns, where that character stood in the original, so that
whatever is found in the normalised text can be pointed at in what the citizen wrote.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import regex

MAX_LENGTH = 2000  # code points of the original that are read; a citizen's longest complaint is shorter

_CLUSTER = regex.compile(r"\X")
_REPLACED = {
    "\u0964": ". ",  # danda
    "\u0965": ". ",
    "\u2018": "'",
    "\u2019": "'",
    "\u201a": "'",
    "\u2032": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u2026": "...",
}
_DROPPED = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})  # joiners, marks of direction, controls, half characters


@dataclass(frozen=True)
class Normalized:
    """Normalised text; `starts[i]` and `ends[i]` say which code points of the original gave `text[i]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's `(start, end)` of `text[start:end]`; `(0, 0)` for nothing."""
        if not self.text or start >= end:
            return (0, 0)
        return self.starts[start], self.ends[min(end, len(self.ends)) - 1]


@lru_cache(maxsize=4096)
def normalize(text: str) -> Normalized:
    """NFC, no invisible characters, ASCII digits, plain quotes, dashes and spaces, no edge spaces."""
    done = _pass(Normalized(text[:MAX_LENGTH], *_identity(min(len(text), MAX_LENGTH))))
    while not unicodedata.is_normalized("NFC", done.text):  # a dropped character stood between two that compose
        done = _pass(done)
    return done


def _identity(length: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(range(length)), tuple(range(1, length + 1))


def _pass(source: Normalized) -> Normalized:
    pieces: list[tuple[str, int, int]] = []
    for cluster in _CLUSTER.finditer(source.text):
        pieces.extend(_replaced_cluster(source, cluster.start(), cluster.end()))
    return _collapsed(pieces)


def _replaced_cluster(source: Normalized, start: int, end: int) -> list[tuple[str, int, int]]:
    raw = source.text[start:end]
    composed = unicodedata.normalize("NFC", "".join(_replaced(letter) for letter in raw))
    if len(composed) == len(raw):
        return [(letter, source.starts[start + i], source.ends[start + i]) for i, letter in enumerate(composed)]
    first, last = source.starts[start], source.ends[end - 1]
    return [(letter, first, last) for letter in composed]


def _replaced(letter: str) -> str:
    if letter < "\x7f" and letter >= " ":
        return letter
    if letter in _REPLACED:
        return _REPLACED[letter]
    if letter.isspace():
        return " "
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    return "" if category in _DROPPED or 0xFE00 <= ord(letter) <= 0xFE0F else letter


def _collapsed(pieces: list[tuple[str, int, int]]) -> Normalized:
    kept: list[tuple[str, int, int]] = []
    for piece in pieces:
        if piece[0] != " " or (kept and kept[-1][0] != " "):
            kept.append(piece)
    if kept and kept[-1][0] == " ":
        kept.pop()
    letters, starts, ends = zip(*kept, strict=True) if kept else ((), (), ())
    return Normalized("".join(letters), tuple(starts), tuple(ends))


_WORD = regex.compile(r"[\p{L}\p{M}]+|\d+")


def words(text: str) -> list[str]:
    """Runs of letters with their vowel signs, and runs of digits, of normalised text, in lower case."""
    return _WORD.findall(text.lower())
