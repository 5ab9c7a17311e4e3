"""Invented data that is the same every time: a random source seeded by the number it belongs to."""

from __future__ import annotations

import secrets
from hashlib import sha256
from random import Random

_GIVEN = (
    "Lakshmi",
    "Ramesh",
    "Venkata",
    "Padma",
    "Suresh",
    "Sujatha",
    "Nagaraju",
    "Saraswathi",
    "Srinivas",
    "Fathima",
    "Prasad",
    "John",
)
_FAMILY = ("K.", "M.", "P.", "Ch.", "B.", "S.", "G.", "D.", "N.", "T.")


def seeded(*parts: object) -> Random:
    """A random source that depends on nothing but these parts."""
    return Random(sha256("\x1f".join(str(part) for part in parts).encode()).digest())


def name(source: Random) -> str:
    """A person's name."""
    return f"{source.choice(_FAMILY)} {source.choice(_GIVEN)}"


def number(prefix: str) -> str:
    """A new number: the prefix and ten digits that cannot be guessed from another."""
    return f"{prefix}{1 + secrets.randbelow(9)}{secrets.randbelow(10**9):09d}"
