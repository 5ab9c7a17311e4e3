"""Measure a finished checkpoint the way it is used: `python -m voice.training.measure LINES.jsonl [--checkpoint FILE]
[--recordings FOLDER]`.

Test sentences by test voices, each note clean or with 15 dB noise as 24 kb/s Opus, go through the whole of
`voice.listen`. A folder of recordings has a `transcripts.tsv` with the columns file and text. Prints a table in
Markdown.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import typer

from voice.audio import RATE, decode_trusted, encode_opus
from voice.errors import Unheard
from voice.listen import Transcript, hear
from voice.models import BUILTIN, Weights, load_file
from voice.training.augment import Samples, add_noise
from voice.training.synthesize import for_test, read_lines
from voice.training.transcripts import error_rates
from voice.training.voices import LANGUAGES, draw, say

HEAD = (
    "| language | notes | condition | word error | character error | refused | language right"
    " | confidence when right / wrong | real-time factor |\n|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Heard:
    """One note: what was said, what came out (None: refused), how long both took in seconds."""

    said: str
    language: str
    transcript: Transcript | None
    seconds: float
    took: float

    @property
    def text(self) -> str:
        """The transcript's text, empty where it was refused."""
        return self.transcript.text if self.transcript else ""


def notes(lines: Path, language: str, count: int, noisy: bool) -> Iterator[tuple[str, bytes]]:
    """(text, OGG/Opus) of test sentences by test voices, the same ones every time."""
    random = np.random.default_rng(11)
    chosen = [line for line in read_lines(lines, "test") if line.language == language]
    weights = np.array([line.weight for line in chosen])
    for pick in random.choice(len(chosen), min(count, len(chosen)), replace=False, p=weights / weights.sum()):
        (samples,) = say([chosen[pick].text], draw(language, "test", random))
        padded = for_test(samples, random)
        yield chosen[pick].text, encode_opus(add_noise(padded, 15, random) if noisy else padded)


def hear_one(weights: Weights, said: str, language: str, samples: Samples) -> Heard:
    """One note through everything after decoding, without knowing the citizen's language."""
    began = time.perf_counter()
    try:
        transcript = hear(weights, samples)
    except Unheard:
        transcript = None
    return Heard(said, language, transcript, len(samples) / RATE, time.perf_counter() - began)


def row(language: str, condition: str, heard: list[Heard]) -> str:
    """One line of the table; a refused note counts as all words missing."""
    words, characters = error_rates([(one.said, one.text) for one in heard])
    known = [(one, one.transcript) for one in heard if one.transcript]
    right = [transcript.confidence for one, transcript in known if error_rates([(one.said, one.text)])[0] == 0]
    wrong = [transcript.confidence for one, transcript in known if error_rates([(one.said, one.text)])[0] > 0]
    language_right = sum(transcript.language == one.language for one, transcript in known) / max(1, len(known))
    speed = sum(one.took for one in heard) / sum(one.seconds for one in heard)
    sure = f"{np.mean(right or [0]):.2f} / {np.mean(wrong or [0]):.2f}"
    numbers = (
        f"{words:.1%} | {characters:.1%} | {len(heard) - len(known)} | {language_right:.1%} | {sure} | {speed:.2f}"
    )
    return f"| {language} | {len(heard)} | {condition} | {numbers} |"


def recorded(weights: Weights, folder: Path) -> list[Heard]:
    """The recordings of people."""
    with (folder / "transcripts.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [hear_one(weights, one["text"], "te", decode_trusted((folder / one["file"]).read_bytes())) for one in rows]


def main(
    lines: Path,
    checkpoint: Path = BUILTIN,
    count: int = 100,
    recordings: Path | None = None,
    show: int = 0,
    only: str = "",
) -> None:
    """Print the table; `show` examples of each row as well."""
    torch.set_num_threads(1)
    weights = load_file(checkpoint)
    print(HEAD)
    for language in (only or ",".join(LANGUAGES)).split(","):
        for condition in ("clean", "15 dB noise, Opus 24 kb/s"):
            made = notes(lines, language, count, noisy=condition != "clean")
            report(
                language,
                condition,
                [hear_one(weights, text, language, decode_trusted(note)) for text, note in made],
                show,
            )
    if recordings:
        report("te", "people (read verses and prose)", recorded(weights, recordings), show)


def report(language: str, condition: str, heard: list[Heard], show: int) -> None:
    """A row and its examples."""
    print(row(language, condition, heard), flush=True)
    for one in heard[:show]:
        print(f"    {one.said}\n    -> {one.text or '(refused)'} {one.transcript.confidence if one.transcript else ''}")


if __name__ == "__main__":
    typer.run(main)
