"""Checks: what passes is well formed; what does not is refused with a sentence that exists; nothing else is raised."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import verhoeff
from stdnum.in_ import aadhaar as aadhaar_number

from actions.catalog import Catalog, Choice, Slot
from actions.checks import CHECKS, Answer, match_choice
from actions.errors import Refused

TODAY = date(2026, 11, 23)
TEXTS = {"te": "x", "hi": "x", "en": "x"}
NATIVE_ZEROS = {"te": 0x0C66, "hi": 0x0966, "en": 0x30}


def slot(check: str, **more: object) -> Slot:
    return Slot("s", check, TEXTS, TEXTS, TEXTS, **more)  # type: ignore[arg-type]


def entity(kind: str, value: object) -> dict[str, object]:
    return {"entity": kind, "value": value}


def native(digits: str, script: str) -> str:
    return "".join(chr(NATIVE_ZEROS[script] + int(d)) for d in digits)


@given(st.text(max_size=600), st.sampled_from(sorted(CHECKS)))
def test_any_text_passes_or_is_refused(catalog: Catalog, text: str, check: str) -> None:
    one = slot(check, choices=(Choice("a", {"te": "అవును", "hi": "हाँ", "en": "yes"}),))
    try:
        value = CHECKS[check](Answer(text), one, TODAY)
    except Refused as refused:
        assert refused.reason in catalog.sentences
    else:
        assert value or value == 0


@given(st.integers(20000000000, 99999999999), st.sampled_from(sorted(NATIVE_ZEROS)), st.booleans())
def test_an_aadhaar_passes_in_any_digits_and_grouping(number: int, script: str, grouped: bool) -> None:
    digits = f"{number}{verhoeff.calc_check_digit(str(number))}"
    written = f"{digits[:4]} {digits[4:8]} {digits[8:]}" if grouped else digits
    if aadhaar_number.is_valid(digits):
        assert CHECKS["aadhaar"](Answer(native(written.replace(" ", ""), script)), slot("aadhaar"), TODAY) == digits
        assert CHECKS["aadhaar"](Answer(written), slot("aadhaar"), TODAY) == digits


@given(st.integers(20000000000, 99999999999), st.integers(1, 9))
def test_an_aadhaar_with_one_wrong_digit_is_refused(number: int, shift: int) -> None:
    digits = f"{number}{verhoeff.calc_check_digit(str(number))}"
    wrong = digits[:-1] + str((int(digits[-1]) + shift) % 10)
    with pytest.raises(Refused, match="refused_aadhaar_checksum"):
        CHECKS["aadhaar"](Answer(wrong), slot("aadhaar"), TODAY)


@given(st.integers(6000000000, 9999999999), st.sampled_from(["", "+91 ", "91", "0"]))
def test_a_mobile_passes_with_or_without_its_prefix(number: int, prefix: str) -> None:
    assert CHECKS["mobile"](Answer(f"{prefix}{number}"), slot("mobile"), TODAY) == str(number)


@given(st.dates(date(1920, 1, 1), date(2100, 1, 1)))
def test_a_day_is_past_or_future_but_never_both_except_today(day: date) -> None:
    answer = Answer("x", (entity("date", day.isoformat()),))
    passed = set()
    for check in ("past_date", "future_date"):
        try:
            passed.add(CHECKS[check](answer, slot(check), TODAY))
        except Refused:
            continue
    assert passed == {day.isoformat()} or TODAY + timedelta(days=120) < day


@pytest.mark.parametrize("written", ["31/02/1990", "31-02-90", "31.2.1990"])
def test_a_date_that_does_not_exist_is_called_impossible(written: str) -> None:
    with pytest.raises(Refused, match="refused_date_impossible"):
        CHECKS["past_date"](Answer(written), slot("past_date"), TODAY)


@pytest.mark.parametrize(("value", "passes"), [(1, True), (6, True), (0, False), (7, False)])
def test_a_number_stays_within_its_bounds(value: int, passes: bool) -> None:
    one = slot("number", minimum=1, maximum=6)
    answer = Answer(str(value), (entity("number", value),))
    if passes:
        assert CHECKS["number"](answer, one, TODAY) == value
    else:
        with pytest.raises(Refused, match="refused_number_range"):
            CHECKS["number"](answer, one, TODAY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IC0123456", "IC0123456"),
        ("my number is ic 0123456", "IC0123456"),
        ("PB-PGR-2026-11-20-000123", "PB-PGR-2026-11-20-000123"),
    ],
)
def test_an_application_number_is_found_in_a_sentence(text: str, code: str) -> None:
    assert CHECKS["application_number"](Answer(text), slot("application_number"), TODAY) == code


def test_every_choice_is_found_by_each_of_its_names_and_words(catalog: Catalog) -> None:
    for one in catalog.slots.values():
        owners: dict[str, set[str]] = {}
        for choice in one.choices:
            for word in (*choice.name.values(), *choice.words):
                owners.setdefault(word.casefold(), set()).add(choice.id)
        for word, ids in owners.items():
            assert match_choice(word, one.choices) in ids, (one.id, word)
            assert len(ids) == 1, f"{one.id}: {word!r} means {sorted(ids)}"
