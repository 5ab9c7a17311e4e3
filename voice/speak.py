"""Text to a voice note, by gTTS for fixed public texts and espeak-ng for everything else.

gTTS sends the text to Google over a connection whose certificate it does not check, so only texts without personal data
(`public=True`) may go there, with a time-out and a breaker. espeak-ng (GPL-3) is run as the program it is.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np

from voice.audio import RATE, VOICE_NOTE_MIME, Audio, Samples, decode_trusted, voice_note
from voice.errors import Reason, Unheard, Unspoken
from voice.spoken import spoken

MODES = ("auto", "gtts", "espeak", "off")
ESPEAK_VOICES = {"te": "te", "hi": "hi", "en": "en-gb"}
WORDS_A_MINUTE = 150
ESPEAK_SECONDS = 20
GTTS_SECONDS = 8.0
KEPT_IN_MEMORY = 256
FOLDER = Path("var") / "speech"


def speak(text: str, language: str, public: bool = False) -> Audio:
    """A voice note of the text in te, hi or en, at most 512 KB of OGG/Opus. Blocks. Unspoken: off, empty, down."""
    return default_speaker().say(text, language, public)


@lru_cache(maxsize=1)
def default_speaker() -> Speaker:
    """As MITRA_TTS asks."""
    return Speaker(os.environ.get("MITRA_TTS", "auto").strip() or "auto")


class Speaker:
    """The engines, their breaker and the cache; safe to use from several threads. `folder` keeps public texts' notes
    only.
    """

    def __init__(self, mode: str = "auto", folder: Path = FOLDER, threads: int = 2) -> None:
        if mode not in MODES:
            raise ValueError(f"MITRA_TTS={mode}: not one of {', '.join(MODES)}")
        self.mode = mode
        self.cache = Cache(folder)
        self.breaker = Breaker()
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="speak")

    async def speak(self, text: str, language: str, public: bool = False) -> Audio:
        """As `say`, off the event loop."""
        return await asyncio.wrap_future(self.pool.submit(self.say, text, language, public))

    def say(self, text: str, language: str, public: bool = False) -> Audio:
        """The note, out of the cache where it was made before. Unspoken: off, empty, down."""
        if self.mode == "off":
            raise Unspoken(Reason.OFF)
        said = spoken(text, language)
        if not any(character.isalnum() for character in said):
            raise Unspoken(Reason.EMPTY)
        kept = self.cache.get(said, language)
        if kept is None:
            kept = voice_note(self.samples(said, language, public))
            self.cache.put(said, language, kept, on_disk=public)
        return kept

    def samples(self, said: str, language: str, public: bool) -> Samples:
        """By the first engine that may and can."""
        if public and self.mode in ("auto", "gtts") and self.breaker.closed:
            try:
                made = by_gtts(said, language)
            except (OSError, Unheard):  # gTTSError is no OSError: by_gtts turns it into one
                self.breaker.failed()
            else:
                self.breaker.worked()
                return made
        return by_espeak(said, language)

    def close(self) -> None:
        """Stop after the notes that are being made."""
        self.pool.shutdown(wait=False, cancel_futures=True)


class Breaker:
    """After `most` failures in a row nothing is tried for `rest` seconds."""

    def __init__(self, most: int = 2, rest: float = 300.0) -> None:
        self.most, self.rest = most, rest
        self.failures, self.until = 0, 0.0

    @property
    def closed(self) -> bool:
        """Whether to try."""
        return time.monotonic() >= self.until

    def failed(self) -> None:
        """Count a failure."""
        self.failures += 1
        if self.failures >= self.most:
            self.failures, self.until = 0, time.monotonic() + self.rest

    def worked(self) -> None:
        """Forget the failures."""
        self.failures = 0


class Cache:
    """Notes by text and language: the latest in memory, public ones also in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes: OrderedDict[str, Audio] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, said: str, language: str) -> Audio | None:
        """The note, or None."""
        key = key_of(said, language)
        with self.lock:
            if key in self.notes:
                self.notes.move_to_end(key)
                return self.notes[key]
        path = self.folder / f"{key}.ogg"
        return Audio(path.read_bytes(), VOICE_NOTE_MIME) if path.exists() else None

    def put(self, said: str, language: str, note: Audio, on_disk: bool) -> None:
        """Keep a note."""
        key = key_of(said, language)
        with self.lock:
            self.notes[key] = note
            while len(self.notes) > KEPT_IN_MEMORY:
                self.notes.popitem(last=False)
        if on_disk:
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self.folder / f"{key}.{threading.get_ident()}.tmp"
            temporary.write_bytes(note.content)
            temporary.rename(self.folder / f"{key}.ogg")


def key_of(said: str, language: str) -> str:
    """A name for a text that does not show it."""
    return hashlib.sha256(f"{language}\0{said}".encode()).hexdigest()


def by_espeak(said: str, language: str) -> Samples:
    """16 kHz samples from the espeak-ng program. Unspoken(down) if it is missing or fails."""
    command = ["espeak-ng", "-v", ESPEAK_VOICES[language], "-s", str(WORDS_A_MINUTE), "-b", "1", "--stdin", "--stdout"]
    try:
        done = subprocess.run(command, input=said.encode(), capture_output=True, timeout=ESPEAK_SECONDS, check=True)
        samples = decode_trusted(done.stdout)
    except (OSError, subprocess.SubprocessError, Unheard) as fault:
        raise Unspoken(Reason.DOWN) from fault
    rest = np.zeros(RATE // 5, np.float32)
    return np.concatenate([rest, samples * 0.9, rest])


def by_gtts(said: str, language: str) -> Samples:
    """16 kHz samples from Google's translation page. OSError when it does not answer, refuses, or takes too long."""
    from gtts import gTTS
    from gtts.tts import gTTSError

    try:
        pieces = gTTS(said, lang=language, tld="co.in", lang_check=False, timeout=(3.0, 5.0)).stream()
        return decode_trusted(b"".join(until(pieces, time.monotonic() + GTTS_SECONDS)))
    except (gTTSError, AssertionError) as fault:
        raise OSError(str(fault)) from fault


def until(pieces: Iterator[bytes], deadline: float) -> Iterator[bytes]:
    """The pieces, as long as they come in time."""
    for piece in pieces:
        if time.monotonic() > deadline:
            raise TimeoutError("gTTS took too long")
        yield piece
