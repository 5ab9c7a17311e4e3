"""Clips from shards, in batches of clips that are about equally long."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from voice.training.network import Alphabet, frame, tokenizer

NO_TARGET = -100


@dataclass(frozen=True)
class Clip:
    """`mel` 80 x frames float16; `ids` and `letters` are rows of the alphabet; no text means no speech."""

    mel: np.ndarray
    ids: tuple[int, ...]
    letters: tuple[int, ...]
    text: str
    language: str
    noisy: bool


@dataclass(frozen=True)
class Batch:
    """`mels` batch x 80 x frames; `ids` with `targets` shifted by one; `letters` end to end with `sizes` each; `even`
    batch x frames/2.
    """

    mels: Tensor
    ids: Tensor
    targets: Tensor
    letters: Tensor
    sizes: Tensor
    even: Tensor


class Encoder:
    """Text to rows of an alphabet."""

    def __init__(self, alphabet: Alphabet) -> None:
        self.rows = {token: row for row, token in enumerate(alphabet.tokens)}
        self.letters = {letter: row for row, letter in enumerate(alphabet.characters, 1)}

    def ids(self, text: str, language: str) -> tuple[int, ...]:
        """Start ... end; a clip without speech is the start and the no-speech token."""
        start, tongue, task, untimed, end, silence = frame(tokenizer(language or "en"))
        if not text:
            return self.rows[start], self.rows[silence]
        tokens = (start, tongue, task, untimed, *tokenizer(language).encode(f" {text}"), end)
        return tuple(self.rows[token] for token in tokens)

    def clip(self, mel: np.ndarray, meta: dict[str, Any]) -> Clip | None:
        """None where the alphabet cannot write the text, or the text is too long for the sound."""
        text, language = meta["text"], meta["language"]
        try:
            ids, letters = self.ids(text, language), tuple(self.letters[c] for c in text)
        except KeyError:
            return None
        if (
            len(letters) + sum(a == b for a, b in zip(letters, letters[1:], strict=False)) > mel.shape[1] // 2
            or len(ids) > 200
        ):
            return None
        return Clip(mel, ids, letters, text, language, bool(meta.get("noisy")))


def read_shard(path: Path, encoder: Encoder) -> Iterator[Clip]:
    """The clips of one shard."""
    with np.load(path) as shard:
        ends = np.cumsum(shard["length"])
        pieces = np.split(shard["mel"], ends[:-1], axis=1)
        made = (encoder.clip(mel, meta) for mel, meta in zip(pieces, json.loads(str(shard["meta"])), strict=True))
        yield from (clip for clip in made if clip is not None)


class Shelf:
    """The shards of a folder; `refresh` picks up those that were added since."""

    def __init__(self, folder: Path, split: str, encoder: Encoder) -> None:
        self.folder, self.split, self.encoder = folder, split, encoder
        self.seen: set[Path] = set()
        self.clips: list[Clip] = []

    def refresh(self) -> int:
        """Read new shards; returns how many clips there are."""
        for path in sorted(set(self.folder.glob(f"{self.split}-?????.npz")) - self.seen):
            self.clips += read_shard(path, self.encoder)
            self.seen.add(path)
        return len(self.clips)

    def epoch(self, frames: int, longest: float, draw: random.Random) -> Iterator[list[Clip]]:
        """Every clip of at most `longest` seconds once, in batches of about `frames` mel frames, clips of like length
        together.
        """
        short = [clip for clip in self.clips if clip.mel.shape[1] <= longest * 100]
        order = sorted(short, key=lambda clip: clip.mel.shape[1] + draw.uniform(-15, 15))
        batches: list[list[Clip]] = [[]]
        for clip in order:
            if (len(batches[-1]) + 1) * clip.mel.shape[1] > frames:
                batches.append([])
            batches[-1].append(clip)
        draw.shuffle(batches)
        yield from (batch for batch in batches if batch)


def silent_value(mel: np.ndarray) -> float:
    """What Whisper's log-mel gives for digital silence in this clip: 8 powers of ten below the peak, scaled."""
    return float(mel.max()) - 2.0


def masked(mel: np.ndarray, draw: random.Random) -> np.ndarray:
    """SpecAugment: two bands of frequency and up to three stretches of time set to the mean."""
    out = mel.astype(np.float32)
    mean = out.mean()
    for _ in range(2):
        low = draw.randint(0, 70)
        out[low : low + draw.randint(0, 10)] = mean
    for _ in range(draw.randint(0, 1 + out.shape[1] // 150)):
        start = draw.randint(0, max(0, out.shape[1] - 20))
        out[:, start : start + draw.randint(0, 16)] = mean
    return out


def collate(clips: Sequence[Clip], draw: random.Random | None, masks: bool = False) -> Batch:
    """Pad with silence up to the longest clip; with `draw` up to 0.8 s more; `masks` hides parts of the sound."""
    longest = max(clip.mel.shape[1] for clip in clips) + (draw.randint(0, 80) if draw else 30)
    longest += longest % 2
    mels = torch.empty(len(clips), 80, longest)
    size = max(len(clip.ids) for clip in clips) - 1
    ids, targets = torch.zeros(len(clips), size, dtype=torch.long), torch.full((len(clips), size), NO_TARGET)
    for row, clip in enumerate(clips):
        mel = masked(clip.mel, draw) if draw and masks else clip.mel.astype(np.float32)
        mels[row] = silent_value(mel)
        mels[row, :, : mel.shape[1]] = torch.from_numpy(mel)
        ids[row, : len(clip.ids) - 1] = torch.tensor(clip.ids[:-1])
        targets[row, : len(clip.ids) - 1] = torch.tensor(clip.ids[1:])
    letters = torch.tensor([letter for clip in clips for letter in clip.letters], dtype=torch.long)
    even = torch.stack([torch.from_numpy(spread_evenly(clip, longest // 2)) for clip in clips])
    return Batch(mels, ids, targets, letters, torch.tensor([len(clip.letters) for clip in clips]), even)


def spread_evenly(clip: Clip, positions: int) -> np.ndarray:
    """A letter for each encoder position, as if all took equally long between the first and the last loud frame; blank
    outside.
    """
    out = np.zeros(positions, np.int64)
    level = clip.mel.astype(np.float32).mean(0)
    loud = np.flatnonzero(level > level.min() + 0.4 * (level.max() - level.min())) // 2
    if clip.letters and len(loud):
        inside = np.arange(loud[0], loud[-1] + 1)
        out[inside] = np.array(clip.letters)[(inside - loud[0]) * len(clip.letters) // len(inside)]
    return out
