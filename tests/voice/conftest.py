"""Sounds for the voice tests, made on the fly."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable

import av
import numpy as np
import pytest
import torch

from voice.audio import RATE, decode_trusted

FORMATS = {
    "opus.ogg": ("ogg", "libopus"),
    "aac": ("adts", "aac"),
    "mp3": ("mp3", "libmp3lame"),
    "m4a": ("ipod", "aac"),
    "webm": ("webm", "libopus"),
    "wav": ("wav", "pcm_s16le"),
    "amr": ("amr", "libopencore_amrnb"),
    "flac": ("flac", "flac"),
}


def melody(seconds: float) -> np.ndarray:
    """A tone of 440 Hz that swells twice a second."""
    time = np.arange(int(seconds * RATE)) / RATE
    return (0.4 * np.sin(2 * np.pi * 440 * time) * (0.55 + 0.45 * np.sin(4 * np.pi * time))).astype(np.float32)


def encoded(samples: np.ndarray, name: str) -> bytes:
    """The samples as a file of one of FORMATS."""
    container, codec = FORMATS[name]
    rate = {"libopus": 48_000, "libopencore_amrnb": 8_000}.get(codec, RATE)
    out = io.BytesIO()
    with av.open(out, "w", format=container) as sink:
        stream = sink.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
        frame.rate = RATE
        resampler = av.AudioResampler(stream.format, "mono", rate, frame_size=stream.codec_context.frame_size or 1024)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            sink.mux(stream.encode(piece))
        sink.mux(stream.encode(None))
    return out.getvalue()


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Several threads of torch on busy cores wait for each other."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def say() -> Callable[[str, str], np.ndarray]:
    """`say(espeak voice, text)` gives 16 kHz samples."""

    def spoken(voice: str, text: str) -> np.ndarray:
        command = ["espeak-ng", "-v", voice, "-s", "135", "--stdin", "--stdout"]
        return decode_trusted(
            subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=20).stdout
        )

    return spoken
