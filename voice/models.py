"""Which speech weights are used: `MITRA_WHISPER` is `builtin`, a Whisper size, a `.pt` file or a Hugging Face Whisper
folder.

Whatever it is, it becomes an openai-whisper model in memory, loaded once. The builtin file holds only the embedding
rows that its training used; they are spread over Whisper's whole vocabulary here, and what was never learned may never
be written.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
import whisper
from torch import Tensor, nn
from whisper.model import AudioEncoder, ModelDimensions, Whisper

from voice.errors import BrokenWeights
from voice.hugging_face import from_hugging_face
from voice.lexicon import Lexicon

BUILTIN = Path(__file__).parents[1] / "models" / "builtin.pt"
UNUSED_TOKEN = 0  # "!" is never said: its row has learned to stay silent and stands for all rows that were not learned
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ctc:
    """A second opinion: log-probabilities of characters straight from the encoder. Row 0 is the blank."""

    head: nn.Linear
    characters: str
    lexicons: Mapping[str, Lexicon] = field(default_factory=dict)


@dataclass(frozen=True)
class Weights:
    """A loaded checkpoint and how to use it.

    `short` hears any length without padding to 30 s; `silenced` is a mask over the vocabulary of what must not be
    written; `seconds` is the longest piece to hear at once; `beams` how many transcripts are followed.
    """

    name: str
    model: Whisper
    short: bool = False
    silenced: Tensor | None = None
    seconds: float = 14.0
    beams: int = 3
    ctc: Ctc | None = None


class ShortEncoder(AudioEncoder):
    """Whisper's encoder for sound of any length up to its 30 s."""

    def forward(self, x: Tensor) -> Tensor:
        """batch x mels x frames -> batch x frames/2 x width."""
        x = F.gelu(self.conv2(F.gelu(self.conv1(x)))).permute(0, 2, 1)
        x = x + self.positional_embedding[: x.shape[1]]
        for block in self.blocks:
            x = block(x)
        heard: Tensor = self.ln_post(x)
        return heard


def chosen() -> str:
    """What the environment asks for."""
    return os.environ.get("MITRA_WHISPER", "builtin").strip() or "builtin"


@lru_cache(maxsize=2)
def load(choice: str) -> Weights:
    """The weights that `choice` names; a size that cannot be downloaded gives `builtin` and a warning.
    BrokenWeights.
    """
    if choice == "builtin":
        return load_builtin(BUILTIN)
    path = Path(choice)
    if path.is_dir():
        return Weights(path.name, from_hugging_face(path))
    if path.suffix == ".pt":
        return load_file(path)
    if choice in whisper.available_models():
        return load_size(choice)
    raise BrokenWeights(
        f"MITRA_WHISPER={choice}: no such file or folder, and not one of {', '.join(whisper.available_models())}"
    )


def load_size(size: str) -> Weights:
    """One of OpenAI's, downloaded once with its progress shown."""
    try:
        return Weights(size, whisper.load_model(size, device="cpu").eval())
    except (OSError, RuntimeError) as fault:
        log.warning(
            "Whisper %s could not be downloaded (%s); using builtin. Give a .pt file or a folder instead.", size, fault
        )
        return load("builtin")


def load_file(path: Path) -> Weights:
    """A checkpoint in openai-whisper's own form, or one that our training wrote."""
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        if "tokens" in content:
            return spread(content, path.stem)
        model = Whisper(ModelDimensions(**content["dims"]))
        model.load_state_dict(content["model_state_dict"])
    except Exception as fault:  # whatever is wrong with a stranger's file, its name and the cure is what helps
        raise BrokenWeights(f"{path} is no Whisper checkpoint: {fault}") from fault
    return Weights(path.stem, model.float().eval())


def load_builtin(path: Path) -> Weights:
    """Ours, after its checksum."""
    if not path.exists():
        raise BrokenWeights(f"{path} is missing: fetch it again from the repository, or train it (voice/training)")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != path.with_suffix(".sha256").read_text().strip():
        raise BrokenWeights(f"{path} is damaged: its checksum is not the one beside it")
    return spread(torch.load(io.BytesIO(content), map_location="cpu", weights_only=True), "builtin")


def expanded(content: Mapping[str, Any]) -> dict[str, Any]:
    """A file of our training as openai-whisper wants it: `torch.save` this, and `whisper.load_model` reads it."""
    state = {name: weight.float() for name, weight in content["model_state_dict"].items()}
    name, tokens = "decoder.token_embedding.weight", content["tokens"]
    learned = state[name]
    full = learned[tokens == UNUSED_TOKEN].repeat(content["dims"]["n_vocab"], 1)
    full[tokens] = learned
    dims = ModelDimensions(**content["dims"])
    places = whisper.model.sinusoids(dims.n_audio_ctx, dims.n_audio_state)
    return {"dims": content["dims"], "model_state_dict": {**state, name: full, "encoder.positional_embedding": places}}


def spread(content: Mapping[str, Any], name: str) -> Weights:
    """A file of our training as weights to use."""
    whole = expanded(content)
    dims = ModelDimensions(**whole["dims"])
    model = Whisper(dims)
    model.encoder = ShortEncoder(
        dims.n_mels, dims.n_audio_ctx, dims.n_audio_state, dims.n_audio_head, dims.n_audio_layer
    )
    model.load_state_dict(whole["model_state_dict"])
    silenced = torch.ones(dims.n_vocab, dtype=torch.bool)
    silenced[content["tokens"]] = False
    head = nn.Linear(dims.n_audio_state, len(content["characters"]) + 1)
    head.load_state_dict({key: weight.float() for key, weight in content["ctc"].items()})
    lexicons = {lang: Lexicon(*counts) for lang, counts in json.loads(content.get("words", "{}")).items()}
    ctc = Ctc(head.eval(), content["characters"], lexicons)
    return Weights(name, model.eval(), short=True, silenced=silenced, seconds=6.0, beams=2, ctc=ctc)
