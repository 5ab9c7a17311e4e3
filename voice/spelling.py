"""What the builtin encoder spells by itself: a prefix beam search over its CTC head, and how well a given text fits.

A second way to the words beside the decoder: it cannot invent what it did not hear, and the decoder then judges its
proposals.
"""

from __future__ import annotations

import math
from functools import lru_cache

import regex
import torch
import torch.nn.functional as F
from torch import Tensor

from voice import lexicon
from voice.models import Ctc

BEAMS = 8
LETTERS_A_POSITION = 6
IMPOSSIBLE = -1e30
WORST = -10.0
FOREIGN = {
    "te": regex.compile(r"\p{Devanagari}"),
    "hi": regex.compile(r"\p{Telugu}"),
    "en": regex.compile(r"[\p{Devanagari}\p{Telugu}]"),
}


@lru_cache(maxsize=8)
def foreign_letters(characters: str, language: str) -> Tensor:
    """A mask of the rows whose letters the language does not use."""
    return torch.tensor([False, *(bool(FOREIGN[language].match(letter)) for letter in characters)])


@torch.inference_mode()
def positions(ctc: Ctc, features: Tensor, language: str) -> Tensor:
    """positions x rows log-probabilities over the language's letters, from 1 x positions x width."""
    logits: Tensor = ctc.head(features[0]).masked_fill(foreign_letters(ctc.characters, language), IMPOSSIBLE)
    return logits.log_softmax(-1)


def proposals(ctc: Ctc, features: Tensor, language: str) -> list[str]:
    """The most probable texts as the encoder spells them, and before them those made of known words, best first."""
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, IMPOSSIBLE)}
    spelled = positions(ctc, features, language)
    values, rows = spelled.topk(min(LETTERS_A_POSITION, spelled.shape[1]))
    for chances, letters in zip(values.tolist(), rows.tolist(), strict=True):
        beams = best(extended(beams, dict(zip(letters, chances, strict=True))))
    texts = ["".join(ctc.characters[row - 1] for row in prefix).strip() for prefix in beams]
    known = ctc.lexicons.get(language)
    worded = lexicon.proposals(known, ctc.characters, spelled) if known else []
    return [text for text in dict.fromkeys([*worded, *texts[:3]]) if text]


def extended(
    beams: dict[tuple[int, ...], tuple[float, float]], chances: dict[int, float]
) -> dict[tuple[int, ...], tuple[float, float]]:
    """One position further: prefix -> (log-probability ending in blank, ending in its last letter)."""
    found: dict[tuple[int, ...], tuple[float, float]] = {}
    for prefix, (blank, letter) in beams.items():
        both = added(blank, letter)
        for row, chance in chances.items():
            if row == 0:
                collect(found, prefix, both + chance, IMPOSSIBLE)
            elif prefix and row == prefix[-1]:
                collect(found, prefix, IMPOSSIBLE, letter + chance)
                collect(found, (*prefix, row), IMPOSSIBLE, blank + chance)
            else:
                collect(found, (*prefix, row), IMPOSSIBLE, both + chance)
    return found


def collect(
    found: dict[tuple[int, ...], tuple[float, float]], prefix: tuple[int, ...], blank: float, letter: float
) -> None:
    """Add probability to a prefix."""
    before = found.get(prefix, (IMPOSSIBLE, IMPOSSIBLE))
    found[prefix] = added(before[0], blank), added(before[1], letter)


def best(beams: dict[tuple[int, ...], tuple[float, float]]) -> dict[tuple[int, ...], tuple[float, float]]:
    """The most probable prefixes, best first."""
    ranked = sorted(beams.items(), key=lambda item: -added(*item[1]))
    return dict(ranked[:BEAMS])


def added(one: float, other: float) -> float:
    """The logarithm of the sum of two probabilities given as logarithms."""
    high, low = max(one, other), min(one, other)
    return high if low < high - 40 else high + math.log1p(math.exp(low - high))


def fit(ctc: Ctc | None, features: Tensor, text: str, language: str) -> float:
    """Mean log-probability per letter of the text under the CTC head; 0 without a head, -10 at worst."""
    if ctc is None or not text:
        return 0.0
    rows = {letter: row for row, letter in enumerate(ctc.characters, 1)}
    letters = torch.tensor([rows[c] for c in text if c in rows], dtype=torch.long)
    if not len(letters):
        return WORST
    spelled = positions(ctc, features, language)[:, None]
    sizes = torch.tensor([len(spelled)]), torch.tensor([len(letters)])
    loss = F.ctc_loss(spelled, letters[None], *sizes, reduction="sum")
    return max(WORST, -float(loss) / len(letters))


@torch.inference_mode()
def fitting(ctc: Ctc, features: Tensor, texts: list[str], language: str, most: int = 3) -> list[str]:
    """Those of the texts (expected answers) that fit the sound best."""
    rows = {letter: row for row, letter in enumerate(ctc.characters, 1)}
    known = [text for text in texts if text and all(letter in rows for letter in text)]
    if not known:
        return []
    letters = [torch.tensor([rows[letter] for letter in text]) for text in known]
    spelled = positions(ctc, features, language)[:, None].expand(-1, len(known), -1)
    sizes = torch.full((len(known),), len(spelled)), torch.tensor([len(text) for text in known])
    loss = F.ctc_loss(spelled, torch.cat(letters), *sizes, reduction="none") / sizes[1]
    return [known[place] for place in loss.argsort()[:most].tolist() if loss[place] < -WORST]


def unknown(ctc: Ctc | None, text: str, language: str) -> float:
    """The share of the text's words that are in no list; 0 where there is no list."""
    known = ctc.lexicons.get(language) if ctc else None
    words = text.split()
    return sum(word not in known.words for word in words) / len(words) if known and words else 0.0
