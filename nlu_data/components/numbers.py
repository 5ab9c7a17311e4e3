"""Numbers in digits and in words of Telugu, Hindi and English, in any script, and numbers said digit by digit.

two lakh fifty thousand -> 250000;  డెబ్బై ఐదు వేలు -> 75000;  डेढ़ लाख -> 150000
nine eight four eight zero double two ... -> the digits 9848022...
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from nlu_data.components.normalizer import normalize
from nlu_data.components.phonetics import phonetic_key
from nlu_data.components.pieces import Found, Piece, read_words

_ENDINGS = (
    "ki",
    "ku",
    "lo",
    "nu",
    "ni",
    "la",
    "lu",
    "to",
    "ga",
    "కి",
    "కు",
    "లో",
    "ను",
    "ని",
    "లు",
    "ల",
    "తో",
    "గా",
    "వ",
    "th",
)
_SHORTEST_KEY = 6
_SPOKEN_DIGITS = 4  # so many single digits in a row are an id, not a quantity


@dataclass(frozen=True)
class Word:
    """What one word says of a number; `kind`: n, hundred, many, plus, alone, half_more, repeat, people."""

    kind: str
    value: float
    careful: bool = False
    digits: str = ""


@dataclass(frozen=True)
class Said:
    """A number word and the piece it came from."""

    word: Word
    piece: Piece


@dataclass(frozen=True)
class _Lexicon:
    exact: dict[str, Word]
    by_key: dict[str, Word]
    joining: frozenset[str]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    data = read_words("numbers.yml")
    careful = {_plain(word) for word in data["careful"]}
    groups = [("n", data["number_words"]), ("people", data["people_words"]), ("many", data["multipliers"])]
    groups += [("plus", data["plus"]), ("alone", data["alone"]), ("repeat", data["repeat"])]
    exact: dict[str, Word] = {_plain(w): Word("half_more", 0.5) for w in data["half_more"]}
    for kind, by_value in groups:
        for value, spellings in by_value.items():
            named = "hundred" if kind == "many" and value == 100 else kind
            for spelling in map(_plain, spellings):
                exact.setdefault(spelling, Word(named, float(value), spelling in careful))
    by_key: dict[str, Word] = {}
    for spelling, word in exact.items():
        if len(phonetic_key(spelling)) >= _SHORTEST_KEY:
            by_key.setdefault(phonetic_key(spelling), word)
    return _Lexicon(exact, by_key, frozenset(map(_plain, data["and"])))


def _plain(word: Any) -> str:
    return normalize(str(word)).text.lower()


@lru_cache(maxsize=10_000)
def number_words(word: str) -> tuple[Word, ...]:
    """The number words in one written word, several if they are written together; empty if it is none."""
    whole = _whole(word)
    if whole:
        return (whole,)
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        found = _whole(stem) if stem != word and len(stem) > 2 else None
        if found:
            return (found,)
    return _glued(word)


def _whole(word: str) -> Word | None:
    lexicon = _lexicon()
    if word in lexicon.exact:
        return lexicon.exact[word]
    return lexicon.by_key.get(phonetic_key(word))


def _glued(word: str) -> tuple[Word, ...]:
    """`padivelu` is `padi` and `velu`; parts of one or two letters are not taken."""
    exact = _lexicon().exact
    for cut in range(len(word) - 3, 2, -1):
        head = exact.get(word[:cut])
        if head and head.kind in ("n", "hundred", "many") and len(word) <= 24:
            tail = exact.get(word[cut:])
            rest = (tail,) if tail else _glued(word[cut:])
            if rest:
                return (replace(head, careful=False), *rest)
    return ()


def said(pieces: Sequence[Piece]) -> list[list[Said]]:
    """Runs of number words and digits that stand next to each other."""
    runs: list[list[Said]] = []
    open_run: list[Said] = []
    for i, piece in enumerate(pieces):
        words = _words_of(pieces, i)
        if words:
            open_run = [*open_run, *(Said(word, piece) for word in words)]
        elif open_run and not _joins(pieces, i):
            runs.append(open_run)
            open_run = []
    return [*runs, open_run] if open_run else runs


def _words_of(pieces: Sequence[Piece], i: int) -> tuple[Word, ...]:
    piece = pieces[i]
    if piece.kind == "digits":
        return (Word("n", float(piece.lower.replace(",", "")), digits=piece.lower),)
    words = number_words(piece.lower) if piece.kind == "word" else ()
    if len(piece.lower) < 3 and words and words[0].kind == "many":  # 75k and 2cr, not the letter k
        stuck = i > 0 and pieces[i - 1].kind == "digits" and pieces[i - 1].end == piece.start
        return words if stuck else ()
    return words


def _joins(pieces: Sequence[Piece], i: int) -> bool:
    """An `and`, or the hyphen of `twenty-five`, with a number word after it."""
    piece = pieces[i]
    if i + 1 >= len(pieces) or not _words_of(pieces, i + 1):
        return False
    hyphen = piece.lower == "-" and pieces[i + 1].kind == "word"
    return hyphen or piece.lower in _lexicon().joining


def find(pieces: Sequence[Piece]) -> list[Found]:
    """Numbers (`number`, value an int or a float) and spoken ids (`digits`, value a string) in order."""
    found = []
    for run in said(pieces):
        for part in _split_digits(run):
            spoken = _spoken_digits(part)
            found += [spoken] if spoken else _quantities(part)
    return [f for f in found if f is not None]


def _split_digits(run: list[Said]) -> list[list[Said]]:
    """A run cut where single digits begin or end, if there are enough of them for an id."""
    if sum(_is_digit(s.word) for s in run) < _SPOKEN_DIGITS or _in_pairs(run):
        return [run]
    parts: list[list[Said]] = []
    for one in run:
        same = parts and _is_digit(parts[-1][-1].word) == _is_digit(one.word)
        parts = [*parts[:-1], [*parts[-1], one]] if same else [*parts, [one]]
    return parts


def _in_pairs(run: list[Said]) -> bool:
    """`ninety eight four eight zero ...`: an id of which some digits are said two at a time."""
    simple = all(s.word.kind == "repeat" or (s.word.kind == "n" and s.word.value < 100) for s in run)
    return (
        simple
        and len(run) >= 6
        and any(s.word.value >= 10 for s in run)
        and sum(map(_is_digit, (s.word for s in run))) >= 5
    )


def _is_digit(word: Word) -> bool:
    if word.digits:
        return word.digits.isdigit() and word.value >= 0
    return word.kind == "repeat" or (word.kind == "n" and word.value < 10)


def _spoken_digits(run: list[Said]) -> Found | None:
    pairs = _in_pairs(run)
    if (
        len(run) < _SPOKEN_DIGITS
        or all(s.word.digits for s in run)
        or not (pairs or all(_is_digit(s.word) for s in run))
    ):
        return None
    digits, times = "", 1
    for one in run:
        if one.word.kind == "repeat":
            times = int(one.word.value)
            continue
        unit = one.word.kind == "n" and not one.word.digits and 0 < one.word.value < 10
        if pairs and unit and digits.endswith("0") and _said_tens(run, one):
            digits = digits[:-1]
        digits += (one.word.digits or str(int(one.word.value))) * times
        times = 1
    return Found("digits", digits, run[0].piece.start, run[-1].piece.end)


def _said_tens(run: list[Said], one: Said) -> bool:
    """Whether the word before was twenty, thirty ... ninety."""
    at = next(i for i, other in enumerate(run) if other is one)
    before = run[at - 1].word if at else None
    return before is not None and not before.digits and before.value in range(20, 100, 10)


class _Sum:
    """One quantity while it is being said."""

    def __init__(self) -> None:
        self.total, self.current, self.plus = 0.0, None, 0.0
        self.last: Word | None = None
        self.scale = float("inf")

    def take(self, word: Word) -> bool:
        """Add a word; False if it cannot belong to this quantity."""
        taken = getattr(self, f"_{word.kind}")(word)
        if taken:
            self.last = word
        return taken

    def _n(self, word: Word) -> bool:
        if self.current is None:
            if word.value >= self.scale:
                return False
            self.current, self.plus = word.value + self.plus, 0.0
            return True
        before = self.last
        tens = before is not None and before.kind == "n" and not before.digits and 20 <= before.value <= 90
        fits = (tens and before.value % 10 == 0 and 0 < word.value < 10) or (
            before is not None and before.kind == "hundred" and word.value < 100
        )
        if fits:
            self.current += word.value
        return fits

    _alone = _people = _n

    def _hundred(self, word: Word) -> bool:
        if self.current is not None and (self.current >= 100 or self.current == 0):
            return False
        self.current = ((1.0 if self.current is None else self.current) + self.plus) * 100
        self.plus = 0.0
        return True

    def _many(self, word: Word) -> bool:
        share = (1.0 if self.current is None else self.current) + self.plus
        if word.value < self.scale:
            self.total += share * word.value
        elif self.current is not None and not self.total:
            return False
        else:
            self.total = (self.total + (self.current or 0.0)) * word.value
        self.current, self.plus, self.scale = None, 0.0, word.value
        return True

    def _plus(self, word: Word) -> bool:
        if self.current is not None:
            return False
        self.plus = word.value
        return True

    def _half_more(self, word: Word) -> bool:
        if self.last is None:
            return False
        if self.current is not None:
            self.current += 0.5
        else:
            self.total += 0.5 * self.scale
        return True

    def _repeat(self, word: Word) -> bool:
        return False

    @property
    def value(self) -> float:
        return self.total + (self.current or 0.0)


def _quantities(run: list[Said]) -> list[Found]:
    found: list[Found] = []
    rest = list(run)
    while rest:
        amount, taken = _Sum(), 0
        while taken < len(rest) and amount.take(rest[taken].word):
            taken += 1
        if taken and (amount.total or amount.current is not None):
            found.append(_found(amount, rest[:taken]))
        rest = rest[max(taken, 1) :]
    return found


def _found(amount: _Sum, run: list[Said]) -> Found:
    words = [one.word for one in run]
    value = int(amount.value) if float(amount.value).is_integer() else round(amount.value, 4)
    extra: dict[str, Any] = {"careful": all(w.careful for w in words)}
    extra["many"] = any(w.kind == "many" for w in words)
    extra["commas"] = any("," in w.digits for w in words)
    extra["people"] = words[0].kind == "people"
    if len(words) == 1 and words[0].digits:
        extra["digits"] = words[0].digits.replace(",", "")
    return Found("number", value, run[0].piece.start, run[-1].piece.end, extra)
