"""How well a network in training hears the test clips: sentences and voices that no training clip has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from voice.training.clips import Clip, collate
from voice.training.network import LANGUAGES, Alphabet, Network, frame, tokenizer
from voice.training.transcripts import error_rates

LONGEST = 90


@dataclass(frozen=True)
class Score:
    """Word and character error per language; `clean` and `noisy` are word errors over all; `language` the share that
    is right.
    """

    words: dict[str, float]
    characters: dict[str, float]
    clean: float
    noisy: float
    language: float

    @property
    def mean(self) -> float:
        """The mean word error of the languages."""
        return sum(self.words.values()) / max(1, len(self.words))

    def as_row(self) -> dict[str, float]:
        """For a log."""
        values = {f"wer_{k}": v for k, v in self.words.items()} | {f"cer_{k}": v for k, v in self.characters.items()}
        values |= {"clean": self.clean, "noisy": self.noisy, "language": self.language}
        return {name: round(value, 4) for name, value in values.items()}


@torch.inference_mode()
@torch.autocast("cpu", torch.bfloat16)
def greedy(network: Network, alphabet: Alphabet, clips: Sequence[Clip]) -> list[tuple[str, str]]:
    """(language, text) as the network writes them, the most probable token each time; language may be empty: no
    speech.
    """
    rows = {token: row for row, token in enumerate(alphabet.tokens)}
    start, _, task, untimed, end, silence = frame(tokenizer("en"))
    tongues = {rows[frame(tokenizer(language))[1]]: language for language in LANGUAGES}
    device = next(network.parameters()).device
    heard = network.hear(collate(clips, None).mels.to(device))
    cache, hooks = network.whisper.install_kv_cache_hooks()
    decoder = network.whisper.decoder
    first = decoder(torch.full((len(clips), 1), rows[start], device=device), heard, kv_cache=cache)[:, -1]
    tongue = first[:, list(tongues)].argmax(-1)
    given = [
        torch.tensor(list(tongues), device=device)[tongue],
        *(torch.full_like(tongue, rows[t]) for t in (task, untimed)),
    ]
    for token in given:  # one at a time: whisper's cache takes several tokens only at the very start
        written = decoder(token[:, None], heard, kv_cache=cache)[:, -1].argmax(-1, keepdim=True)
    while written.shape[1] < LONGEST and not (written == rows[end]).any(1).all():
        best = decoder(written[:, -1:], heard, kv_cache=cache)[:, -1].argmax(-1, keepdim=True)
        written = torch.cat([written, best], 1)
    for hook in hooks:
        hook.remove()
    texts = [text_of([alphabet.tokens[i] for i in row], end) for row in written.tolist()]
    return list(zip([list(tongues.values())[i] for i in tongue.tolist()], texts, strict=True))


def text_of(tokens: list[int], end: int) -> str:
    """The text up to the end token."""
    kept = tokens[: tokens.index(end)] if end in tokens else tokens
    return str(tokenizer("en").decode([token for token in kept if token < end])).strip()


def measure(network: Network, alphabet: Alphabet, clips: Sequence[Clip], batch: int = 32) -> Score:
    """Hear all clips that say something."""
    spoken = sorted((clip for clip in clips if clip.text), key=lambda clip: clip.mel.shape[1])
    network.eval()
    heard = [
        text
        for start in range(0, len(spoken), batch)
        for text in greedy(network, alphabet, spoken[start : start + batch])
    ]
    network.train()
    pairs = [(clip, language, text) for clip, (language, text) in zip(spoken, heard, strict=True)]
    by_language = {lang: error_rates([(c.text, t) for c, _, t in pairs if c.language == lang]) for lang in LANGUAGES}
    return Score(
        {lang: rates[0] for lang, rates in by_language.items()},
        {lang: rates[1] for lang, rates in by_language.items()},
        error_rates([(c.text, t) for c, _, t in pairs if not c.noisy])[0],
        error_rates([(c.text, t) for c, _, t in pairs if c.noisy])[0],
        sum(language == c.language for c, language, _ in pairs) / max(1, len(pairs)),
    )
