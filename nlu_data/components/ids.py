"""Numbers that name something: mobile, Aadhaar, PIN code, vehicle, IFSC, account and application numbers."""

from __future__ import annotations

from collections.abc import Iterable

import regex
from stdnum import verhoeff

from nlu_data.components.pieces import Found

_STATES = (
    "AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|"
    "NL|OD|OR|PB|PY|RJ|SK|TG|TN|TR|TS|UK|UP|WB"
)
_EDGE, _END = r"(?<![\p{L}\p{M}\d])", r"(?![A-Za-z\d])"  # a native ending may be glued to an id
_IFSC = regex.compile(_EDGE + r"[A-Z]{4}0(?=[A-Z\d]*\d)[A-Z\d]{6}" + _END, regex.I)
_VEHICLE = regex.compile(
    _EDGE
    + rf"(?:(?:{_STATES})[ -]?\d{{1,2}}[ -]?[A-Z]{{0,3}}[ -]?\d{{4}}|\d\d[ -]?BH[ -]?\d{{4}}[ -]?[A-Z]{{1,2}})"
    + _END,
    regex.I,
)
_MOBILE = regex.compile(r"(?<![\d.,A-Za-z/])(?:\+?91[ -]?|0)?[6-9]\d(?:[ -]?\d){8}(?![\d]|[.,]\d)")
_AADHAAR = regex.compile(r"(?<!\d)(?<!\d[ -])\d{4}([ -]?)\d{4}\1\d{4}(?!\d|[ -]\d)")
_CODE = regex.compile(
    _EDGE + r"(?=[A-Z\d/-]*[A-Z])(?=(?:[A-Z/-]*\d){4})[A-Z\d]+(?:[/-][A-Z\d]+|(?: \d{3,})(?!\d| \d{1,2}\b))*" + _END,
    regex.I,
)
_DIGITS = regex.compile(r"(?<![\d.,/A-Za-z-])\d{4,18}(?![\d/A-Za-z]|[.,-]\d)")
_JOINED = regex.compile(r"(?<![\d.,/A-Za-z-])\d{2,6}(?: \d{2,6}){1,4}(?![\d/A-Za-z]|[.,-]\d)")
_FILE = regex.compile(r"(?<![\d/A-Za-z-])(?:\d{4}[/-]\d{4,7}|\d{4,7}[/-]\d{4})(?![\d/A-Za-z-])")  # 2025/04417
_PIN_WORD = regex.compile(r"pin|పిన్|पिन", regex.I)
_ACCOUNT_WORD = regex.compile(
    r"number|no\.?\b|a/c|account|khata|pnr|file|application|service|consumer|assessment|token|ticket|receipt|reference|"
    r"నంబర్|నెంబర్|నంబరు|నెంబరు|సర్వీసు|ఖాతా|అకౌంట్|దరఖాస్తు|టికెట్|नंबर|नम्बर|संख्या|खाता|अकाउंट|आवेदन|सर्विस|टिकट",
    regex.I,
)
_RUPEE_SOON = regex.compile(r"^\s*(?:/-|/=|rs|rupe|రూ|रु|inr)", regex.I)
_END_OF_DATE = regex.compile(r"^\d{1,2}(?:st|nd|rd|th)", regex.I)
_NEAR = 30  # letters before a number in which a word says what it is


def find(text: str, spoken: Iterable[Found]) -> list[Found]:
    """Ids of a normalised text; `spoken` are the digit strings found in words."""
    found = [_plain("ifsc", m) for m in _IFSC.finditer(text)]
    found += [_plain("vehicle", m) for m in _VEHICLE.finditer(text)]
    found += [_aadhaar(regex.sub(r"\D", "", m[0]), m.start(), m.end()) for m in _AADHAAR.finditer(text)]
    found += [Found("mobile", regex.sub(r"\D", "", m[0])[-10:], m.start(), m.end()) for m in _MOBILE.finditer(text)]
    codes = [_plain("account", m) for m in _CODE.finditer(text) if not _END_OF_DATE.search(m[0])]
    codes += [_plain("account", m) for m in _FILE.finditer(text)]
    for match in [*_DIGITS.finditer(text), *_JOINED.finditer(text)]:
        found += _of_digits(match[0].replace(" ", ""), match.start(), match.end(), text)
    for one in spoken:
        found += _of_digits(one.value, one.start, one.end, text)
    return codes + [one for one in found if one.entity in ("ifsc", "vehicle", "aadhaar") or not _inside(one, codes)]


def _inside(one: Found, codes: Iterable[Found]) -> bool:
    return any(one.start < code.end and one.end > code.start for code in codes)


def _plain(entity: str, match: regex.Match[str]) -> Found:
    value = match[0].upper().replace(" ", "")
    if entity != "account":
        value = value.replace("-", "")
    return Found(entity, value, match.start(), match.end())


def _aadhaar(digits: str, start: int, end: int) -> Found:
    """Twelve digits that fail the check digit stay a number, so that a form can say what is wrong with them."""
    if digits[0] in "23456789" and verhoeff.is_valid(digits):
        return Found("aadhaar", digits, start, end)
    if digits[0] in "01":
        return Found("account", digits, start, end)
    return Found("number", int(digits), start, end, {"digits": digits})


def _of_digits(digits: str, start: int, end: int, text: str) -> list[Found]:
    """What a string of digits is, by its length, its first digits and the words before it."""
    before = text[max(0, start - _NEAR) : start]
    if len(digits) == 12:
        return [_aadhaar(digits, start, end)]
    if len(digits) in (10, 11, 12, 13) and regex.fullmatch(r"(?:0|91)?[6-9]\d{9}", digits):
        return [Found("mobile", digits[-10:], start, end)]
    if _RUPEE_SOON.match(text[end:]):
        return []
    if len(digits) == 6 and _is_pincode(digits, before):
        return [Found("pincode", digits, start, end)]
    named = _ACCOUNT_WORD.search(before) is not None
    if len(digits) > 8 or (len(digits) > 3 and named) or (len(digits) > 4 and digits.startswith("0")):
        return [] if "," in text[start:end] else [Found("account", digits, start, end)]
    return []


def _is_pincode(digits: str, before: str) -> bool:
    if digits[0] == "0":
        return False
    return bool(_PIN_WORD.search(before)) or not digits.endswith("000")
