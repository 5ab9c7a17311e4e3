"""The training of the builtin checkpoint, in small: sentences, numbers, counting of errors, a run that is stopped and
goes on.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from voice.models import load_file
from voice.training import sentences, sounds
from voice.training.augment import add_noise, augment, resample, telephone
from voice.training.clips import Encoder, Shelf, collate
from voice.training.network import Alphabet, checkpoint
from voice.training.numbers import Words
from voice.training.synthesize import mel_of, not_speech, write_shard
from voice.training.train import Run, diet, rate, step, write
from voice.training.transcripts import error_rates, plain

DATA = Path(__file__).parents[2] / "nlu_data"
KAVALI = "\u0c15\u0c3e\u0c35\u0c3e\u0c32\u0c3f"


def numbers_of(language: str) -> Words:
    return Words.of(sentences.yaml.safe_load((DATA / "voice" / f"{language}.yml").read_text())["voice"])


def test_word_errors_are_counted_over_whole_indic_words() -> None:
    said = f"\u0c28\u0c3e\u0c15\u0c41 {KAVALI}"
    assert error_rates([(said, said + ".")]) == (0.0, 0.0)
    words, characters = error_rates([(said, said.replace("\u0c35", "\u0c2c"))])
    assert words == 0.5
    assert 0 < characters < 0.2


@given(st.text(max_size=80))
def test_plain_text_stays_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (45, "forty five"),
        (100, "one hundred"),
        (120_000, "one lakh twenty thousand"),
        (2_305, "two thousand three hundred five"),
    ],
)
def test_numbers_are_said_in_lakhs_and_thousands(number: int, words: str) -> None:
    assert numbers_of("en").cardinal(number) == words


def test_years_before_2000_are_said_in_hundreds() -> None:
    assert numbers_of("en").year(1998) == "nineteen hundred ninety eight"
    assert numbers_of("en").year(1900) == "nineteen hundred"
    assert numbers_of("en").year(2004) == "two thousand four"


@pytest.mark.parametrize("language", ["te", "hi", "en"])
def test_every_gathered_sentence_is_sayable_and_in_one_split(language: str) -> None:
    lines = list(sentences.gather(DATA, language, None))
    assert len(lines) > 2000
    assert len({line.text for line in lines}) == len(lines)
    assert all(sentences.sayable(line.text, language) for line in lines)
    assert 0.01 < sum(line.split == "test" for line in lines) / len(lines) < 0.15


def test_resampling_keeps_the_tone_and_changes_its_length() -> None:
    tone = np.sin(2 * np.pi * 500 * np.arange(16_000) / 16_000).astype(np.float32)
    slow = resample(tone, 20_000)
    assert len(slow) == 20_000
    assert np.abs(np.fft.rfft(slow)).argmax() * 16_000 / 20_000 == pytest.approx(400, abs=2)


def test_noise_is_as_loud_as_asked() -> None:
    tone = np.sin(np.arange(32_000) * 0.3).astype(np.float32)
    added = add_noise(tone, 20, np.random.default_rng(0)) - tone
    assert 10 * np.log10(np.mean(tone**2) / np.mean(added**2)) == pytest.approx(20, abs=3)


def test_a_telephone_has_no_bass() -> None:
    hum = np.sin(2 * np.pi * 100 * np.arange(16_000) / 16_000).astype(np.float32)
    assert np.abs(telephone(hum)[2000:-2000]).max() < 0.1


@given(st.integers(0, 2**32))
def test_augmented_speech_stays_finite_and_in_range(seed: int) -> None:
    heard = augment(np.sin(np.arange(8_000) * 0.2).astype(np.float32), np.random.default_rng(seed))
    assert np.isfinite(heard).all()
    assert 0 < np.abs(heard).max() <= 1.2  # Opus overshoots


@pytest.mark.parametrize("sound", sounds.NOT_SPEECH, ids=lambda sound: sound.__name__)
def test_sounds_that_are_not_speech_have_the_length_asked_for(sound) -> None:
    made = sound(16_000, np.random.default_rng(1))
    assert made.shape == (16_000,)
    assert np.abs(made).max() <= 3


def test_the_rate_rises_then_falls_and_clips_grow() -> None:
    rates = [rate(done / 100) for done in range(101)]
    assert rates.index(max(rates)) in range(1, 6)
    assert rates[-1] < max(rates) / 20
    assert diet(0.0, 12_000) < diet(0.5, 12_000)


def shards(folder: Path) -> Path:
    random_ = np.random.default_rng(0)
    texts = [("yes", "en"), ("no thanks", "en"), (KAVALI, "te"), ("\u0939\u093e\u0901", "hi")]
    made = [
        (mel_of(random_.standard_normal(16_000).astype(np.float32) * 0.1), {"text": t, "language": lang, "voice": "x"})
        for t, lang in texts
    ]
    write_shard(folder / "train-00000.npz", [*made, *not_speech(2, seed=0)])
    return folder


def test_a_training_learns_is_stopped_and_goes_on_with_new_letters(tmp_path: Path) -> None:
    alphabet = Alphabet.of({"en": {"yes", "no thanks"}, "te": {KAVALI}, "hi": {"\u0939\u093e\u0901"}})
    shelf = Shelf(shards(tmp_path), "train", Encoder(alphabet))
    assert shelf.refresh() == 6
    (batch,) = shelf.epoch(100_000, 10.0, random.Random(0))
    run = Run.new(alphabet)
    losses = [step(run, collate(batch, None), 0.03)[0] for _ in range(6)]
    assert losses[-1] < losses[0]
    run.save(tmp_path / "state.pt")
    more = Alphabet.of({"en": {"yes", "no thanks", "quiz"}})
    again = Run.load(tmp_path / "state.pt", more)
    assert again.steps == 6
    assert set(more.tokens) <= set(again.alphabet.tokens) and "q" in again.alphabet.characters
    assert step(again, collate(batch, None), 0.03)[0] < losses[0]


def test_a_written_checkpoint_is_one_that_the_assistant_loads(tmp_path: Path) -> None:
    run = Run.new(Alphabet.of({"en": {"yes"}}))
    write(checkpoint(run.averaged, run.alphabet), tmp_path / "fresh.pt")
    weights = load_file(tmp_path / "fresh.pt")
    assert weights.short and weights.ctc is not None
    assert int((~weights.silenced).sum()) == len(run.alphabet.tokens)
    with torch.no_grad():
        ours = weights.model.encoder(torch.zeros(1, 80, 100))
        assert torch.allclose(ours, run.averaged.hear(torch.zeros(1, 80, 100)), atol=0.02)


def test_gathering_writes_json_lines(tmp_path: Path) -> None:
    sentences.main(tmp_path / "lines.jsonl", DATA)
    rows = [json.loads(row) for row in (tmp_path / "lines.jsonl").read_text().splitlines()]
    assert {row["language"] for row in rows} == {"te", "hi", "en"}
