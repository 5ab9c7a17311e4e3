"""Texts cut to a limit of code points, only between whole letters: a Telugu letter never loses its vowel sign."""

from __future__ import annotations

import regex

from .rasa import valid

ELLIPSIS = "\u2026"
LETTER = regex.compile(r"\X")
# Where a long text may be parted, best first.
SEAMS = ("\n\n", "\n", ". ", "\u0964 ", " ")


def cut(text: str, limit: int) -> str:
    """The text on one line, ended with an ellipsis when it is longer than `limit`."""
    text = " ".join(valid(text).split())
    return text if len(text) <= limit else _fitting(text, limit - len(ELLIPSIS)).rstrip() + ELLIPSIS


def pieces(text: str, limit: int) -> list[str]:
    """The whole text in pieces of at most `limit`, parted at the best seams; blank pieces are left out."""
    found = []
    rest = valid(text).strip()
    while rest:
        piece = rest if len(rest) <= limit else _seamed(_fitting(rest, limit))
        found.append(piece.strip())
        rest = rest[len(piece) :].strip()
    return [piece for piece in found if piece]


def tail(text: str, limit: int) -> tuple[str, str]:
    """The text in two: what does not fit, and a last part of at most `limit`, parted at a seam where there is one."""
    text = valid(text).strip()
    if len(text) <= limit:
        return "", text
    letters = LETTER.findall(text)
    size = 0
    while letters and size + len(letters[-1]) <= limit:
        size += len(letters.pop())
    head, last = text[: len(text) - size], text[len(text) - size :]
    for seam in SEAMS:
        before, found, after = last.partition(seam)
        if found and after.strip():
            return head + before + seam.rstrip(), after.strip()
    return head, last


def _fitting(text: str, limit: int) -> str:
    """As many whole letters from the start as fit; a single letter longer than the limit is cut all the same."""
    size = 0
    for letter in LETTER.finditer(text, 0, limit + 1000):
        if letter.end() > limit:
            break
        size = letter.end()
    return text[: size or limit]


def _seamed(text: str) -> str:
    """Up to the last seam in the second half, else all of it."""
    for seam in SEAMS:
        at = text.rfind(seam)
        if at > len(text) // 2:
            return text[: at + len(seam)]
    return text
