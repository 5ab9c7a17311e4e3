"""Gather what callers may say: `python -m voice.training.sentences LINES.jsonl [--general FOLDER_OF_JSONL]`.

Sources: the frames and answers of nlu_data/voice, the examples of nlu_data/services and nlu_data/talk, the options of
nlu_data/slots, the names of nlu_data/places, and, if given, general sentences (MASSIVE's `utt` field, CC BY 4.0).
Every text is `plain` and in its language's script; a hash of the text decides whether it is kept for tests, so that
gathering again later never moves a test sentence into training.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import regex
import typer
import yaml

from voice.training.numbers import Words, amount, digits
from voice.training.synthesize import Line
from voice.training.transcripts import plain

SCRIPTS = {"te": regex.compile(r"\p{Telugu}"), "hi": regex.compile(r"\p{Devanagari}"), "en": regex.compile("[a-z]")}
FILL = regex.compile(r"\{(\w+)\}")
ANNOTATION = regex.compile(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})")
SHARES = {"service": 0.45, "answer": 0.30, "general": 0.25}
FILLS_A_TEMPLATE = {"digits": 120, "amount": 60, "name": 60, "place": 40, "to": 60, "date": 40, "count": 25}
TEST_PERCENT = 6


def is_test(text: str) -> bool:
    """Whether the hash of a text of three words or more keeps it for tests."""
    return text.count(" ") >= 2 and hashlib.sha256(text.encode()).digest()[0] * 100 // 256 < TEST_PERCENT


def sayable(text: str, language: str) -> bool:
    """In the language's script, without digits and letters that are only spelled, short enough for one clip."""
    other = any(SCRIPTS[other].search(text) for other in SCRIPTS if other not in (language, "en"))
    return (
        bool(SCRIPTS[language].search(text)) and not other and not regex.search(r"\p{N}", text) and 1 < len(text) <= 80
    )


def framed(voice: dict[str, Any]) -> Iterator[str]:
    """Every thing in every frame that names its kind."""
    for kind, frames in voice["frames"].items():
        for thing in voice["things"].get(kind, ()):
            yield from (frame.replace("{x}", thing) for frame in frames)


def fill(template: str, voice: dict[str, Any], places: list[str], draw: random.Random) -> str:
    """The template with every blank filled from the voice's lists."""
    words = Words.of(voice)
    values: dict[str, Callable[[], str]] = {
        "place": lambda: draw.choice(places),
        "to": lambda: draw.choice(places),
        "name": lambda: draw.choice(voice["names"]),
        "digits": lambda: digits(words, draw.choice((3, 4, 4, 6, 6, 8, 10, 10, 12)), draw),
        "amount": lambda: amount(words, draw),
        "count": lambda: words.below_hundred(draw.choice((1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 12))),
        "date": lambda: fill(draw.choice(voice["dates"]), voice, places, draw),
        "day": lambda: words.below_hundred(draw.randint(1, 31)),
        "month": lambda: draw.choice(voice["months"]),
        "year": lambda: words.year(draw.choice((draw.randint(1940, 1999), draw.randint(2000, 2027)))),
    }
    return str(FILL.sub(lambda blank: values[blank[1]](), template))


def filled(templates: Iterable[str], voice: dict[str, Any], places: list[str]) -> Iterator[str]:
    """Each template many times, with other values each time."""
    draw = random.Random(voice["language"])
    for template in templates:
        blanks = FILL.findall(template)
        times = max((FILLS_A_TEMPLATE[blank] for blank in blanks), default=1)
        yield from (fill(template, voice, places, draw) for _ in range(times))


def examples(folder: Path, language: str) -> Iterator[str]:
    """The language's `examples` of every Rasa file below the folder, annotations taken out."""
    for path in sorted(folder.rglob("*.yml")):
        for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu") or ():
            if (block.get("metadata") or {}).get("language") == language and isinstance(block.get("examples"), str):
                yield from (ANNOTATION.sub(r"\1", row.lstrip("- ")) for row in block["examples"].splitlines())


def named(folder: Path, language: str) -> Iterator[str]:
    """Every value under a key of the language's code, anywhere in the folder's YAML (names of options, of places)."""
    for path in sorted(folder.rglob("*.yml")):
        yield from values_of(yaml.safe_load(path.read_text(encoding="utf-8")), language)


def values_of(node: object, language: str) -> Iterator[str]:
    """Walk one YAML tree for `named`."""
    if isinstance(node, list):
        for child in node:
            yield from values_of(child, language)
    elif isinstance(node, dict):
        value = node.get(language)
        yield from [value] if isinstance(value, str) else (value or []) if isinstance(value, list) else []
        for key, child in node.items():
            if key not in ("ask", "help", "label"):
                yield from values_of(child, language)


def general(folder: Path | None, language: str) -> Iterator[str]:
    """The `utt` field of MASSIVE's training files."""
    for path in sorted(folder.glob(f"{language}-*.train.jsonl")) if folder else ():
        for row in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(row)["utt"]


def gather(data: Path, language: str, massive: Path | None) -> Iterator[Line]:
    """All lines of one language, each text once, weighted so that each source has its share."""
    voice = yaml.safe_load((data / "voice" / f"{language}.yml").read_text(encoding="utf-8"))["voice"]
    places = [*voice["towns"], *{plain(p) for p in named(data / "places", language)}]
    services = [t for t in [*framed(voice), *voice["whole"]] if not FILL.search(t)]
    blanks = [t for t in [*framed(voice), *voice["whole"]] if FILL.search(t)]
    found = {
        "service": [*services, *examples(data / "services", language), *examples(data / "talk", language)],
        "answer": [*filled(blanks, voice, places), *places, *named(data / "slots", language)],
        "general": list(general(massive, language)),
    }
    seen: set[str] = set()
    for source, texts in found.items():
        kept = [t for t in dict.fromkeys(map(plain, texts)) if sayable(t, language) and t not in seen]
        seen.update(kept)
        for text in kept:
            split = "test" if source != "general" and is_test(text) else "train"
            yield Line(text, language, split, SHARES[source] / len(kept))


def main(out: Path, data: Path = Path("nlu_data"), general: Path | None = None) -> None:
    """Write the lines of all languages as JSON lines and print how many there are."""
    with out.open("w", encoding="utf-8") as file:
        for language in SCRIPTS:
            lines = list(gather(data, language, general))
            file.writelines(json.dumps(asdict(line), ensure_ascii=False) + "\n" for line in lines)
            print(language, {split: sum(line.split == split for line in lines) for split in ("train", "test")})


if __name__ == "__main__":
    typer.run(main)
