"""Sounds that are not speech, of unit size: 16 kHz mono float32 from a length in samples and a random generator."""

from __future__ import annotations

import numpy as np

from voice.audio import RATE
from voice.training.augment import Samples, noise


def silence(count: int, random: np.random.Generator) -> Samples:
    """Nothing at all."""
    return np.zeros(count, np.float32)


def hiss(count: int, random: np.random.Generator) -> Samples:
    """Steady noise of any colour."""
    return noise(count, random) / 4


def gusts(count: int, random: np.random.Generator) -> Samples:
    """Noise that comes and goes, as wind and traffic do."""
    points = random.uniform(0, 1, max(2, count // int(RATE * random.uniform(0.1, 0.8))))
    level = np.interp(np.linspace(0, len(points) - 1, count), np.arange(len(points)), points)
    return (noise(count, random) / 4 * level**2).astype(np.float32)


def hum(count: int, random: np.random.Generator) -> Samples:
    """Mains or an engine: a low tone and its harmonics."""
    base = random.choice([50.0, 100.0, random.uniform(40, 300)])
    return tone(base, count, [random.uniform(0, 1) / n for n in range(1, 8)])


def notes(count: int, random: np.random.Generator) -> Samples:
    """Music-like: one to three voices of notes of 0.1 to 0.8 s that fade."""
    out = np.zeros(count, np.float32)
    for _ in range(random.integers(1, 4)):
        start = 0
        while start < count:
            size = min(count - start, int(RATE * random.uniform(0.1, 0.8)))
            sound = tone(
                110 * 2 ** (random.integers(0, 40) / 12), size, [random.uniform(0, 1) / n for n in range(1, 6)]
            )
            out[start : start + size] += sound * np.exp(-np.arange(size) / RATE * random.uniform(0, 8)).astype(
                np.float32
            )
            start += size
    return out / 3


def knocks(count: int, random: np.random.Generator) -> Samples:
    """Short bursts with silence between them."""
    out = np.zeros(count, np.float32)
    for start in random.integers(0, count, 1 + count // RATE * 2):
        size = min(count - start, int(RATE * random.uniform(0.01, 0.08)))
        out[start : start + size] = noise(int(size), random) / 3 * np.exp(-np.arange(size) / (size / 4))
    return out


def tone(hertz: float, count: int, harmonics: list[float]) -> Samples:
    """A tone with the strengths of its harmonics, at most 1 in size."""
    time = 2 * np.pi * hertz * np.arange(count) / RATE
    out = sum(strength * np.sin(time * n) for n, strength in enumerate(harmonics, 1) if hertz * n < RATE / 2)
    sound: Samples = (out / max(1e-6, np.abs(out).max())).astype(np.float32)
    return sound


NOT_SPEECH = (silence, hiss, gusts, hum, notes, knocks)
