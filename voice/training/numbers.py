"""Numbers as callers say them: digit by digit, in words with lakhs and thousands, years. The words are data of
nlu_data/voice.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Words:
    """A language's number words; `units` has ten rows of ten, the rest are `{one, many}` with `{n}` in `many`."""

    digits: tuple[str, ...]
    units: tuple[tuple[str, ...], ...]
    scales: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, voice: Mapping[str, Any]) -> Words:
        """From a `voice` block."""
        scales = ("hundred", "thousand", "lakh", "whole_thousands", "whole_lakhs")
        return cls(tuple(voice["digits"]), tuple(map(tuple, voice["numbers"])), {s: voice[s] for s in scales})

    def below_hundred(self, number: int) -> str:
        """0 to 99."""
        return self.units[number // 10][number % 10]

    def scaled(self, scale: str, count: int) -> str:
        """`count` hundreds, thousands or lakhs."""
        form = self.scales[scale]
        return form["one"] if count == 1 else form["many"].format(n=self.below_hundred(count))

    def cardinal(self, number: int) -> str:
        """1 to 99,99,999 in words."""
        lakhs, rest = divmod(number, 100_000)
        thousands, rest = divmod(rest, 1000)
        hundreds, rest = divmod(rest, 100)
        parts = [self.scaled("lakh" if thousands or hundreds or rest else "whole_lakhs", lakhs)] if lakhs else []
        parts += [self.scaled("thousand" if hundreds or rest else "whole_thousands", thousands)] if thousands else []
        parts += [self.scaled("hundred", hundreds)] if hundreds else []
        return " ".join([*parts, *([self.below_hundred(rest)] if rest else [])])

    def year(self, number: int) -> str:
        """A year, by hundreds before 2000: nineteen hundred ninety eight."""
        if number >= 2000:
            return self.cardinal(number)
        return f"{self.scaled('hundred', number // 100)} {self.below_hundred(number % 100)}".removesuffix(
            self.units[0][0]
        ).strip()


def digits(words: Words, count: int, draw: random.Random) -> str:
    """`count` digits one by one."""
    return " ".join(words.digits[draw.randrange(10)] for _ in range(count))


def amount(words: Words, draw: random.Random) -> str:
    """An amount of rupees as people say them: mostly round."""
    number = draw.choice((draw.randint(1, 99), draw.randint(1, 99) * 1000, draw.randint(1, 25) * 100_000))
    number = draw.choice((number, draw.randint(1, 99) * 100, draw.randint(1, 9) * 100_000 + draw.randint(1, 99) * 1000))
    return words.cardinal(max(1, number))
