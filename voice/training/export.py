"""Write a checkpoint out of a training that is under way: `python -m voice.training.export RUN OUT LINES.jsonl`."""

from __future__ import annotations

from pathlib import Path

import torch
import typer

from voice.training.network import Alphabet, checkpoint
from voice.training.train import Run, words, write


def main(run: Path, out: Path, lines: Path) -> None:
    """The averaged weights as they are saved now."""
    state = torch.load(run / "state.pt", weights_only=True)
    now = Run.load(run / "state.pt", Alphabet(tuple(state["tokens"]), state["characters"]))
    write(checkpoint(now.averaged, now.alphabet, words(lines)), out)


if __name__ == "__main__":
    typer.run(main)
