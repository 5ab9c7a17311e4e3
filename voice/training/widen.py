"""Let a training go on with sentences that need tokens or characters it did not have: rows are added, none is moved."""

from __future__ import annotations

from typing import Any

import torch

from voice.training.network import Alphabet

ROWS_BY_TOKEN = ("whisper.decoder.token_embedding.weight",)
ROWS_BY_CHARACTER = ("ctc.weight", "ctc.bias")


def widen(state: dict[str, Any], wanted: Alphabet) -> Alphabet:
    """Change the saved `state` in place; returns the alphabet it then has."""
    known = set(state["tokens"])
    tokens = (*state["tokens"], *(token for token in wanted.tokens if token not in known))
    characters = state["characters"] + "".join(c for c in wanted.characters if c not in state["characters"])
    added = {name: len(tokens) - len(known) for name in ROWS_BY_TOKEN}
    added |= {name: len(characters) - len(state["characters"]) for name in ROWS_BY_CHARACTER}
    for weights in (state["network"], state["averaged"]):
        for name, rows in added.items():
            weights[name] = grown(weights[name], rows, 0.02)
    names = [name for name in state["network"] if name != "whisper.encoder.positional_embedding"]
    for index, moments in state["optimizer"]["state"].items():
        for moment in ("exp_avg", "exp_avg_sq"):
            moments[moment] = grown(moments[moment], added.get(names[index], 0), 0.0)
    return Alphabet(tokens, characters)


def grown(weight: torch.Tensor, rows: int, deviation: float) -> torch.Tensor:
    """`rows` more rows, drawn with a standard deviation."""
    return torch.cat([weight, torch.randn(rows, *weight.shape[1:]) * deviation]) if rows else weight
