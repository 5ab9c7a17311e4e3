"""All entities of one text, by rule: each found by its own module, none overlapping another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from nlu_data.components import dates, ids, names, numbers, places
from nlu_data.components.normalizer import normalize
from nlu_data.components.pieces import Found, Piece, cut, read_words

_ORDER = (
    "name",
    "ifsc",
    "date",
    "time",
    "aadhaar",
    "mobile",
    "vehicle",
    "pincode",
    "account",
    "amount",
    "number",
    "place",
    "language",
)
_RUPEE_SIGNS = frozenset({"₹", "rs", "inr", "రూ", "రు", "रु", "रू"})
_LEAST_INCOME = 500  # `my income certificate is four years old` names no amount
_CONTEXT = 6  # pieces before a number in which `income` makes it an amount


@dataclass(frozen=True)
class Context:
    """What the rules need besides the text: the day it is, the places, and ordinary words (as keys)."""

    today: date
    gazetteer: places.Gazetteer
    ordinary: frozenset[str] = frozenset()


def extract(text: str, context: Context) -> list[dict[str, Any]]:
    """Entities of a text as Rasa has them: entity, value, start, end in the text as written, further keys."""
    done = normalize(text)
    kept = without_overlaps(find(done.text, context))
    entities = []
    for found in sorted(kept, key=lambda f: f.start):
        start, end = done.span(found.start, found.end)
        entity = {"entity": found.entity, "value": found.value, "text": text[start:end], "start": start, "end": end}
        entities.append({**entity, **found.extra})
    return entities


def find(text: str, context: Context) -> list[Found]:
    """Everything any rule sees in a normalised text; overlapping."""
    pieces = cut(text)
    counted = numbers.find(pieces)
    found = ids.find(text, [n for n in counted if n.entity == "digits"])
    quantities = [n for n in counted if n.entity == "number"]
    found += dates.find_dates(text, pieces, quantities, context.today)
    found += dates.find_times(text, pieces, quantities)
    found += [one for number in quantities for one in _quantity(number, pieces)]
    found += names.find(text)
    found += places.find(pieces, context.gazetteer, context.ordinary)
    return found + _languages(pieces)


def without_overlaps(found: Sequence[Found]) -> list[Found]:
    """Of entities that overlap, the one of the stronger kind, then the longer one."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (_ORDER.index(f.entity), f.start - f.end)):
        if one.end > one.start and all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return kept


def _quantity(number: Found, pieces: Sequence[Piece]) -> list[Found]:
    """A number as `amount` or `number`; nothing for a word like `one` that counts nothing."""
    before = [p for p in pieces if p.end <= number.start][-_CONTEXT:]
    after = [p for p in pieces if p.start >= number.end][:2]
    extra = {key: number.extra[key] for key in ("digits",) if key in number.extra}
    signed = _sign_before(before) or _sign_after(after)
    told = number.value >= _LEAST_INCOME and any(p.lower in _words("amount_context") for p in before)
    if signed or number.extra["many"] or number.extra["commas"] or told:
        start = before[-1].start if _sign_before(before) and before[-1].lower != "." else number.start
        return [] if number.value == 0 else [replace(number, entity="amount", start=start, extra=extra)]
    counts = bool(after) and any(_counts(p) for p in after[:1])
    if number.extra["careful"] and not counts and len([p for p in pieces if p.kind != "sign"]) > 1:
        return []
    if number.extra["people"]:
        extra["counts"] = "people"
    return [replace(number, extra=extra)]


def _counts(piece: Piece) -> bool:
    return piece.lower in _words("count") or any(piece.lower.startswith(w) for w in _words("count") if len(w) > 4)


def _sign_before(before: Sequence[Piece]) -> bool:
    near = [p.lower for p in before[-2:] if p.lower != "."]
    return bool(near) and near[-1] in _RUPEE_SIGNS


def _sign_after(after: Sequence[Piece]) -> bool:
    shown = [p.lower for p in after]
    return bool(shown) and (
        shown[0] in _words("amount") or shown[0] in _RUPEE_SIGNS or shown in (["/", "-"], ["/", "="])
    )


@lru_cache(maxsize=8)
def _words(name: str) -> frozenset[str]:
    data = read_words("numbers.yml")
    return frozenset(normalize(str(word)).text.lower() for word in data.get(name) or data["units"][name])


@lru_cache(maxsize=1)
def _language_names() -> dict[str, str]:
    listed = read_words("languages.yml")["names"]
    return {normalize(str(word)).text.lower(): language for language, spelled in listed.items() for word in spelled}


def _languages(pieces: Sequence[Piece]) -> list[Found]:
    """Languages that the citizen names; whether they ask for one is the intent's business."""
    known = _language_names()
    return [Found("language", known[p.lower], p.start, p.end) for p in pieces if p.lower in known]
