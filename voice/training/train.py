"""Train the builtin checkpoint: `python -m voice.training.train SHARDS RUN LINES.jsonl --minutes 90`.

Stop it at will (Ctrl-C) and start it again: RUN/state.pt holds everything. The learning rate follows the time that is
planned, not a number of steps, so that a busy machine still ends its schedule. New shards are picked up while it runs.
The encoder learns mostly by CTC on characters at first, the decoder takes over. Every few minutes the averaged weights
are measured on the test shards, and OUT is replaced when they are better.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
import random
import signal
import sys
import time
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
import typer
from whisper.model import MultiHeadAttention

from voice.lexicon import counted
from voice.training.clips import NO_TARGET, Batch, Encoder, Shelf, collate
from voice.training.evaluate import Score, measure
from voice.training.network import Alphabet, Network, checkpoint
from voice.training.synthesize import read_lines
from voice.training.widen import widen

PEAK, WARM_UP, FINAL = 1.3e-3, 0.03, 0.02
BATCHES_A_ROUND = 100
MASKED_FROM = 0.85  # share of the time after which stretches of the sound are hidden (SpecAugment)
QUICK = 120  # about so many clips are heard while it runs; `measure` hears all
EVENLY = 0.12  # share of the time with evenly spread letters
AVERAGE = 0.998


@dataclass
class Run:
    """A training that can be stopped: `spent` seconds of the planned time have passed; `known` is `words`."""

    alphabet: Alphabet
    network: Network
    averaged: Network
    optimizer: torch.optim.AdamW
    spent: float = 0.0
    steps: int = 0
    best: float = math.inf
    history: list[dict[str, float]] = field(default_factory=list)
    known: str = "{}"

    @classmethod
    def new(cls, alphabet: Alphabet) -> Run:
        """From nothing."""
        network = Network(alphabet)
        optimizer = torch.optim.AdamW(network.parameters(), PEAK, betas=(0.9, 0.98), weight_decay=0.01)
        return cls(alphabet, network, copy.deepcopy(network), optimizer)

    def save(self, path: Path) -> None:
        """Everything, under another name first."""
        numbers = {"spent": self.spent, "steps": self.steps, "best": self.best, "history": self.history}
        weights = {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        temporary = path.with_suffix(".tmp")
        torch.save(
            {"tokens": self.alphabet.tokens, "characters": self.alphabet.characters, **weights, **numbers}, temporary
        )
        temporary.rename(path)

    @classmethod
    def load(cls, path: Path, wanted: Alphabet) -> Run:
        """As saved; rows are added for tokens and characters that are new since."""
        state = torch.load(path, weights_only=True)
        run = cls.new(widen(state, wanted))
        run.network.load_state_dict(state["network"])
        run.averaged.load_state_dict(state["averaged"])
        run.optimizer.load_state_dict(state["optimizer"])
        run.spent, run.steps, run.best, run.history = (state[name] for name in ("spent", "steps", "best", "history"))
        return run


def rate(done: float, peak: float = PEAK) -> float:
    """Learning rate after the share `done` of the time: up in a line, down in a cosine."""
    if done < WARM_UP:
        return peak * max(0.02, done / WARM_UP)
    fall = min(1.0, (done - WARM_UP) / (1 - WARM_UP))
    return peak * (FINAL + (1 - FINAL) * (1 + math.cos(math.pi * fall)) / 2)


def diet(done: float, frames: int) -> tuple[int, float]:
    """(frames a batch, longest clip in seconds): few short clips at first, so that the encoder soon finds where the
    letters are.
    """
    return int(frames * min(1.0, 0.25 + 2 * done)), 1.8 + 12 * max(0.0, done - 0.04)


def loss_of(network: Network, batch: Batch, ctc_share: float, even: bool = False) -> tuple[torch.Tensor, float, float]:
    """The mixed loss, and its two parts as numbers."""
    device = batch.mels.device.type
    with torch.autocast(device, torch.bfloat16):
        heard = network.hear(batch.mels)
        logits = network.write(heard, batch.ids)
    real = batch.targets.flatten() != NO_TARGET
    writing = F.cross_entropy(logits.flatten(0, 1)[real].float(), batch.targets.flatten()[real], label_smoothing=0.05)
    spelling = spelling_loss(network.spell(heard), batch, even)
    return (1 - ctc_share) * writing + ctc_share * spelling.to(device), writing.item(), spelling.item()


def spelling_loss(spelled: torch.Tensor, batch: Batch, even: bool) -> torch.Tensor:
    """CTC per letter; or, to begin with, cross-entropy against letters spread evenly, which leaves CTC's plateau at
    once.
    """
    if even:
        return F.nll_loss(spelled.transpose(0, 1).flatten(0, 1), batch.even.flatten().to(spelled.device))
    lengths = torch.full((spelled.shape[1],), spelled.shape[0])
    return F.ctc_loss(spelled.cpu(), batch.letters, lengths, batch.sizes, reduction="sum", zero_infinity=True) / max(
        1, len(batch.letters)
    )


def step(run: Run, batch: Batch, done: float, evenly: float = EVENLY, peak: float = PEAK) -> tuple[float, float]:
    """One update of the weights and of their running average; returns the two losses."""
    for group in run.optimizer.param_groups:
        group["lr"] = rate(done, peak)
    loss, *parts = loss_of(run.network, batch, ctc_share=0.6 if done < evenly + 0.2 else 0.3, even=done < evenly)
    run.optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(run.network.parameters(), 1.0)
    run.optimizer.step()
    run.steps += 1
    keep = min(AVERAGE, (1 + run.steps) / (10 + run.steps))
    with torch.no_grad():
        torch._foreach_lerp_(list(run.averaged.parameters()), list(run.network.parameters()), 1 - keep)
    return parts[0], parts[1]


def keep_if_better(run: Run, shelf: Shelf, out: Path) -> Score:
    """Measure the averaged weights and write them to `out` when they are the best so far."""
    score = measure(run.averaged, run.alphabet, shelf.clips[:: max(1, len(shelf.clips) // QUICK)])
    if score.mean < run.best:
        run.best = score.mean
        write(checkpoint(run.averaged, run.alphabet, run.known), out)
    return score


def write(content: dict[str, Any], out: Path) -> None:
    """The checkpoint and its checksum beside it, each under another name first."""
    temporary, checksum = out.with_suffix(".tmp"), out.with_suffix(".sha256")
    torch.save(content, temporary)
    checksum.with_suffix(".tmp2").write_text(hashlib.sha256(temporary.read_bytes()).hexdigest() + "\n")
    temporary.rename(out)
    checksum.with_suffix(".tmp2").rename(checksum)


def words(lines: Path) -> str:
    """The counts of words and pairs of words in the training sentences, by language, as JSON for the checkpoint."""
    by_language: dict[str, list[str]] = {}
    for line in read_lines(lines, "train"):
        by_language.setdefault(line.language, []).append(line.text)
    return json.dumps({language: counted(found) for language, found in by_language.items()}, ensure_ascii=False)


def texts(lines: Path) -> dict[str, set[str]]:
    """The texts by language."""
    found: dict[str, set[str]] = {}
    for row in lines.read_text(encoding="utf-8").splitlines():
        line = json.loads(row)
        found.setdefault(line["language"], set()).add(line["text"])
    return found


def report(run: Run, done: float, losses: tuple[float, float], clips: int) -> None:
    """One line of progress."""
    values = {
        "done": round(done, 3),
        "step": run.steps,
        "clips": clips,
        "writing": round(losses[0], 3),
        "spelling": round(losses[1], 3),
    }
    print(json.dumps(values), file=sys.stderr, flush=True)


def moved(batch: Batch, device: torch.device) -> Batch:
    """What the network reads, on its device."""
    return replace(batch, mels=batch.mels.to(device), ids=batch.ids.to(device), targets=batch.targets.to(device))


def train(
    run: Run,
    train: Shelf,
    test: Shelf,
    folder: Path,
    out: Path,
    minutes: float,
    frames: int,
    every: float,
    evenly: float,
    peak: float,
) -> None:
    """Until the planned time is spent."""
    draw, device = random.Random(run.steps), next(run.network.parameters()).device
    began, last, before = time.monotonic(), time.monotonic(), run.spent
    while run.spent < minutes * 60:
        clips = train.refresh()
        for batch in islice(train.epoch(*diet(run.spent / minutes / 60, frames), draw), BATCHES_A_ROUND):
            run.spent = before + time.monotonic() - began
            done = run.spent / (minutes * 60)
            prepared = collate(batch, draw, masks=done > MASKED_FROM)
            losses = step(run, moved(prepared, device), done, evenly, peak)
            if run.steps % 50 == 0:
                report(run, done, losses, clips)
            if time.monotonic() - last > every * 60 or done >= 1:
                score = keep_if_better(run, test, out)
                run.history.append({"step": run.steps, "minutes": round(run.spent / 60, 1), **score.as_row()})
                print(json.dumps(run.history[-1]), file=sys.stderr, flush=True)
                run.save(folder / "state.pt")
                last = time.monotonic()
                train.refresh()
            if done >= 1:
                return


def main(
    shards: Path,
    run: Path,
    lines: Path,
    minutes: float = 90,
    out: Path = Path("models/builtin.pt"),
    frames: int = 6_000,
    every: float = 6,
    threads: int = 1,
    evenly: float = EVENLY,
    peak: float = PEAK,
) -> None:
    """Start or go on."""
    torch.set_num_threads(threads)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    run.mkdir(parents=True, exist_ok=True)
    wanted = Alphabet.of(texts(lines))
    now = Run.load(run / "state.pt", wanted) if (run / "state.pt").exists() else Run.new(wanted)
    # On a CPU in bfloat16 torch's fused attention is a third slower than the plain products.
    MultiHeadAttention.use_sdpa = torch.cuda.is_available()
    now.known = words(lines)
    if torch.cuda.is_available():
        now.network.cuda()
        now.averaged.cuda()
    encoder = Encoder(now.alphabet)
    test = Shelf(shards, "test", encoder)
    test.refresh()
    try:
        train(now, Shelf(shards, "train", encoder), test, run, out, minutes, frames, every, evenly, peak)
    finally:
        now.save(run / "state.pt")


if __name__ == "__main__":
    typer.run(main)
