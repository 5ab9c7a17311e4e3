"""Checks of answers: words and the entities found in them -> a value to store, or Refused with a reason.

Every check has the shape `(Answer, Slot, today) -> value`; values are plain (str, int, dict) and stored as they are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import regex
from rapidfuzz import fuzz, process
from stdnum.in_ import aadhaar as aadhaar_number

from actions.catalog import Choice, Slot
from actions.errors import Refused

FURTHEST_BOOKING = timedelta(days=120)
OLDEST_PERSON = timedelta(days=366 * 120)
LONGEST_TEXT = 500
NAME = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M} .'’-]*")
CODE = regex.compile(r"(?=[A-Z0-9/-]*\d)[A-Z0-9][A-Z0-9/-]{4,29}")
IFSC = regex.compile(r"[A-Z]{4}0[A-Z0-9]{6}")
DATE_SHAPE = regex.compile(r"\d{1,4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,4}")


@dataclass(frozen=True)
class Answer:
    """What a citizen answered: normalised text, the entities in it, a shared place if there is one."""

    text: str
    entities: tuple[Mapping[str, Any], ...] = ()
    location: Mapping[str, float] | None = None

    def of(self, *kinds: str) -> list[Mapping[str, Any]]:
        """The entities of these kinds, in the order of the text."""
        return [e for e in self.entities if e["entity"] in kinds]

    @property
    def digits(self) -> str:
        """The digits of the longest number in the answer, also when it was said in words or written in groups."""
        found = [
            str(e.get("digits") or e["value"])
            for e in self.of("aadhaar", "mobile", "pincode", "account", "number", "amount")
        ]
        groups = regex.findall(r"\d[\d -]*\d|\d", self.text)
        return max((_ascii_digits(run) for run in (*found, *groups)), key=len, default="")


def plain(text: str) -> str:
    """Lower-case words with single spaces; rapidfuzz's own processor cuts Indic words at vowel signs."""
    return str(regex.sub(r"[^\p{L}\p{M}\p{N}]+", " ", text.casefold()).strip())


def _ascii_digits(run: str) -> str:
    return "".join(str(unicodedata.decimal(c)) for c in run if unicodedata.decimal(c, None) is not None)


Check = Callable[[Answer, Slot, date], Any]


def name(answer: Answer, slot: Slot, today: date) -> str:
    """A person's name in any script: letters, spaces, dots; at most six words."""
    named = answer.of("name")
    fitting = [e for e in named if not slot.role or e.get("role", slot.role) == slot.role] or named
    text = str(fitting[0]["value"]) if fitting else answer.text.strip(" .,!")
    if not NAME.fullmatch(text) or len(text) < 2 or len(text.split()) > 6:
        raise Refused("refused_name")
    return text


def aadhaar(answer: Answer, slot: Slot, today: date) -> str:
    """Twelve digits with a right Verhoeff check digit."""
    digits = answer.digits
    if len(digits) != 12:
        raise Refused("refused_aadhaar_length", count=len(digits))
    if not aadhaar_number.is_valid(digits):
        raise Refused("refused_aadhaar_checksum")
    return digits


def mobile(answer: Answer, slot: Slot, today: date) -> str:
    """An Indian mobile number, ten digits; a leading +91 or 0 is taken off."""
    digits = regex.sub(r"^(?:91|0)(?=\d{10}$)", "", answer.digits)
    if not regex.fullmatch(r"[6-9]\d{9}", digits):
        raise Refused("refused_mobile")
    return str(digits)


def pincode(answer: Answer, slot: Slot, today: date) -> str:
    """Six digits, the first not 0."""
    if not regex.fullmatch(r"[1-9]\d{5}", answer.digits):
        raise Refused("refused_pincode")
    return answer.digits


def past_date(answer: Answer, slot: Slot, today: date) -> str:
    """A day that has been, ISO."""
    day = _date(answer)
    if day > today:
        raise Refused("refused_date_future")
    if day < today - OLDEST_PERSON:
        raise Refused("refused_date")
    return day.isoformat()


def future_date(answer: Answer, slot: Slot, today: date) -> str:
    """Today or a day within the booking window, ISO."""
    day = _date(answer)
    if day < today:
        raise Refused("refused_date_past")
    if day > today + FURTHEST_BOOKING:
        raise Refused("refused_date_too_far", days=FURTHEST_BOOKING.days)
    return day.isoformat()


def _date(answer: Answer) -> date:
    found = answer.of("date")
    if found:
        return date.fromisoformat(str(found[0]["value"])[:10])
    raise Refused("refused_date_impossible" if DATE_SHAPE.search(answer.text) else "refused_date")


def rupees(answer: Answer, slot: Slot, today: date) -> int:
    """An amount of money, whole rupees."""
    return _number(answer, slot, "refused_amount", "amount", "number")


def number(answer: Answer, slot: Slot, today: date) -> int:
    """A count within the slot's bounds."""
    return _number(answer, slot, "refused_number", "number", "amount")


def _number(answer: Answer, slot: Slot, reason: str, *kinds: str) -> int:
    found = [e for kind in kinds for e in answer.of(kind)]
    if not found:
        raise Refused(reason)
    value = int(found[0]["value"])
    low, high = slot.minimum if slot.minimum is not None else 0, slot.maximum
    if value < low or (high is not None and value > high):
        raise Refused("refused_number_range" if high is not None else reason, minimum=low, maximum=high)
    return value


def place(answer: Answer, slot: Slot, today: date) -> str:
    """A place of the gazetteer of one of the slot's kinds, by its English name."""
    found = answer.of("place")
    fitting = _fitting_places(found, slot)
    if fitting:
        return str(fitting[0]["value"])
    if slot.kinds == ("district",) and (within := next((e["district"] for e in found if e.get("district")), None)):
        return str(within)
    if found:
        raise Refused("refused_place_kind", text=found[0].get("text", answer.text))
    raise Refused("refused_place", text=answer.text[:40])


def _fitting_places(found: list[Mapping[str, Any]], slot: Slot) -> list[Mapping[str, Any]]:
    of_kind = [e for e in found if not slot.kinds or set(slot.kinds) & set(e.get("kinds") or ())]
    of_role = [e for e in of_kind if e.get("role") == slot.role]
    without = [e for e in of_kind if not e.get("role")]
    return of_role or without or of_kind if slot.role else of_kind


def locality(answer: Answer, slot: Slot, today: date) -> str:
    """A mandal, village or street: a known place by its English name, else the words themselves."""
    found = _fitting_places(answer.of("place"), slot)
    if found and len(answer.text.split()) <= 3:
        return str(found[0]["value"])
    return text(answer, slot, today)


def location(answer: Answer, slot: Slot, today: date) -> Any:
    """A shared place ({latitude, longitude}) or words that describe one."""
    if answer.location:
        return dict(answer.location)
    return text(answer, slot, today)


def account(answer: Answer, slot: Slot, today: date) -> str:
    """A number of digits only; its length must be one of the slot's."""
    digits = answer.digits
    if not digits or (slot.digits and len(digits) not in slot.digits) or not 5 <= len(digits) <= 20:
        raise Refused("refused_account_length", digits=", ".join(map(str, slot.digits)), count=len(digits))
    return digits


def application_number(answer: Answer, slot: Slot, today: date) -> str:
    """Letters and digits as on the receipt, capitals, spaces taken out."""
    found = [str(e["value"]) for e in answer.of("account", "vehicle")]
    codes = CODE.findall(regex.sub(r"(?<=[A-Z])\s+(?=\d)|(?<=\d)\s+(?=\d)", "", answer.text.upper()))
    candidates = [c for c in [*found, *codes, answer.digits] if CODE.fullmatch(c.upper())]
    if not candidates:
        raise Refused("refused_application_number")
    return str(max(candidates, key=len)).upper()


ticket = application_number


def ifsc(answer: Answer, slot: Slot, today: date) -> str:
    """Four letters, a zero, six letters or digits."""
    found = IFSC.search(regex.sub(r"\s+", "", answer.text.upper()))
    if not found:
        raise Refused("refused_ifsc")
    return str(found.group())


def text(answer: Answer, slot: Slot, today: date) -> str:
    """Any words, 2 to 500 code points with a letter or digit among them."""
    words = answer.text.strip()
    if len(words) < 2 or not regex.search(r"[\p{L}\p{N}]", words):
        raise Refused("refused_text_short")
    if len(words) > LONGEST_TEXT:
        raise Refused("refused_text_long", maximum=LONGEST_TEXT)
    return words


def choice(answer: Answer, slot: Slot, today: date) -> str:
    """One of the slot's choices, by its name or another word for it in any language."""
    found = match_choice(answer.text, slot.choices)
    if not found:
        raise Refused("refused_choice")
    return found


def match_choice(said: str, choices: tuple[Choice, ...]) -> str | None:
    """The id of the choice that `said` names, by whole words, then by a close spelling; None when none is."""
    words = {form: c.id for c in choices for form in map(plain, (c.id, *c.name.values(), *c.words)) if form}
    text = plain(said)
    if text in words:
        return words[text]
    inside = [
        form
        for form in words
        if regex.search(rf"(?<![\p{{L}}\p{{M}}\p{{N}}]){regex.escape(form)}(?![\p{{L}}\p{{M}}\p{{N}}])", text)
    ]
    if inside:
        return words[max(inside, key=len)]
    close = process.extractOne(text, list(words), scorer=fuzz.ratio, score_cutoff=85) if text else None
    return words[close[0]] if close else None


CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        name,
        aadhaar,
        mobile,
        pincode,
        past_date,
        future_date,
        rupees,
        number,
        place,
        locality,
        location,
        account,
        application_number,
        ifsc,
        text,
        choice,
    )
} | {"ticket": ticket}
FREE_TEXT = frozenset({"text", "name", "location", "locality"})
"""Checks that nearly any words pass: a question or a command must be recognised before them."""

READ_BACK = frozenset({"aadhaar", "mobile", "account", "pincode", "application_number", "ticket", "ifsc"})
"""Checks whose digits are read back to a citizen who spoke them."""
