"""Where in a recording is speech: gates for silence and noise, and cuts at pauses. 16 kHz mono float32 in."""

from __future__ import annotations

import numpy as np
import webrtcvad

from voice.audio import RATE, Samples
from voice.errors import Reason, Unheard

FRAME = RATE * 30 // 1000
SILENT_PEAK = 0.003  # about -50 dBFS
LEAST_SPEECH = 0.21  # seconds
STEADY_DECIBELS = 2.5  # speech rises and falls by 10 dB and more between syllables; hum and hiss do not
PAUSE = 0.36  # seconds without speech at which a long note may be cut
MARGIN = 0.21  # seconds kept before and after speech


def pieces(samples: Samples, longest: float) -> list[Samples]:
    """The spoken parts, each at most `longest` seconds, cut at pauses. Unheard: silent, noise."""
    level = levels(samples)
    if np.abs(samples).max(initial=0) < SILENT_PEAK:
        raise Unheard(Reason.SILENT)
    spoken = voiced(samples)
    if spoken.sum() * 0.03 < LEAST_SPEECH or is_steady(level):
        raise Unheard(Reason.NOISE)
    return [samples[start:end] for start, end in cuts(spoken, level, longest, len(samples))]


def levels(samples: Samples) -> np.ndarray:
    """Decibels of each 30 ms frame."""
    count = len(samples) // FRAME
    frames = samples[: count * FRAME].reshape(count, FRAME)
    decibels: np.ndarray = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-10)
    return decibels


def voiced(samples: Samples, mode: int = 2) -> np.ndarray:
    """Whether each 30 ms frame is speech, as WebRTC's detector hears it at a normal level; gaps of up to 2 frames are
    closed.
    """
    gain = 0.5 / max(float(np.abs(samples).max(initial=0)), 1e-6)
    pcm = (np.clip(samples * gain, -1, 1) * 32767).astype("<i2").tobytes()
    detector = webrtcvad.Vad(mode)
    size = FRAME * 2
    found = np.array(
        [detector.is_speech(pcm[at : at + size], RATE) for at in range(0, len(pcm) - size + 1, size)], dtype=bool
    )
    return np.convolve(found, np.ones(3), "same") >= 2 if len(found) > 2 else found


def is_steady(level: np.ndarray) -> bool:
    """Hum, hiss and tones that go on: the loudness of the middle 80 per cent of the frames hardly changes."""
    loud = level[level > level.max() - 40] if len(level) else level
    return len(loud) > 10 and float(np.percentile(loud, 90) - np.percentile(loud, 10)) < STEADY_DECIBELS


def cuts(spoken: np.ndarray, level: np.ndarray, longest: float, size: int) -> list[tuple[int, int]]:
    """(first, last) sample of each piece."""
    runs = spoken_runs(spoken)
    parts: list[tuple[int, int]] = []
    for first, last in runs:
        if parts and (last - parts[-1][0]) * 0.03 <= longest - 2 * MARGIN:
            parts[-1] = (parts[-1][0], last)
        else:
            parts += too_long(first, last, level, int((longest - 2 * MARGIN) / 0.03))
    margin = int(MARGIN * RATE)
    return [(max(0, a * FRAME - margin), min(size, b * FRAME + margin)) for a, b in parts]


def spoken_runs(spoken: np.ndarray) -> list[tuple[int, int]]:
    """(first, last) frames of speech with pauses between them."""
    runs: list[tuple[int, int]] = []
    for frame in np.flatnonzero(spoken):
        if runs and (frame - runs[-1][1]) * 0.03 < PAUSE:
            runs[-1] = (runs[-1][0], int(frame) + 1)
        else:
            runs.append((int(frame), int(frame) + 1))
    return runs


def too_long(first: int, last: int, level: np.ndarray, most: int) -> list[tuple[int, int]]:
    """Speech without a pause is cut at the quietest frame of each last third."""
    parts = []
    while last - first > most:
        third = first + most * 2 // 3
        cut = third + int(np.argmin(level[third : first + most]))
        parts.append((first, cut))
        first = cut
    return [*parts, (first, last)]
