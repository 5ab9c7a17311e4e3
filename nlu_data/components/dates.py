"""Dates and times of day in Telugu, Hindi and English; a date that no calendar has is no date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import regex

from nlu_data.components.normalizer import normalize
from nlu_data.components.phonetics import phonetic_key
from nlu_data.components.pieces import Found, Piece, read_words

_WRITTEN = regex.compile(r"(?<![\d/.-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/-])")
_ISO = regex.compile(r"(?<![\d/.-])(\d{4})([/-])(\d{1,2})\2(\d{1,2})(?![\d/-])")
_HOUSE = regex.compile(r"(?:\bno|number|door|house|flat|plot|నంబర్|నంబరు|నెంబర్|డోర్|ఇంటి|नंबर|मकान)[.:\s]*$", regex.I)
_FUTURE_YEARS = 5  # a year in two digits is at most so far ahead
_SHORTEST_KEY = 5


@dataclass(frozen=True)
class _Lexicon:
    exact: dict[tuple[str, str], int]
    by_key: dict[tuple[str, str], int]
    lists: dict[str, frozenset[str]]
    two_words: tuple[tuple[str, int], ...]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    data = read_words("dates.yml")
    exact = {
        (group, _plain(word)): value
        for group in ("months", "weekdays", "days")
        for value, spellings in data[group].items()
        for word in spellings
    }
    by_key = {(g, phonetic_key(w)): v for (g, w), v in exact.items() if len(phonetic_key(w)) >= _SHORTEST_KEY}
    lists = {name: frozenset(map(_plain, words)) for name, words in data.items() if isinstance(words, list)}
    lists |= {name: frozenset(map(_plain, words)) for name, words in data["parts"].items()}
    two = tuple((_plain(phrase), days) for days, phrases in data["two_words"].items() for phrase in phrases)
    return _Lexicon(exact, by_key, lists, two)


def _plain(word: object) -> str:
    return normalize(str(word)).text.lower()


def _value(group: str, piece: Piece) -> int | None:
    """The month, weekday or shift in days that a word names, with or without a case ending."""
    if piece.kind != "word":
        return None
    lexicon = _lexicon()
    exact = lexicon.exact.get((group, piece.lower))
    if exact is not None:
        return exact
    for length in range(len(piece.key), max(_SHORTEST_KEY, len(piece.key) - 4) - 1, -1):
        if (group, piece.key[:length]) in lexicon.by_key:
            return lexicon.by_key[group, piece.key[:length]]
    return None


def names_day(word: str) -> bool:
    """Whether a word in lower case names a month, a day of the week, or a day such as tomorrow."""
    piece = Piece("word", word, 0, len(word), phonetic_key(word))
    return any(_value(group, piece) is not None for group in ("months", "weekdays", "days"))


def _in(name: str, piece: Piece) -> bool:
    return piece.lower in _lexicon().lists[name]


def find_dates(text: str, pieces: Sequence[Piece], numbers: Iterable[Found], today: date) -> list[Found]:
    """Entities `date` with ISO values; words such as tomorrow count from `today`."""
    found = [_written(int(m[1]), int(m[3]), m[4], today, m) for m in _WRITTEN.finditer(text)]
    found += [_made(int(m[1]), int(m[3]), int(m[4]), m.start(), m.end()) for m in _ISO.finditer(text)]
    found = [f for f in found if f and not _HOUSE.search(text[max(0, f.start - 16) : f.start])]
    small = [n for n in numbers if n.entity == "number" and isinstance(n.value, int)]
    for i, piece in enumerate(pieces):
        month = _value("months", piece)
        if month and not (piece.lower in ("may", "mar", "jan", "dec", "sun") and not _beside(piece, small, text)):
            found.append(_with_month(piece, month, small, text, today))
        found += [
            _relative(pieces, i, text, today),
            _weekday(pieces, i, today),
            _day_of_month(pieces, i, small, text, today),
        ]
    found += [_phrase(text, phrase, days, today) for phrase, days in _lexicon().two_words]
    found.append(_after_days(pieces, small, text, today))
    return [one for one in found if one is not None]


def _made(year: int, month: int, day: int, start: int, end: int) -> Found | None:
    try:
        return Found("date", date(year, month, day).isoformat(), start, end)
    except ValueError:
        return None


def _written(day: int, month: int, year: str, today: date, match: regex.Match[str]) -> Found | None:
    return _made(_full_year(int(year), today), month, day, match.start(), match.end())


def _full_year(year: int, today: date) -> int:
    if year >= 100:
        return year
    century = today.year // 100 * 100
    return century + year if century + year <= today.year + _FUTURE_YEARS else century - 100 + year


def _near(text: str, start: int, end: int) -> bool:
    """Whether nothing but spaces, commas or an ordinal's ending stands between two places."""
    return 0 <= end - start <= 8 and bool(
        regex.fullmatch(r"[\s,.\-/']*(?:st|nd|rd|th|of|వ|వీ|वीं|वां|తేదీ|తారీఖు)?[\s,.\-/']*", text[start:end], regex.I)
    )


def _beside(piece: Piece, small: list[Found], text: str) -> bool:
    return any(_near(text, n.end, piece.start) or _near(text, piece.end, n.start) for n in small)


def _with_month(piece: Piece, month: int, small: list[Found], text: str, today: date) -> Found | None:
    before = next((n for n in small if 1 <= n.value <= 31 and _near(text, n.end, piece.start)), None)
    after = next((n for n in small if 1 <= n.value <= 31 and _near(text, piece.end, n.start)), None)
    day = before or after
    if day is None:
        return None
    rest = max(piece.end, day.end)
    start = min(piece.start, day.start)
    year, end = _year_after(rest, small, text)
    earlier = next((n for n in small if 1900 <= n.value <= 2100 and _near(text, n.end, start)), None)
    if earlier and year is None:
        year, start = earlier.value, earlier.start
    if year is None:
        return _coming(day.value, month, today, start, rest)
    return _made(year, month, day.value, start, end)


def _year_after(at: int, small: list[Found], text: str) -> tuple[int | None, int]:
    """A year in four digits, or said as two numbers: nineteen, seventy five."""
    following = [n for n in small if n.start >= at]
    if not following or not _near(text, at, following[0].start):
        return None, at
    first = following[0]
    if 1900 <= first.value <= 2100:
        return first.value, first.end
    alone = len(following) == 1 or not _near(text, first.end, following[1].start)
    if 32 <= first.value < 100 and alone:
        return _full_year(first.value, date.today()), first.end
    second = following[1] if len(following) > 1 and _near(text, first.end, following[1].start) else None
    if second and first.value in (19, 20) and 0 <= second.value < 100:
        return first.value * 100 + second.value, second.end
    return None, at


def _coming(day: int, month: int, today: date, start: int, end: int) -> Found | None:
    """The next such day, as nobody books backwards."""
    for year in range(today.year, today.year + 5):
        found = _made(year, month, day, start, end)
        if found and found.value >= today.isoformat():
            return Found("date", found.value, start, end, {"year": "guessed"})
    return None


def _shifted(days: int, today: date, start: int, end: int) -> Found:
    return Found("date", (today + timedelta(days=days)).isoformat(), start, end)


def _relative(pieces: Sequence[Piece], i: int, text: str, today: date) -> Found | None:
    piece = pieces[i]
    days = _value("days", piece)
    if days is None and _in("tomorrow_or_yesterday", piece) and not any(_in("past", p) for p in pieces):
        days = 1
    return None if days is None else _shifted(days, today, piece.start, piece.end)


def _phrase(text: str, phrase: str, days: int, today: date) -> Found | None:
    match = regex.search(rf"(?<![\p{{L}}\p{{M}}]){regex.escape(phrase)}", text.lower())
    return _shifted(days, today, match.start(), min(match.end(), len(text))) if match else None


def _weekday(pieces: Sequence[Piece], i: int, today: date) -> Found | None:
    day = _value("weekdays", pieces[i])
    marked = i > 0 and (_in("next", pieces[i - 1]) or _in("this", pieces[i - 1]))
    if day is None or (pieces[i].lower in ("sat", "sun", "mon", "wed", "fri", "tue", "thu") and not marked):
        return None
    ahead = (day - today.weekday() - 1) % 7 + 1
    return _shifted(ahead, today, pieces[i - 1].start if marked else pieces[i].start, pieces[i].end)


def _day_of_month(pieces: Sequence[Piece], i: int, small: list[Found], text: str, today: date) -> Found | None:
    """`15వ తేదీ`, `15 तारीख`: the next day of that number."""
    glued = pieces[i].lower in ("న", "నాడు") and i > 0 and pieces[i - 1].end == pieces[i].start
    if not glued and (not _in("day_words", pieces[i]) or pieces[i].lower == "date"):
        return None
    day = next((n for n in small if 1 <= n.value <= 31 and _near(text, n.end, pieces[i].start)), None)
    if day is None:
        return None
    for ahead in range(62):
        chosen = today + timedelta(days=ahead)
        if chosen.day == day.value:
            return Found("date", chosen.isoformat(), day.start, pieces[i].end, {"year": "guessed"})
    return None


def _after_days(pieces: Sequence[Piece], small: list[Found], text: str, today: date) -> Found | None:
    """`3 రోజుల తర్వాత`, `do din baad`."""
    for i in range(len(pieces) - 1):
        if _in("counted_days", pieces[i]) and _in("later", pieces[i + 1]):
            count = next((n for n in small if _near(text, n.end, pieces[i].start) and 0 < n.value < 400), None)
            if count:
                return _shifted(count.value, today, count.start, pieces[i + 1].end)
    return None


_CLOCK = regex.compile(
    r"(?<![\d:.])([01]?\d|2[0-3])[:.]([0-5]\d)(?![\d:.])\s*(am|pm)?|(?<!\d)(1[0-2]|[1-9])\s*([ap]m)(?!\p{L})", regex.I
)


def find_times(text: str, pieces: Sequence[Piece], numbers: Iterable[Found]) -> list[Found]:
    """Entities `time`: `HH:MM`, or a part of the day (morning, afternoon, evening, night) said without an hour."""
    part = next((name for p in pieces for name in ("night", "am", "pm") if _in(name, p)), None)
    found = []
    for m in _CLOCK.finditer(text):
        if m[4] or m[3] or ":" in m[0]:
            hour, minute = int(m[4] or m[1]), int(m[2] or 0)
            found.append(_clock(hour, minute, (m[5] or m[3] or part or "").lower(), m.start(), m.end()))
    for number in numbers:
        found += _said_hour(number, pieces, part or "")
    if found:
        return found
    named = [(name, p) for p in pieces for name in ("morning", "afternoon", "evening", "night") if _in(name, p)]
    return [Found("time", name, p.start, p.end) for name, p in named[:1]]


def _said_hour(number: Found, pieces: Sequence[Piece], part: str) -> list[Found]:
    after = next((p for p in pieces if p.start >= number.end), None)
    if after is None or not _in("oclock", after) or not isinstance(number.value, (int, float)):
        return []
    hour, minute = int(number.value), round(number.value % 1 * 60)
    return [_clock(hour, minute, part, number.start, after.end)] if 1 <= hour <= 23 else []


def _clock(hour: int, minute: int, part: str, start: int, end: int) -> Found:
    if hour < 12 and (part == "pm" or (part == "night" and hour >= 6)):
        hour += 12
    if hour == 12 and part in ("am", "night"):
        hour = 0
    return Found("time", f"{hour:02d}:{minute:02d}", start, end)
