"""The search keeps to the language's letters, follows what is expected, and reports all it found."""

from __future__ import annotations

import numpy as np
import pytest
import regex
import torch
from whisper.model import ModelDimensions, Whisper
from whisper.tokenizer import get_tokenizer

from voice import decoding, lexicon, spelling
from voice.decoding import Expect, other_scripts, transcribe
from voice.lexicon import Lexicon, counted
from voice.models import Ctc, Weights

TAMIL = "\u0ba8\u0bbe\u0ba9\u0bcd"
TELUGU = "\u0c28\u0c3e\u0c15\u0c41"
HINDI = "\u092e\u0941\u091d\u0947"


@pytest.fixture(scope="module")
def random_weights() -> Weights:
    torch.manual_seed(0)
    return Weights("random", Whisper(ModelDimensions(80, 1500, 16, 2, 1, 51865, 40, 16, 2, 1)).eval())


@pytest.mark.parametrize(
    ("language", "own", "foreign"),
    [("te", TELUGU, (TAMIL, HINDI)), ("hi", HINDI, (TAMIL, TELUGU)), ("en", "yes", (TAMIL, HINDI))],
)
def test_only_the_own_script_can_be_written(language: str, own: str, foreign: tuple[str, ...]) -> None:
    tok = get_tokenizer(True, num_languages=99, language=language)
    mask = other_scripts(99, language, 51865)
    assert not mask[tok.encode(own)].any()
    assert all(mask[tok.encode(text)].any() for text in foreign)
    assert not mask[tok.encode("123 abc")].any()


def test_a_forced_decode_never_shows_letters_of_other_indic_scripts(random_weights: Weights) -> None:
    noise = np.random.default_rng(0).standard_normal(16_000).astype(np.float32) * 0.1
    features = decoding.encode(random_weights, noise)
    for guess in transcribe(random_weights, features, "te", own_script=True):
        assert not regex.search(r"[\p{Devanagari}\p{Tamil}\p{Kannada}\p{Malayalam}]", guess.text.replace("\ufffd", ""))


def test_guesses_differ_and_the_best_comes_first(random_weights: Weights) -> None:
    features = decoding.encode(random_weights, np.zeros(16_000, np.float32))
    guesses = transcribe(random_weights, features, "hi")
    assert len({guess.text for guess in guesses}) == len(guesses) >= 1
    assert [g.score for g in guesses] == sorted((g.score for g in guesses), reverse=True)


def test_an_expected_word_that_has_begun_is_helped_to_its_end() -> None:
    tok = get_tokenizer(True, num_languages=99, language="en")
    first, second, *_ = tok.encode(" vizianagaram")
    logits = torch.zeros(1, 51865)
    Expect(tok, ("vizianagaram", "guntur"), begin=0).apply(logits, torch.tensor([[first]]))
    assert logits[0].argmax() == second
    assert (logits > 0).sum() == 3  # the word goes on, or either word begins


def ctc_that_hears(letters: list[int]) -> tuple[Ctc, torch.Tensor]:
    """A head for the letters a, b and a Telugu one, and features in which it hears `letters`, 0 being the blank."""
    head = torch.nn.Linear(4, 4)
    with torch.no_grad():
        head.weight.copy_(torch.eye(4) * 9)
        head.bias.zero_()
    return Ctc(head, "ab\u0c15"), torch.nn.functional.one_hot(torch.tensor(letters), 4).float()[None]


def test_the_encoders_own_spelling_prefers_what_it_heard() -> None:
    ctc, heard = ctc_that_hears([0, 1, 0, 2, 0, 1, 0])
    assert spelling.fit(ctc, heard, "aba", "en") > -0.1
    assert (
        spelling.fit(ctc, heard, "aba", "en")
        > spelling.fit(ctc, heard, "ab", "en")
        > spelling.fit(ctc, heard, "b", "en")
    )
    assert spelling.fit(None, heard, "aba", "en") == 0.0


def test_what_the_encoder_spells_is_proposed_with_repeats_told_apart() -> None:
    ctc, heard = ctc_that_hears([0, 1, 1, 0, 1, 2, 2, 0])
    assert spelling.proposals(ctc, heard, "en")[0] == "aab"


def test_only_letters_of_the_language_are_proposed() -> None:
    ctc, heard = ctc_that_hears([0, 3, 0, 1, 0])
    assert spelling.proposals(ctc, heard, "te")[0] == "\u0c15a"
    assert not any("\u0c15" in text for text in spelling.proposals(ctc, heard, "en"))


def test_known_words_repair_the_borders_and_a_word_in_no_list_is_left_to_the_spelling() -> None:
    ctc, heard = ctc_that_hears([1, 2, 0, 2, 1, 0])
    known = Lexicon(*counted(["ab ba", "ab"]))
    assert lexicon.proposals(known, ctc.characters, spelling.positions(ctc, heard, "en"))[0] == "ab ba"
    worded = Ctc(ctc.head, ctc.characters, {"en": known})
    assert spelling.proposals(worded, heard, "en")[0] == "ab ba"
    assert "abba" in spelling.proposals(worded, heard, "en")
    assert spelling.unknown(worded, "ab abba", "en") == 0.5


def test_sound_that_fits_no_known_word_gives_no_words_and_no_fault() -> None:
    ctc, heard = ctc_that_hears([2, 2, 2])
    assert lexicon.proposals(Lexicon(*counted(["a"])), ctc.characters, spelling.positions(ctc, heard, "en")) in (
        [],
        ["a"],
    )


def test_expected_answers_are_ranked_by_how_they_fit_the_sound() -> None:
    ctc, heard = ctc_that_hears([0, 1, 0, 2, 0])
    assert spelling.fitting(ctc, heard, ["ba", "ab", "q"], "en")[0] == "ab"
