"""Say every line with many voices and keep the mels: `python -m voice.training.synthesize LINES SHARDS --clips 8000`.

A shard is an `.npz` of at most 500 clips: `mel` 80 x frames as float16, all clips end to end; `length` frames per clip;
`meta` JSON per clip (text, language, voice). Shards are only added, so a training that runs picks the new ones up.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import typer
import whisper.audio

from voice.audio import RATE
from voice.training import voices
from voice.training.augment import Samples, add_noise, augment, noise, opus_round_trip
from voice.training.sounds import NOT_SPEECH

CLIPS_A_SHARD = 500
Made = tuple[np.ndarray, dict[str, Any]]
MIN_SECONDS, MAX_SECONDS = 0.35, 11.5


@dataclass(frozen=True)
class Line:
    """A sentence to say; `weight` is how often it is drawn relative to others."""

    text: str
    language: str
    split: str
    weight: float = 1.0


def read_lines(path: Path, split: str) -> list[Line]:
    """The lines of one split from a JSON-lines file of `sentences`."""
    with path.open(encoding="utf-8") as file:
        return [line for line in (Line(**json.loads(row)) for row in file) if line.split == split]


def mel_of(samples: Samples) -> np.ndarray:
    """80 x frames log-mel, float16, without padding."""
    sound = torch.from_numpy(np.ascontiguousarray(samples, np.float32))
    mel: np.ndarray = whisper.audio.log_mel_spectrogram(sound, 80).half().numpy()
    return mel


def can_say(text: str, engine: str, language: str) -> bool:
    """Festival's Indian voices skip Latin letters."""
    return (
        engine != "festival"
        or language == "en"
        or not text.isascii()
        and not any("a" <= c <= "z" for c in text.lower())
    )


def clips(lines: list[Line], count: int, split: str, seed: int) -> list[Made]:
    """`count` clips of drawn lines; train clips are augmented, test clips are noise-free or, every other one, noisy."""
    random = np.random.default_rng(seed)
    weights = np.array([line.weight for line in lines])
    picks = random.choice(len(lines), count, p=weights / weights.sum())
    jobs: dict[voices.Speaker, list[Line]] = {}
    for pick in picks:
        jobs.setdefault(speaker_for(lines[pick], split, jobs, random), []).append(lines[pick])
    return [clip for speaker, said in jobs.items() for clip in finish(speaker, said, split, random)]


def speaker_for(
    line: Line, split: str, jobs: dict[voices.Speaker, list[Line]], random: np.random.Generator
) -> voices.Speaker:
    """Anyone who can say the line; a Festival voice is kept for a dozen lines, because the program is slow to start."""
    if split == "easy":
        return voices.draw_easy(line.language, random)
    speaker = voices.draw(line.language, split, random)
    if not can_say(line.text, speaker.engine, line.language):
        return voices.draw(line.language, split, random, festival_share=0.0)
    if speaker.engine == "festival":
        going = (other for other, said in jobs.items() if other.voice == speaker.voice and len(said) < 12)
        return next(going, speaker)
    return speaker


def finish(speaker: voices.Speaker, said: list[Line], split: str, random: np.random.Generator) -> Iterator[Made]:
    """Yield (mel, meta) of what the speaker could say."""
    for line, samples in zip(said, voices.say([line.text for line in said], speaker), strict=True):
        if not MIN_SECONDS < len(samples) / RATE < MAX_SECONDS:
            continue
        heard = augment(samples, random) if split == "train" else for_test(samples, random)
        noisy = split == "test" and random.random() < 0.5
        if noisy:
            heard = opus_round_trip(add_noise(heard, 15, random))
        yield mel_of(heard), {"text": line.text, "language": line.language, "voice": speaker.voice, "noisy": noisy}


def for_test(samples: Samples, random: np.random.Generator) -> Samples:
    """Only silence around it."""
    return np.pad(samples, (int(RATE * random.uniform(0.1, 0.4)), int(RATE * 0.3)))


def not_speech(count: int, seed: int) -> list[Made]:
    """Silence, noise, hum, notes and knocks, 0.5 to 8 s each: what must be heard as nothing."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        size = int(RATE * random.uniform(0.5, 8))
        sound = NOT_SPEECH[random.integers(len(NOT_SPEECH))](size, random).astype(np.float32)
        sound *= np.float32(10 ** random.uniform(-3, -0.3))
        sound += noise(size, random) * np.float32(10 ** random.uniform(-5, -2.5))
        made.append((mel_of(np.clip(sound, -1, 1)), {"text": "", "language": "", "voice": "none", "noisy": True}))
    return made


def write_shard(path: Path, made: list[Made]) -> None:
    """Write under another name first: a reader never sees half a shard."""
    temporary = path.with_suffix(".tmp.npz")
    meta = json.dumps([m for _, m in made], ensure_ascii=False)
    np.savez(
        temporary, mel=np.concatenate([m for m, _ in made], axis=1), length=[m.shape[1] for m, _ in made], meta=meta
    )
    temporary.rename(path)


def one_shard(lines: list[Line], folder: Path, split: str, number: int, count: int) -> int:
    """Make one shard unless it is there; returns its number."""
    torch.set_num_threads(1)
    path = folder / f"{split}-{number:05d}.npz"
    if not path.exists():
        write_shard(path, clips(lines, count, split, seed=number) if lines else not_speech(count, seed=number))
    return number


def synthesize(
    lines: Path, shards: Path, split: str = "train", clips: int = 8000, first: int = 0, workers: int = 1
) -> None:
    """Add shards numbered from `first`; may be stopped and started again. `split` is train, test or easy (few clear
    voices and no noise, for the first part of a training). LINES `none` makes clips without speech."""
    shards.mkdir(parents=True, exist_ok=True)
    pool_lines = read_lines(lines, "test" if split == "test" else "train") if lines.name != "none" else []
    counts = [min(CLIPS_A_SHARD, clips - start) for start in range(0, clips, CLIPS_A_SHARD)]
    with ProcessPoolExecutor(workers, initializer=os.nice, initargs=(5,)) as pool:
        jobs = [pool.submit(one_shard, pool_lines, shards, split, first + i, count) for i, count in enumerate(counts)]
        for done, job in enumerate(jobs, 1):
            print(f"shard {job.result()}: {done} of {len(jobs)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    typer.run(synthesize)
