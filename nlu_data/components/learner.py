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

_FEW = 8000  # rows of which every machine sees all
_NEAR, _NEAR_IN_ALL = 2500, 300_000  # opponents a machine sees at least, and all machines together


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
    names, truth = np.unique(np.asarray(labels, dtype=object).astype(str), return_inverse=True)
    if len(names) < 2:
        return Model(tuple(names), np.zeros((rows.shape[1], len(names)), np.float32), np.ones(len(names)), sharpness)
    weights = np.zeros((rows.shape[1], len(names)), np.float32)
    bias = np.zeros(len(names), np.float32)
    likeness = _likeness(rows, truth, len(names))
    for column in range(len(names)):
        chosen = _opponents(likeness[:, column], truth == column, max(_NEAR, _NEAR_IN_ALL // len(names)))
        machine = LinearSVC(C=cost, random_state=0, tol=1e-3).fit(rows[chosen], truth[chosen] == column)
        weights[:, column], bias[column] = machine.coef_[0], machine.intercept_[0]
    return Model(tuple(map(str, names)), weights, bias, sharpness)


def _likeness(rows: sparse.csr_matrix, truth: np.ndarray, count: int) -> np.ndarray:
    """How much each row resembles the middle of each label's rows, rows x labels; small problems need none."""
    if len(truth) <= _FEW:
        return np.zeros((len(truth), count), np.float32)
    members = sparse.csr_matrix((np.ones(len(truth), np.float32), (truth, np.arange(len(truth)))))
    middles = np.asarray((members @ rows).todense(), dtype=np.float32)
    middles /= np.linalg.norm(middles, axis=1, keepdims=True) + 1e-9
    return np.asarray(rows @ middles.T)


def _opponents(likeness: np.ndarray, own: np.ndarray, near: int) -> np.ndarray:
    """A label's own rows, the others that resemble it most, and half as many of the rest: all its machine need see."""
    others = np.flatnonzero(~own)
    if len(own) <= _FEW or len(others) <= 2 * near:
        return np.arange(len(own))
    ranked = others[np.argsort(-likeness[others], kind="stable")]
    far = np.random.default_rng(len(own)).choice(ranked[near:], near // 2, replace=False)
    return np.sort(np.concatenate([np.flatnonzero(own), ranked[:near], far]))


def best_sharpness(scores: np.ndarray, truth: np.ndarray) -> float:
    """The factor under which held-out scores (rows x labels) give the true columns the best log likelihood."""

    def loss(log_factor: float) -> float:
        chosen = softmax(np.exp(log_factor) * scores)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded").x)) if len(truth) else 5.0
