"""How well messages reach the right service, per input form: `mitra evaluate FILE.csv`."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.catalog import read

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Scored:
    """One message of the file: acceptable labels, the ranking it got (best first) and its top probability."""

    form: str
    text: str
    wanted: frozenset[str]
    ranking: tuple[str, ...]
    confidence: float

    @property
    def right(self) -> bool:
        """Whether the first label is acceptable."""
        return bool(self.ranking) and self.ranking[0] in self.wanted

    @property
    def near(self) -> bool:
        """Whether an acceptable label is among the first three."""
        return bool(self.wanted & set(self.ranking[:3]))


@dataclass(frozen=True)
class Accuracy:
    """Shares of 1 over `count` messages."""

    form: str
    count: int
    top1: float
    top3: float


def label(name: str) -> str:
    """An intent's name as the files write it: the service id, `dialog/<act>` or `out_of_scope`."""
    _, _, service = name.partition("/")
    return service or (OUT_OF_SCOPE if name == OUT_OF_SCOPE else f"dialog/{name}")


def read_messages(path: Path) -> list[tuple[str, frozenset[str], str]]:
    """(form, acceptable labels, text) of a CSV with the columns form, service_id and text.

    A folder holds Rasa NLU files by form, `<form>/*.yml`, as tests/utterances does.
    """
    if path.is_dir():
        return list(_held_out(path))
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["form"], frozenset(row["service_id"].split("|")), row["text"]) for row in csv.DictReader(file)]


def _held_out(folder: Path) -> Iterator[tuple[str, frozenset[str], str]]:
    for file in sorted(folder.glob("*/*.yml")):
        for block in read(file).get("nlu") or ():
            for line in block["examples"].splitlines():
                yield file.parent.name, frozenset({label(block["intent"])}), line.removeprefix("- ")


def parse(root: Path, model: Path, texts: Iterable[str]) -> list[dict[str, Any]]:
    """What Rasa's environment understands of each text, in order."""
    lines = "\n".join(" ".join(text.split()) for text in texts) + "\n"
    command = [str(root / ".venv-rasa" / "bin" / "python"), "-m", "nlu_data.components.understand", str(model)]
    quiet = {
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "RASA_TELEMETRY_ENABLED": "false",
        "LOG_LEVEL": "ERROR",
    }
    environment = {**os.environ, **quiet, "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    done = subprocess.run(
        command, cwd=root, env=environment, input=lines, stdout=subprocess.PIPE, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def score(messages: Iterable[tuple[str, frozenset[str], str]], parses: Iterable[Mapping[str, Any]]) -> list[Scored]:
    """Each message with what was understood."""
    return [_scored(*message, parsed) for message, parsed in zip(messages, parses, strict=True)]


def _scored(form: str, wanted: frozenset[str], text: str, parsed: Mapping[str, Any]) -> Scored:
    top = parsed["intent"]
    first = label(top.get("full_retrieval_intent_name") or top["name"] or OUT_OF_SCOPE)
    rest = [label(item["name"]) for item in parsed.get("intent_ranking", ())]
    return Scored(form, text, wanted, tuple(dict.fromkeys([first, *rest])), float(top["confidence"] or 0))


def accuracies(scored: Iterable[Scored]) -> list[Accuracy]:
    """Accuracy of each form, in the order of the file, and of all."""
    groups: dict[str, list[Scored]] = defaultdict(list)
    for item in scored:
        groups[item.form].append(item)
    rows = [_accuracy(form, items) for form, items in groups.items()]
    return [*rows, _accuracy("all", [item for items in groups.values() for item in items])]


def _accuracy(form: str, items: list[Scored]) -> Accuracy:
    count = len(items) or 1
    return Accuracy(form, len(items), sum(i.right for i in items) / count, sum(i.near for i in items) / count)


def out_of_scope(scored: Iterable[Scored]) -> tuple[float, float]:
    """(share of out-of-scope messages caught, share of the others refused)."""
    inside: list[bool] = []
    outside: list[bool] = []
    for item in scored:
        (outside if OUT_OF_SCOPE in item.wanted else inside).append(item.ranking[:1] == (OUT_OF_SCOPE,))
    return sum(outside) / max(1, len(outside)), sum(inside) / max(1, len(inside))


def calibration_error(scored: Iterable[Scored], bins: int = 10) -> float:
    """Expected calibration error: mean gap between confidence and accuracy over equal bins, weighted by their size."""
    groups: dict[int, list[Scored]] = defaultdict(list)
    for item in scored:
        groups[min(bins - 1, int(item.confidence * bins))].append(item)
    total = sum(map(len, groups.values())) or 1
    gaps = (abs(sum(i.confidence for i in g) - sum(i.right for i in g)) for g in groups.values())
    return sum(gaps) / total


def confusions(scored: Iterable[Scored], most: int = 15) -> list[tuple[str, str, int]]:
    """(wanted, taken by, how often), worst first."""
    pairs = Counter(("|".join(sorted(i.wanted)), i.ranking[0]) for i in scored if not i.right and i.ranking)
    return [(wanted, taken, count) for (wanted, taken), count in pairs.most_common(most)]
