"""Silence and noise are told from speech, and long notes are cut at pauses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.audio import RATE
from voice.errors import Reason, Unheard
from voice.speech import FRAME, cuts, pieces, spoken_runs

RANDOM = np.random.default_rng(7)


def reason_of(samples: np.ndarray) -> Reason:
    with pytest.raises(Unheard) as caught:
        pieces(samples.astype(np.float32), 10.0)
    return caught.value.reason


def tone(hertz: float, seconds: float = 3) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


def test_digital_silence_is_silent() -> None:
    assert reason_of(np.zeros(3 * RATE)) is Reason.SILENT


def test_a_microphone_that_only_hisses_far_away_is_silent() -> None:
    assert reason_of(RANDOM.standard_normal(3 * RATE) * 2e-4) is Reason.SILENT


@pytest.mark.parametrize(
    "sound",
    [RANDOM.standard_normal(3 * RATE) * 0.1, tone(50) * 0.3, tone(1000) * 0.3, np.sign(tone(100))],
    ids=["white noise", "50 Hz hum", "a tone", "a clipped tone"],
)
def test_steady_sound_is_noise(sound: np.ndarray) -> None:
    assert reason_of(sound) is Reason.NOISE


def test_speech_passes_and_keeps_its_length(say: Callable[[str, str], np.ndarray]) -> None:
    spoken = say(
        "te",
        "\u0c28\u0c3e\u0c15\u0c41 \u0c06\u0c26\u0c3e\u0c2f \u0c2a\u0c24\u0c4d\u0c30\u0c02",
    )
    (piece,) = pieces(spoken, 10.0)
    assert len(piece) > 0.7 * len(spoken)


def test_speech_in_noise_passes(say: Callable[[str, str], np.ndarray]) -> None:
    spoken = say("en-gb", "i want to pay my electricity bill")
    noisy = spoken + RANDOM.standard_normal(len(spoken)).astype(np.float32) * spoken.std() * 0.18
    assert pieces(noisy, 10.0)


def test_a_long_note_is_cut_at_its_pauses_and_loses_nothing(say: Callable[[str, str], np.ndarray]) -> None:
    spoken = say("en-gb", "please tell me the status of my application")
    pause = np.zeros(RATE, np.float32)
    note = np.concatenate([part for _ in range(12) for part in (spoken, pause)])
    parts = pieces(note, 10.0)
    assert len(parts) >= 4
    assert max(len(part) for part in parts) <= 10 * RATE
    assert sum(float(np.sum(part**2)) for part in parts) == pytest.approx(float(np.sum(note**2)), rel=0.03)


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=20, max_size=2500), st.floats(4, 20))
def test_pieces_are_short_enough_in_order_and_hold_every_spoken_frame(frames: list[bool], longest: float) -> None:
    spoken = np.array(frames)
    size = len(spoken) * FRAME
    found = cuts(spoken, np.zeros(len(spoken)), longest, size)
    assert all(0 <= first < last <= size and last - first <= longest * RATE + FRAME for first, last in found)
    assert found == sorted(found)
    covered = np.zeros(len(spoken), dtype=bool)
    for first, last in found:
        covered[first // FRAME : -(-last // FRAME)] = True
    assert not (spoken & ~covered).any()


@given(st.lists(st.booleans(), max_size=300))
def test_runs_of_speech_do_not_touch(frames: list[bool]) -> None:
    runs = spoken_runs(np.array(frames, dtype=bool))
    assert all(before[1] < after[0] for before, after in zip(runs, runs[1:], strict=False))
