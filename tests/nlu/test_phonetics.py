"""Words that sound alike have one key, in whatever letters they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu_data.components.concepts import load_lexicon
from nlu_data.components.phonetics import main_script, phonetic_key, skeleton, spell


@pytest.mark.parametrize(
    "spellings",
    [
        "నాకు naku naaku",
        "కావాలి kavali kaavali kaawali",
        "ధృవీకరణ ధ్రువీకరణ dhruveekarana dhruvikarana",
        "చేయాలి cheyali cheyaali",
        "चाहिए chahiye chahie chaahiye",
        "मुझे mujhe muje",
        "नहीं nahi nahin nhi",
        "है hai hain",
        "प्रमाण praman pramaan",
        "आवेदन aavedan avedan",
        "पत्र patra",
        "విజయవాడ vijayawada vijayavada",
        "శ్రీకాకుళం srikakulam shrikakulam श्रीकाकुलम",
        "పెన్షన్ पेंशन pension penshan",
    ],
)
def test_native_words_and_their_latin_spellings_meet(spellings: str) -> None:
    keys = {phonetic_key(word) for word in spellings.split()}
    assert len(keys) == 1


@pytest.mark.parametrize(
    "spellings",
    [
        "సర్టిఫికెట్ సర్టిఫికేట్ सर्टिफिकेट certificate sertifiket sarticate సర్టిఫికెట్‌లో",
        "కరెంటు కరెంట్ करंट current karent karentu",
        "స్టేటస్ स्टेटस status stetus",
        "పింఛను పెన్షన్ पेंशन pension pinchanu",
    ],
)
def test_english_loanwords_are_one_word_in_every_script(spellings: str) -> None:
    lexicon = load_lexicon()
    assert len({lexicon.key(word.replace("\u200c", "")) for word in spellings.split()}) == 1


@pytest.mark.parametrize("pair", ["నాకు మాకు", "birth death", "कितना कितनी", "రేపు రాము", "water wire"])
def test_different_words_stay_different(pair: str) -> None:
    first, second = pair.split()
    assert phonetic_key(first) != phonetic_key(second)


def test_hindi_does_not_speak_its_last_vowel_and_telugu_does() -> None:
    assert spell("कर") == "kar"
    assert spell("కర") == "kara"


def test_the_script_of_most_letters_is_the_script() -> None:
    assert [main_script(t) for t in ("నాకు bill", "बिल ok", "pay", "123 ?")] == ["Telu", "Deva", "Latn", ""]


@given(st.text(st.characters(exclude_categories=())))
def test_any_string_has_a_plain_key(text: str) -> None:
    key = phonetic_key(text)
    assert key.isascii() or text.lower().isdigit()
    assert skeleton(key) == skeleton(key).lower()


@given(st.text("kgtdpbmnrlvs", min_size=1, max_size=4), st.sampled_from("a i u".split()))
def test_a_long_vowel_written_twice_is_the_same_vowel(consonants: str, vowel: str) -> None:
    long = {"a": "aa", "i": "ee", "u": "uu"}[vowel]
    assert phonetic_key(f"{consonants}{vowel}ri") == phonetic_key(f"{consonants}{long}ri")
