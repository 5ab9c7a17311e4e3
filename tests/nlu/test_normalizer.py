"""Text is normalised in one place, and what is found in it can be pointed at in what was written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu_data.components.normalizer import normalize

MARKS = st.sampled_from("\u200c\u200d\u200b\ufeff aZ1.,।")
INDIC = st.text(st.characters(min_codepoint=0x900, max_codepoint=0xD7F) | MARKS)
ANYTHING = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("రేషన్‌ కార్డు", "రేషన్ కార్డు"),
        ("౧౨౩ ४५६ ௭", "123 456 7"),
        ("नमस्ते।मदद", "नमस्ते. मदद"),
        ("a\u00a0\u2003b\t\nc", "a b c"),
        ("“మీ” – ‘సేవ’…", "\"మీ\" - 'సేవ'..."),
        ("\u0958\u095b", "क़ज़"),  # composed letters with a dot below are always taken apart
        ("\u0c46\u0c56", "\u0c48"),
        ("\u0c46\u200b\u0c56", "\u0c48"),
        ("\ufeffhello\x00\ud800", "hello"),
        ("   ", ""),
    ],
)
def test_one_form_of_every_letter(written: str, normal: str) -> None:
    assert normalize(written).text == normal


@given(INDIC | ANYTHING)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalize(text).text
    assert normalize(once).text == once
    assert unicodedata.is_normalized("NFC", once)


@given(INDIC | ANYTHING)
def test_every_letter_knows_where_it_stood(text: str) -> None:
    done = normalize(text)
    assert len(done.starts) == len(done.ends) == len(done.text)
    assert all(0 <= start < end <= len(text) for start, end in zip(done.starts, done.ends, strict=True))
    assert list(done.starts) == sorted(done.starts)


def test_a_span_points_into_the_original() -> None:
    written = "\u200bరేష\u200cన్  ౧౨౩"
    done = normalize(written)
    at = done.text.index("123")
    start, end = done.span(at, at + 3)
    assert written[start:end] == "౧౨౩"


def test_a_very_long_message_is_cut() -> None:
    assert len(normalize("అ" * 10_000).text) <= 2000
