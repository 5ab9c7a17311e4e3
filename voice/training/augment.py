"""Make clean synthetic speech sound like a phone in a village street: 16 kHz mono float32 in, the same out.

Everything is drawn from the `numpy.random.Generator` that is passed in, so a clip can be made again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from voice.audio import RATE, decode_trusted, encode_opus

Samples = np.ndarray


def resample(samples: Samples, count: int) -> Samples:
    """Stretch to `count` samples, band-limited; changes speed and pitch together when the rate is kept."""
    size = len(samples)
    padded = 1 << (size - 1).bit_length()
    wanted = max(1, round(padded * count / size))
    wanted += wanted % 2
    spectrum = np.fft.rfft(samples, padded)
    out = np.zeros(wanted // 2 + 1, dtype=complex)
    shared = min(len(out), len(spectrum))
    out[:shared] = spectrum[:shared]
    return (np.fft.irfft(out, wanted)[:count] * (wanted / padded)).astype(np.float32)


def reverberate(samples: Samples, random: np.random.Generator) -> Samples:
    """Put the speaker in a room: exponentially decaying noise with a 0.1 to 0.5 s tail."""
    tail = int(RATE * random.uniform(0.1, 0.5))
    impulse = random.standard_normal(tail) * np.exp(-6.9 * np.arange(tail) / tail)
    impulse *= random.uniform(0.05, 0.35) / np.sqrt(np.sum(impulse**2))
    impulse[0] += 1.0
    size = 1 << (len(samples) + tail).bit_length()
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(impulse, size), size)
    return wet[: len(samples)].astype(np.float32)


def telephone(samples: Samples) -> Samples:
    """Keep only 300 to 3,400 Hz, as an 8 kHz telephone line does."""
    return shape(samples, lambda hertz: ((hertz > 300) & (hertz < 3400)).astype(float))


def tilt(samples: Samples, random: np.random.Generator) -> Samples:
    """A microphone of its own: gains drawn at six frequencies, +-8 dB, smooth between them."""
    points = random.uniform(-8, 8, 6)
    return shape(samples, lambda hertz: 10 ** (np.interp(hertz, np.linspace(0, 8000, 6), points) / 20))


def shape(samples: Samples, gain: Callable[[np.ndarray], np.ndarray]) -> Samples:
    """Multiply the spectrum by `gain(hertz)`."""
    size = 1 << (len(samples) - 1).bit_length()
    spectrum = np.fft.rfft(samples, size)
    spectrum *= gain(np.fft.rfftfreq(size, 1 / RATE))
    return np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)


def noise(count: int, random: np.random.Generator) -> Samples:
    """White to brown noise (spectrum falling by 0 to 2 powers), now and then with mains hum, unit variance."""
    size = 1 << (int(count) - 1).bit_length()
    hertz = np.maximum(np.fft.rfftfreq(size, 1 / RATE), 20.0)
    spectrum = np.fft.rfft(random.standard_normal(size)) / hertz ** random.uniform(0, 1)
    out = np.fft.irfft(spectrum, size)[:count]
    out /= out.std() + 1e-9
    if random.random() < 0.2:
        out += np.sin(2 * np.pi * 50 * np.arange(count) / RATE) * random.uniform(0.5, 2)
    sound: Samples = (out / (out.std() + 1e-9)).astype(np.float32)
    return sound


def add_noise(samples: Samples, decibels: float, random: np.random.Generator) -> Samples:
    """Noise at a signal-to-noise ratio of `decibels`, measured over the louder half of the clip."""
    power = np.sqrt(np.mean(np.sort(samples**2)[len(samples) // 2 :]) + 1e-12)
    return samples + noise(len(samples), random) * np.float32(power * 10 ** (-decibels / 20))


def opus_round_trip(samples: Samples, bit_rate: int = 24_000) -> Samples:
    """What WhatsApp's codec leaves of the clip."""
    return decode_trusted(encode_opus(samples, bit_rate=bit_rate))


def augment(samples: Samples, random: np.random.Generator) -> Samples:
    """One random journey from a mouth to a server; silence around it, level 0.02 to 0.5."""
    out = resample(samples, int(len(samples) / random.uniform(0.88, 1.14)))
    out = np.pad(out, (int(RATE * random.uniform(0, 0.4)), int(RATE * random.uniform(0.05, 0.4))))
    if random.random() < 0.6:
        out = tilt(out, random)
    if random.random() < 0.35:
        out = reverberate(out, random)
    if random.random() < 0.65:
        out = add_noise(out, random.uniform(6, 35), random)
    if random.random() < 0.15:
        out = telephone(out)
    out = out / (np.abs(out).max() + 1e-6) * np.float32(random.uniform(0.05, 0.7))
    if random.random() < 0.12:
        out = opus_round_trip(out, int(random.choice([12_000, 16_000, 24_000])))
    return out
