"""Learns `romanization.json`: how often each sound of Telugu and Hindi is spelled which way in Latin letters.

    python -m nlu_data.components.learn_romanization FOLDER

FOLDER holds the Dakshina lexicons as `te.train.tsv`, `hi.train.tsv` (and `.dev.tsv` for `--measure`): native
word, Latin spelling, count. Words are aligned with their spellings by a few rounds of best-path counting.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from math import inf, log
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from nlu_data.components.phonetics import phonetic_key, skeleton
from nlu_data.components.romanizer import TABLE, sounds

_LONGEST = 4
_RAREST = 0.03
_CREDIT = "Shares counted in the Dakshina lexicons (Google Research, CC BY-SA 4.0); see learn_romanization.py."
Shares = dict[str, dict[str, float]]
Pair = tuple[list[str], str, int]


def read(path: Path) -> list[tuple[str, str, int]]:
    """Native word, Latin spelling, count."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(native, latin, int(count)) for native, latin, count in (line.split("\t") for line in lines)]


def learn(pairs: list[Pair], rounds: int = 4) -> Shares:
    """Shares of the spellings of each sound, rare ones left out."""
    shares: Shares = {}
    for _ in range(rounds):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for spoken, latin, count in pairs:
            for sound, spelling in align(spoken, latin, shares):
                counts[sound][spelling] += count
        shares = {sound: _as_shares(counter) for sound, counter in counts.items()}
    return {sound: _common(spellings) for sound, spellings in sorted(shares.items())}


def _as_shares(counter: Counter[str]) -> dict[str, float]:
    total = sum(counter.values())
    return {spelling: count / total for spelling, count in counter.items()}


def _common(spellings: dict[str, float]) -> dict[str, float]:
    kept = {s: p for s, p in spellings.items() if p >= _RAREST} or spellings
    total = sum(kept.values())
    return {s: round(p / total, 3) for s, p in sorted(kept.items(), key=lambda item: -item[1])}


def align(spoken: list[str], latin: str, shares: Shares) -> list[tuple[str, str]]:
    """The likeliest way to cut `latin` into one piece for each sound; empty where there is none."""
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for sound in spoken:
        reached: dict[int, tuple[float, int]] = {}
        for start, (cost, _) in best[-1].items():
            for end in range(start, min(len(latin), start + _LONGEST) + 1):
                total = cost + _cost(sound, latin[start:end], shares)
                if total < reached.get(end, (inf, 0))[0]:
                    reached[end] = (total, start)
        best.append(reached)
    return _pieces(spoken, latin, best)


def _cost(sound: str, piece: str, shares: Shares) -> float:
    if piece.startswith("h") and sound[0] in "aeiouAM_":  # an h breathes with the consonant before it
        return 12.0
    known = shares.get(sound)
    if known is not None and known.get(piece, 0) > 0.0005:
        return -log(known[piece])
    bare = sound.rstrip("$").replace("A", "a").replace("_", "").replace("M", "n")
    return 1.5 * Levenshtein.distance(bare, piece) + (6.0 if known is not None else 0.0)


def _pieces(spoken: list[str], latin: str, best: list[dict[int, tuple[float, int]]]) -> list[tuple[str, str]]:
    end, pieces = len(latin), []
    if end not in best[-1]:
        return []
    for number in range(len(spoken), 0, -1):
        start = best[number][end][1]
        pieces.append((spoken[number - 1], latin[start:end]))
        end = start
    return pieces[::-1]


def measure(path: Path) -> dict[str, float]:
    """How well phonetic keys of native words and their spellings meet, weighted by counts."""
    total = same = bones = distance = 0
    for native, latin, count in read(path):
        a, b = phonetic_key(native), phonetic_key(latin)
        total, same = total + count, same + count * (a == b)
        bones, distance = bones + count * (skeleton(a) == skeleton(b)), distance + count * Levenshtein.distance(a, b)
    return {"key": same / total, "skeleton": bones / total, "mean_edit_distance": distance / total}


def main() -> None:
    """Learn and write the table, or with `--measure` print how the keys do on the dev lexicons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--measure", action="store_true")
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps({lang: measure(arguments.folder / f"{lang}.dev.tsv") for lang in ("te", "hi")}, indent=1))
        return
    shares = {}
    for language in ("te", "hi"):
        rows = read(arguments.folder / f"{language}.train.tsv")
        shares[language] = learn([(sounds(native), latin, count) for native, latin, count in rows])
    TABLE.write_text(json.dumps({"credit": _CREDIT, "shares": shares}, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
