"""Latin-letter copies of native text, as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu_data.components.concepts import load_lexicon
from nlu_data.components.learn_romanization import align, learn
from nlu_data.components.phonetics import phonetic_key, skeleton
from nlu_data.components.romanizer import romanize, sounds, variants

LEXICON = load_lexicon()


def test_english_words_keep_their_english_spelling() -> None:
    mixed, usual, *_ = variants("నాకు ఇన్‌కమ్ సర్టిఫికెట్ కావాలి", 2, 7, LEXICON)
    assert mixed == "నాకు income certificate కావాలి"
    assert usual.split()[1:3] == ["income", "certificate"]
    assert usual.isascii()


def test_the_same_seed_gives_the_same_copies() -> None:
    text = "मुझे बिजली का बिल भरना है"
    assert variants(text, 3, 7, LEXICON) == variants(text, 3, 7, LEXICON)
    assert variants(text, 3, 7, LEXICON) != variants(text, 3, 8, LEXICON)


@pytest.mark.parametrize("text", ["income certificate kavali", "12345", "", "?!"])
def test_text_without_native_letters_has_no_copies(text: str) -> None:
    assert variants(text, 3, 7, LEXICON) == []


@pytest.mark.parametrize("word", "కావాలి నాకు ధృవీకరణ ఆదాయం మున్సిపాలిటీ चाहिए बनवाना प्रमाण हमारे".split())
def test_the_usual_spelling_sounds_like_the_word(word: str) -> None:
    assert skeleton(phonetic_key(romanize(word, LEXICON))) == skeleton(LEXICON.key(word))


def test_silent_vowels_of_hindi_are_marked() -> None:
    assert sounds("कलम") == ["k", "A", "l", "A", "m", "_$"]


def test_spellings_are_learned_by_alignment() -> None:
    pairs = [
        (sounds(word), latin, 1) for word, latin in [("కల", "kala"), ("లత", "latha"), ("తల", "thala"), ("కత", "katha")]
    ]
    shares = learn(pairs)
    assert shares["t"] == {"th": 1.0}
    assert align(sounds("తక"), "thaka", shares)[0] == ("t", "th")


@given(st.text(st.characters(min_codepoint=0x900, max_codepoint=0xD7F) | st.sampled_from("aZ1 ,"), max_size=40))
def test_any_native_text_is_survived(text: str) -> None:
    assert all(isinstance(copy, str) and copy for copy in variants(text, 2, 7, LEXICON))
