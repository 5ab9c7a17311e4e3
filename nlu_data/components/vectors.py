"""From messages to rows of a sparse matrix: each family weighted by rarity, made equally long, then scaled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nlu_data.components.features import BUCKETS, FAMILIES

Row = Mapping[str, Sequence[int]]
MOST_COLUMNS = 150_000  # of all features the most frequent; at 284 labels the weights are then 170 MB
WEIGHTS = {"word": 0.6, "letters": 0.8, "key": 1.0, "key_letters": 1.0, "bones": 0.5, "concept": 0.3, "shape": 0.4}


@dataclass(frozen=True)
class Vectorizer:
    """`buckets`: sorted numbers of the features in use, one per column; `rarity`: their weights."""

    buckets: np.ndarray
    rarity: np.ndarray

    def matrix(self, rows: Sequence[Row]) -> sparse.csr_matrix:
        """Messages as rows (float32), features as columns; a row is at most one long."""
        parts = [self._entries(row) for row in rows]
        lengths = [len(columns) for columns, _ in parts]
        columns = np.concatenate([c for c, _ in parts]) if parts else np.zeros(0, np.int64)
        values = np.concatenate([v for _, v in parts]) if parts else np.zeros(0, np.float32)
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return sparse.csr_matrix((values, columns, starts), shape=(len(rows), len(self.buckets)), dtype=np.float32)

    def _entries(self, row: Row) -> tuple[np.ndarray, np.ndarray]:
        """Column numbers and values of one message."""
        columns, values = [], []
        for family in FAMILIES:
            known, counts = self._known(row[family])
            weighted = np.log1p(counts) * self.rarity[known]
            length = np.linalg.norm(weighted)
            if length:
                columns.append(known)
                values.append((WEIGHTS[family] / length * weighted).astype(np.float32))
        if not columns:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        value = np.concatenate(values)
        return np.concatenate(columns), value / np.linalg.norm(value)

    def _known(self, numbers: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        unique, counts = np.unique(np.asarray(numbers, np.int64), return_counts=True)
        at = np.searchsorted(self.buckets, unique)
        at[at == len(self.buckets)] = 0
        hit = self.buckets[at] == unique if len(self.buckets) else np.zeros(len(at), bool)
        return at[hit], counts[hit]

    def coverage(self, row: Row) -> float:
        """Share of the message's phonetic keys and their pairs that training knew, 0 to 1."""
        numbers = set(row["key"])
        return len(self._known(list(numbers))[0]) / len(numbers) if numbers else 0.0


def fit_vectorizer(rows: Sequence[Row], at_least: int = 2) -> Vectorizer:
    """Keep the commonest features that stand in `at_least` messages; rarity is the inverse document frequency."""
    seen = np.zeros(BUCKETS, np.int32)
    for row in rows:
        seen[np.unique(np.concatenate([np.asarray(row[family], np.int64) for family in FAMILIES]))] += 1
    buckets = np.flatnonzero(seen >= at_least)
    if len(buckets) > MOST_COLUMNS:
        buckets = np.sort(buckets[np.argsort(-seen[buckets], kind="stable")[:MOST_COLUMNS]])
    rarity = np.log((1 + len(rows)) / (1 + seen[buckets])) + 1
    return Vectorizer(buckets, rarity.astype(np.float32))
