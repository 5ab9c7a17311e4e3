"""Entities in one sentence: what they are, their plain value, and where they stand in the text as written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu_data.components.entities import Context, extract
from nlu_data.components.places import load_gazetteer

TODAY = date(2026, 11, 23)  # a Monday
CONTEXT = Context(TODAY, load_gazetteer())


def entities(text: str) -> list[tuple[str, Any]]:
    return [(found["entity"], found["value"]) for found in extract(text, CONTEXT)]


def value(text: str, entity: str) -> Any:
    return [found for name, found in entities(text) if name == entity]


@pytest.mark.parametrize(
    ("text", "entity", "expected"),
    [
        ("my number is 98480 22338", "mobile", "9848022338"),
        ("+91 9848022338", "mobile", "9848022338"),
        ("9848022338కి ఫోన్ చేయండి", "mobile", "9848022338"),
        ("nine eight four eight zero double two three three eight", "mobile", "9848022338"),
        ("aadhaar 2345 6789 0124", "aadhaar", "234567890124"),
        ("ఆధార్ ౨౩౪౫౬౭౮౯౦౧౨౪", "aadhaar", "234567890124"),
        ("పిన్ కోడ్ 520001", "pincode", "520001"),
        ("AP 39 AB 1234", "vehicle", "AP39AB1234"),
        ("ap39ab1234 చలాన్", "vehicle", "AP39AB1234"),
        ("22 BH 1234 AA", "vehicle", "22BH1234AA"),
        ("IFSC SBIN0001234", "ifsc", "SBIN0001234"),
        ("ic0123456 status", "account", "IC0123456"),
        ("PB-PGR-2026-11-12-001234", "account", "PB-PGR-2026-11-12-001234"),
        ("GNT190620250001", "account", "GNT190620250001"),
        ("CMRF number 2025/04417", "account", "2025/04417"),
        ("service number 0123456789012", "account", "0123456789012"),
        ("complaint number 5521", "account", "5521"),
        ("₹500", "amount", 500),
        ("రూ. 2,315 కట్టాలి", "amount", 2315),
        ("640/- pay", "amount", 640),
        ("300 రూపాయల దర్శనం", "amount", 300),
        ("ఆదాయం డెబ్బై ఐదు వేలు", "amount", 75000),
        ("my income is 95000", "amount", 95000),
        ("rendu tickets kavali", "number", 2),
        ("ఇద్దరికి దర్శనం", "number", 2),
        ("speak in Telugu", "language", "te"),
        ("हिंदी में बताओ", "language", "hi"),
        ("రాత్రి 9 గంటలకు", "time", "21:00"),
        ("बस रात दो बजे", "time", "02:00"),
        ("10:30 am", "time", "10:30"),
        ("साढ़े नौ बजे", "time", "09:30"),
    ],
)
def test_an_entity_has_its_plain_value(text: str, entity: str, expected: Any) -> None:
    assert value(text, entity) == [expected]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15/08/1975", "1975-08-15"),
        ("15-8-75", "1975-08-15"),
        ("1975-08-15", "1975-08-15"),
        ("౧౫/౦౮/౧౯౭౫", "1975-08-15"),
        ("15 ఆగస్టు 1975", "1975-08-15"),
        ("1975 ఆగస్టు 15", "1975-08-15"),
        ("Aug 15 1975", "1975-08-15"),
        ("15th august nineteen seventy five", "1975-08-15"),
        ("पंद्रह अगस्त 1975", "1975-08-15"),
        ("15 अगस्त", "2027-08-15"),
        ("రేపు", "2026-11-24"),
        ("రేపటికి", "2026-11-24"),
        ("ఎల్లుండి", "2026-11-25"),
        ("कल की टिकट", "2026-11-24"),
        ("परसों", "2026-11-25"),
        ("day after tomorrow", "2026-11-25"),
        ("వచ్చే సోమవారం", "2026-11-30"),
        ("agle somvar", "2026-11-30"),
        ("next monday", "2026-11-30"),
        ("శుక్రవారం", "2026-11-27"),
        ("25వ తేదీ", "2026-11-25"),
        ("20 तारीख", "2026-12-20"),
        ("3 రోజుల తర్వాత", "2026-11-26"),
        ("do din baad", "2026-11-25"),
    ],
)
def test_a_day_however_it_is_said_is_a_date(text: str, day: str) -> None:
    assert value(text, "date") == [day]


@pytest.mark.parametrize(
    "text", ["31/02/2020", "00/01/2020", "15/13/1999", "H.No 5-3-21", "कल बिजली चली गई थी", "may I pay"]
)
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    assert value(text, "date") == []


def test_twelve_digits_that_fail_the_check_stay_a_number_with_its_digits() -> None:
    found = extract("2345 6789 1234", CONTEXT)
    assert [(f["entity"], f["digits"]) for f in found] == [("number", "234567891234")]


@pytest.mark.parametrize(
    ("text", "role", "name"),
    [
        ("నా పేరు రాము", "self", "రాము"),
        ("naa peru Ravi Teja andi", "self", "Ravi Teja"),
        ("mera naam Ravi Kumar hai", "self", "Ravi Kumar"),
        ("my name is P. Venkata Ramana and my income is 2 lakhs", "self", "P. Venkata Ramana"),
        ("మా నాన్న పేరు సుబ్బయ్య", "father", "సుబ్బయ్య"),
        ("తండ్రి పేరు కె. నాగరాజు, తల్లి లేదు", "father", "కె. నాగరాజు"),
        ("मेरे पिता का नाम रामलाल है", "father", "रामलाल"),
        ("husband's name Suresh", "husband", "Suresh"),
        ("అమ్మ పేరు లక్ష్మమ్మ", "mother", "లక్ష్మమ్మ"),
        ("patient name is Abdul", "patient", "Abdul"),
        ("నాన్న పేరు సుబ్బారావు కాదు సుబ్బయ్య", "father", "సుబ్బయ్య"),
    ],
)
def test_a_name_comes_with_whose_it_is(text: str, role: str, name: str) -> None:
    assert [(f["role"], f["value"]) for f in extract(text, CONTEXT) if f["entity"] == "name"] == [(role, name)]


@pytest.mark.parametrize(
    "text", ["my name is wrong", "నా పేరు తప్పుగా వచ్చింది", "ek certificate chahiye", "no one came", "I need one"]
)
def test_ordinary_words_are_no_entities(text: str) -> None:
    assert entities(text) == []


@pytest.mark.parametrize("text", ["\u200bనా నంబర్ ౯౮౪౮౦ ౨౨౩౩౮.", "  call   98480 22338 !"])
def test_offsets_point_into_the_text_as_written(text: str) -> None:
    (found,) = [f for f in extract(text, CONTEXT) if f["entity"] == "mobile"]
    assert text[found["start"] : found["end"]] == found["text"]
    assert found["text"].strip()[-1] in "8౮"


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(exclude_categories=()), max_size=80)
    | st.text(st.sampled_from("0123456789 /-.,:౧౨३४aApPనlakhవేల"), max_size=40)
)
def test_any_string_is_survived(text: str) -> None:
    found = extract(text, CONTEXT)
    assert all(0 <= f["start"] < f["end"] <= len(text) for f in found)
    spans = sorted((f["start"], f["end"]) for f in found)
    assert all(a[1] <= b[0] or a == b for a, b in zip(spans, spans[1:], strict=False))
