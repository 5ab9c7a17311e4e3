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
    refuse: float = 0.02
    cost: float = 0.5
    at_least: int = 2
    seed: int = 7


@dataclass(frozen=True)
class Trained:
    """A classifier ready for use; below `threshold` a message fits no label; `retrieval`: base intents with services."""

    model: Model
    vectorizer: Vectorizer
    threshold: float
    retrieval: tuple[str, ...]


def train(examples: Sequence[Example], options: Options, lexicon: Lexicon, tell: Callable[[str], None]) -> Trained:
    """Train on examples and their Latin-letter copies; `tell` hears of the progress."""
    groups = [[example.text, *variants(example.text, options.variants, options.seed, lexicon)] for example in examples]
    rows = [[features(text, lexicon) for text in group] for group in groups]
    labels = [example.label for example in examples]
    tell(f"{len(examples)} examples of {len(set(labels))} labels, {sum(map(len, rows))} with Latin-letter copies")
    sharpness, threshold = calibrate(rows, labels, options)
    tell(f"calibrated: sharpness {sharpness:.2f}, threshold {threshold:.2f}")
    flat_rows, flat_labels = _flat(rows, labels)
    vectorizer = fit_vectorizer(flat_rows, options.at_least)
    model = fit(vectorizer.matrix(flat_rows), flat_labels, sharpness, options.cost)
    retrieval = tuple(sorted({label.split("/")[0] for label in labels if "/" in label}))
    return Trained(model, vectorizer, threshold, retrieval)


def _flat(rows: Sequence[Sequence[Row]], labels: Sequence[str]) -> tuple[list[Row], list[str]]:
    pairs = [(row, label) for group, label in zip(rows, labels) for row in group]  # noqa: B905
    return [row for row, _ in pairs], [label for _, label in pairs]


def calibrate(rows: Sequence[Sequence[Row]], labels: Sequence[str], options: Options) -> tuple[float, float]:
    """Sharpness, and the probability that all but `refuse` of held-out messages reach with a right answer."""
    held = _held_out(labels, options.seed)
    kept = [i for i in range(len(labels)) if i not in held]
    names = {labels[i] for i in kept}
    tested = [i for i in held if labels[i] in names]
    if len(names) < 2 or not tested:
        return 5.0, 0.0
    train_rows, train_labels = _flat([rows[i] for i in kept], [labels[i] for i in kept])
    vectorizer = fit_vectorizer(train_rows, options.at_least)
    model = fit(vectorizer.matrix(train_rows), train_labels, cost=options.cost)
    scores = model.scores(vectorizer.matrix([rows[i][0] for i in tested]))
    truth = np.array([model.labels.index(labels[i]) for i in tested])
    sharpness = best_sharpness(scores, truth)
    return sharpness, _threshold(Model(model.labels, model.weights, model.bias, sharpness), scores, truth, options)


def _threshold(model: Model, scores: np.ndarray, truth: np.ndarray, options: Options) -> float:
    from nlu_data.components.learner import softmax

    probabilities = softmax(model.sharpness * scores)
    right = probabilities.argmax(axis=1) == truth
    return float(np.quantile(probabilities.max(axis=1)[right], options.refuse)) if right.any() else 0.0


def _held_out(labels: Sequence[str], seed: int) -> set[int]:
    """One example in five of each label, at random."""
    by_label: dict[str, list[int]] = {}
    for i, label in enumerate(labels):
        by_label.setdefault(label, []).append(i)
    chance = random.Random(seed)
    return {i for group in by_label.values() for i in chance.sample(group, len(group) // _FOLDS)}
