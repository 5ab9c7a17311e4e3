"""The classifier proper: one linear model per label over sparse rows, with calibrated probabilities.

Plain numpy in, plain numpy out: no Rasa, no pickle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.svm import LinearSVC


@dataclass(frozen=True)
class Model:
    """`weights`: features x labels; `bias`: one per label; `sharpness` turns scores into probabilities."""

    labels: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    sharpness: float

    def scores(self, rows: sparse.csr_matrix) -> np.ndarray:
        """Scores, rows x labels."""
        return np.asarray(rows @ self.weights) + self.bias

    def probabilities(self, rows: sparse.csr_matrix) -> np.ndarray:
        """Calibrated probabilities, rows x labels; each row sums to 1."""
        return softmax(self.sharpness * self.scores(rows))


def softmax(scores: np.ndarray) -> np.ndarray:
    """Row-wise softmax."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def fit(rows: sparse.csr_matrix, labels: Sequence[str], cost: float, sharpness: float = 1.0) -> Model:
    """Train on rows and their labels; one label alone is a model that always answers it."""
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        return Model(names, np.zeros((rows.shape[1], len(names)), np.float32), np.ones(len(names)), sharpness)
    machine = LinearSVC(C=cost, random_state=0).fit(rows, list(labels))
    weights, bias = machine.coef_, machine.intercept_
    if len(names) == 2:
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Model(names, np.ascontiguousarray(weights.T, dtype=np.float32), bias.astype(np.float32), sharpness)


def best_sharpness(scores: np.ndarray, truth: np.ndarray) -> float:
    """The factor under which held-out scores (rows x labels) give the true columns the best log likelihood."""

    def loss(log_factor: float) -> float:
        chosen = softmax(np.exp(log_factor) * scores)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded").x)) if len(truth) else 5.0
