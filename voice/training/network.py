"""The network while it learns: a Whisper over the used tokens only, any audio length, and a CTC head on characters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from whisper.model import AudioEncoder, ModelDimensions, Whisper
from whisper.tokenizer import Tokenizer, get_tokenizer

LANGUAGES = ("te", "hi", "en")
VOCABULARY = 51865
OFFSETS = ((-6, -2, 2, 6), (-12, -4, 4, 12), (-20, -5, 5, 20))  # encoder positions of 20 ms, a head each


@dataclass(frozen=True)
class Alphabet:
    """What can be written: the used token ids of Whisper's multilingual tokenizer, and the characters of the CTC head
    (0 is blank).
    """

    tokens: tuple[int, ...]
    characters: str

    @classmethod
    def of(cls, texts: dict[str, set[str]]) -> Alphabet:
        """From the texts by language; every single byte stays writable."""
        used = set(range(256)) | {token for language in LANGUAGES for token in frame(tokenizer(language))}
        for language, lines in texts.items():
            encode = tokenizer(language).encode
            used.update(token for line in lines for token in encode(f" {line}"))
        return cls(
            tuple(sorted(used)), "".join(sorted({c for lines in texts.values() for line in lines for c in line}))
        )


def tokenizer(language: str) -> Tokenizer:
    """Whisper's multilingual tokenizer for transcribing `language`."""
    return get_tokenizer(True, num_languages=99, language=language, task="transcribe")


def frame(tok: Tokenizer) -> tuple[int, ...]:
    """The tokens around every transcript: start, language, task, no timestamps, end; and the one for no speech."""
    return (*tok.sot_sequence_including_notimestamps, tok.eot, tok.no_speech)


class Network(nn.Module):
    """Whisper with `len(alphabet.tokens)` rows; ids below are rows, not Whisper's token ids."""

    def __init__(self, alphabet: Alphabet, width: int = 256, encoder_layers: int = 3, decoder_layers: int = 2) -> None:
        super().__init__()
        heads = width // 64
        self.dims = ModelDimensions(
            80, 1500, width, heads, encoder_layers, len(alphabet.tokens), 448, width, heads, decoder_layers
        )
        self.whisper = Whisper(self.dims)
        self.ctc = nn.Linear(width, len(alphabet.characters) + 1)
        for parameter in self.whisper.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.04)
        nn.init.normal_(self.whisper.decoder.positional_embedding, std=0.01)
        attend_nearby(self.whisper.encoder)

    def hear(self, mels: Tensor) -> Tensor:
        """batch x 80 x frames -> batch x frames/2 x width."""
        encoder = self.whisper.encoder
        x = F.gelu(encoder.conv2(F.gelu(encoder.conv1(mels)))).permute(0, 2, 1)
        x = x + encoder.positional_embedding[: x.shape[1]]
        for block in encoder.blocks:
            x = block(x)
        heard: Tensor = encoder.ln_post(x)
        return heard

    def write(self, heard: Tensor, ids: Tensor) -> Tensor:
        """Logits over the rows: batch x length x rows."""
        decoder = self.whisper.decoder
        x = decoder.token_embedding(ids) + decoder.positional_embedding[: ids.shape[-1]]
        for block in decoder.blocks:
            x = block(x, heard, mask=decoder.mask)
        logits: Tensor = decoder.ln(x) @ decoder.token_embedding.weight.T
        return logits

    def spell(self, heard: Tensor) -> Tensor:
        """CTC log-probabilities: frames/2 x batch x characters."""
        spelled: Tensor = self.ctc(heard).float().log_softmax(-1).transpose(0, 1)
        return spelled


@torch.no_grad()
def attend_nearby(encoder: AudioEncoder) -> None:
    """Start with attention to what sounds shortly before and after, as a convolution would, each head at its offset.

    Position t is written as sin(w t), cos(w t); a query turned by w d meets the key of position t + d. Without this
    the first thousands of steps go into finding out that neighbours matter.
    """
    width = encoder.positional_embedding.shape[1]
    half, size = width // 2, width // len(OFFSETS[0])
    speeds = torch.exp(-math.log(10_000) / (half - 1) * torch.arange(half))
    for block, offsets in zip(encoder.blocks, OFFSETS, strict=False):
        query, key = block.attn.query.weight, block.attn.key.weight
        for head, offset in enumerate(offsets):
            for number in range(min(size // 2, half)):
                sine, cosine = head * size + number, head * size + size // 2 + number
                turned = speeds[number] * offset
                key[sine, number] += 1.0
                key[cosine, number + half] += 1.0
                query[sine, [number, number + half]] += torch.stack([turned.cos(), turned.sin()])
                query[cosine, [number, number + half]] += torch.stack([-turned.sin(), turned.cos()])


def checkpoint(network: Network, alphabet: Alphabet, words: str = "{}") -> dict[str, Any]:
    """The file: Whisper's own dims and half-precision weights with only the used embedding rows, the rows' token ids,
    the CTC head.
    """
    state = {
        name: weight.half() for name, weight in network.whisper.state_dict().items() if "encoder.positional" not in name
    }
    return {
        "dims": {**vars(network.dims), "n_vocab": VOCABULARY},
        "model_state_dict": state,
        "tokens": torch.tensor(alphabet.tokens),
        "ctc": {name: weight.half() for name, weight in network.ctc.state_dict().items()},
        "characters": alphabet.characters,
        "words": words,
    }
