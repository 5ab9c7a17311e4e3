"""Texts are prepared so that a speech engine says what is meant."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from voice.spoken import LONGEST, spoken, words

LANGUAGES = ("te", "hi", "en")
RUPEES = {language: words(language).rupees for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_application_number_is_said_sign_by_sign(language: str) -> None:
    assert "G N T 1, 9 0 6 2, 0 2 5 0, 0 0 1" in spoken("GNT190620250001"[:14] + "1", language).replace(" ,", ",")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mobile_number_is_said_digit_by_digit(language: str) -> None:
    assert spoken("9876543210", language) == "9 8 7 6, 5 4 3 2, 1 0"


@pytest.mark.parametrize("written", ["\u20b91,20,000", "Rs. 1,20,000", "rs 120000", "1,20,000/-"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_amount_is_one_number_and_the_word_for_rupees(written: str, language: str) -> None:
    assert spoken(written, language) == f"120000 {RUPEES[language]}"


def test_paise_are_said_only_when_there_are_any() -> None:
    assert spoken("\u20b945.50", "en") == "45.50 rupees"
    assert spoken("\u20b945.00", "en") == "45 rupees"


@pytest.mark.parametrize("written", ["2026-11-05", "05/11/2026", "5-11-2026", "05.11.2026"])
def test_a_date_has_its_month_by_name(written: str) -> None:
    assert spoken(written, "en") == "5 november 2026"
    assert spoken(written, "te") == f"5 {words('te').months[10]} 2026"


def test_the_visible_end_of_a_masked_number_is_said_digit_by_digit() -> None:
    assert spoken("aadhaar XXXX XXXX 1234", "en") == "aadhaar 1 2 3 4"


def test_links_markup_and_emoji_are_not_said() -> None:
    assert spoken("*Pay* _now_: https://a.example/x?y=1 \U0001f600 `ok`", "en") == "Pay now: ok"


def test_native_digits_and_danda_become_plain() -> None:
    assert spoken("\u0966\u0967 \u0c28\u0c3e\u0964 \u0c68", "hi") == "01 \u0c28\u0c3e. 2"


def test_abbreviations_are_said_in_the_language() -> None:
    assert spoken("PDF", "en") == "P D F"
    assert regex.search(r"\p{Telugu}", spoken("PDF", "te"))


def test_a_long_text_is_cut_after_a_sentence() -> None:
    assert spoken("One sentence here. " * 80, "en").endswith("here.")


@given(st.text(max_size=900), st.sampled_from(LANGUAGES))
def test_any_text_is_one_short_line_without_markup_or_links(text: str, language: str) -> None:
    said = spoken(text, language)
    assert len(said) <= LONGEST
    assert not regex.search(r"[\n\r*_~`#<>|\[\]{}\ue000]|https?://", said)
    assert said == said.strip()


@given(st.integers(10_000, 10**14), st.sampled_from(LANGUAGES))
def test_every_digit_of_a_long_number_is_said_in_order(number: int, language: str) -> None:
    assert regex.sub(r"[ ,]", "", spoken(f"no {number} ok", language)) == f"no{number}ok"
