"""From examples to a trained classifier: Latin-letter copies, features, calibration on held-out examples, fit."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nlu_data.components.concepts import Lexicon
from nlu_data.components.features import features
from nlu_data.components.learner import Model, best_sharpness, fit
from nlu_data.components.romanizer import variants
from nlu_data.components.vectors import Row, Vectorizer, fit_vectorizer

OUT_OF_SCOPE = "out_of_scope"
_FOLDS = 5


@dataclass(frozen=True)
class Example:
    """One training sentence with its full intent; `language` as the file says: te, hi, en or None."""

    text: str
    label: str
    language: str | None


@dataclass(frozen=True)
class Options:
    """Of `ServiceClassifier` in the config."""

    variants: int = 2
    refuse: float = 0.03
    cost: float = 1.5
    at_least: int = 2
    seed: int = 7


@dataclass(frozen=True)
class Trained:
    """A classifier ready for use; `retrieval`: base intents that have services."""

    model: Model
    vectorizer: Vectorizer
    retrieval: tuple[str, ...]


def train(examples: Sequence[Example], options: Options, lexicon: Lexicon, tell: Callable[[str], None]) -> Trained:
    """Train on examples and their Latin-letter copies; `tell` hears of the progress."""
    groups = [[e.text, *variants(e.text, options.variants, options.seed, lexicon)] for e in examples]
    rows = [[features(text, lexicon) for text in group] for group in groups]
    labels = [example.label for example in examples]
    tell(f"{len(examples)} examples of {len(set(labels))} labels, {sum(map(len, rows))} with Latin-letter copies")
    sharpness, shift = calibrate(rows, labels, options)
    tell(f"calibrated on held-out examples: sharpness {sharpness:.2f}, out of scope {shift:+.2f}")
    flat_rows, flat_labels = _flat(rows, labels)
    vectorizer = fit_vectorizer(flat_rows, options.at_least)
    model = fit(vectorizer.matrix(flat_rows), flat_labels, options.cost)
    retrieval = tuple(sorted({label.split("/")[0] for label in labels if "/" in label}))
    return Trained(_calibrated(model, sharpness, shift), vectorizer, retrieval)


def _calibrated(model: Model, sharpness: float, shift: float) -> Model:
    bias = model.bias.copy()
    if OUT_OF_SCOPE in model.labels:
        bias[model.labels.index(OUT_OF_SCOPE)] += shift
    return Model(model.labels, model.weights, bias, sharpness)


def _flat(rows: Sequence[Sequence[Row]], labels: Sequence[str]) -> tuple[list[Row], list[str]]:
    pairs = [(row, label) for group, label in zip(rows, labels, strict=False) for row in group]
    return [row for row, _ in pairs], [label for _, label in pairs]


def calibrate(rows: Sequence[Sequence[Row]], labels: Sequence[str], options: Options) -> tuple[float, float]:
    """Sharpness, and the shift of the out-of-scope score that refuses a share `refuse` of good held-out messages."""
    held = _held_out(labels, options.seed)
    kept = [i for i in range(len(labels)) if i not in held]
    names = {labels[i] for i in kept}
    tested = sorted(i for i in held if labels[i] in names)
    if len(names) < 2 or not tested:
        return 5.0, 0.0
    train_rows, train_labels = _flat([rows[i] for i in kept], [labels[i] for i in kept])
    vectorizer = fit_vectorizer(train_rows, options.at_least)
    model = fit(vectorizer.matrix(train_rows), train_labels, options.cost)
    asked, truth = _flat([rows[i] for i in tested], [labels[i] for i in tested])
    scores = model.scores(vectorizer.matrix(asked))
    right = np.array([model.labels.index(label) for label in truth])
    shift = _shift(model.labels, scores, right, options.refuse)
    if OUT_OF_SCOPE in model.labels:
        scores[:, model.labels.index(OUT_OF_SCOPE)] += shift
    return best_sharpness(scores, right), shift


def _shift(labels: Sequence[str], scores: np.ndarray, right: np.ndarray, refuse: float) -> float:
    """How far the best other label leads over out of scope in all but `refuse` of the messages that are in scope."""
    if OUT_OF_SCOPE not in labels:
        return 0.0
    column = labels.index(OUT_OF_SCOPE)
    inside = scores[right != column]
    lead = np.delete(inside, column, axis=1).max(axis=1) - inside[:, column]
    return float(np.quantile(lead, refuse)) if len(lead) else 0.0


def _held_out(labels: Sequence[str], seed: int) -> set[int]:
    """One example in five of each label, at random."""
    by_label: dict[str, list[int]] = {}
    for i, label in enumerate(labels):
        by_label.setdefault(label, []).append(i)
    chance = random.Random(seed)
    return {i for group in by_label.values() for i in chance.sample(group, len(group) // _FOLDS)}
