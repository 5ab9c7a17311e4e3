"""Numbers in digits and in words, in three languages and two kinds of letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu_data.components.normalizer import normalize
from nlu_data.components.numbers import find
from nlu_data.components.pieces import cut


def numbers(text: str) -> list[object]:
    return [found.value for found in find(cut(normalize(text).text))]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("1,20,000", 120000),
        ("1.2 lakh", 120000),
        ("౫౦", 50),
        ("७५ हज़ार", 75000),
        ("75k", 75000),
        ("డెబ్బై ఐదు వేలు", 75000),
        ("debbai aidu velu", 75000),
        ("లక్షా ఇరవై వేలు", 120000),
        ("లక్షన్నర", 150000),
        ("రెండున్నర లక్షలు", 250000),
        ("పదివేలు", 10000),
        ("padihenu velu", 15000),
        ("నూట ఇరవై", 120),
        ("ఇరవైఐదు", 25),
        ("rendu velu moodu vandalu", 2300),
        ("paintees hazaar", 35000),
        ("डेढ़ लाख", 150000),
        ("ढाई हज़ार", 2500),
        ("साढ़े तीन हजार", 3500),
        ("सवा सौ", 125),
        ("एक लाख दस हजार", 110000),
        ("dedh lakh", 150000),
        ("two lakh fifty thousand", 250000),
        ("one hundred and five", 105),
        ("twenty-five", 25),
        ("2 lakh 50 thousand", 250000),
        ("half lakh", 50000),
        ("ముగ్గురికి", 3),
    ],
)
def test_a_number_in_words_has_its_value(said: str, value: int) -> None:
    assert numbers(said) == [value]


@pytest.mark.parametrize(
    "said",
    [
        "nine eight four eight zero double two three three eight",
        "తొమ్మిది ఎనిమిది నాలుగు ఎనిమిది సున్నా డబుల్ రెండు మూడు మూడు ఎనిమిది",
        "नौ आठ चार आठ शून्य दो दो तीन तीन आठ",
        "నైన్ ఎయిట్ ఫోర్ ఎయిట్ జీరో టూ టూ త్రీ త్రీ ఎయిట్",
        "ninety eight four eight zero two two three three eight",
        "nau aath char aath zero do do teen teen aath",
    ],
)
def test_digits_said_one_by_one_are_a_string(said: str) -> None:
    assert numbers(said) == ["9848022338"]


def test_two_numbers_side_by_side_stay_two() -> None:
    assert numbers("okati rendu") == [1, 2]


@pytest.mark.parametrize("text", ["साथ", "అద్దె", "బనవాయే", "कर दो", "कोठी", "అదే ఇల్లు"])
def test_words_that_only_sound_like_numbers_are_none(text: str) -> None:
    assert [n for n in find(cut(text)) if not n.extra["careful"]] == []


@given(st.integers(0, 10**9))
def test_every_whole_number_in_digits_is_itself(value: int) -> None:
    assert numbers(str(value)) == [value]


JUMBLE = "two lakh crore thousand hundred half double వేల లక్ష డెబ్బై साढ़े డబుల్ న్నర 5 1.5 and".split()


@given(st.lists(st.sampled_from(JUMBLE)))
def test_any_jumble_of_number_words_is_survived(jumble: list[str]) -> None:
    assert all(n.end > n.start for n in find(cut(" ".join(jumble))))
