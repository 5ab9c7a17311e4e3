"""One piece of speech to its most probable texts, with any Whisper checkpoint.

openai-whisper's own decoding does the search; here it gets the encoder's output once for all languages, keeps every
beam instead of the best alone, and may be told which letters and which words to expect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
import whisper.audio
from torch import Tensor
from whisper.decoding import DecodingOptions, DecodingTask, LogitFilter, SequenceRanker
from whisper.tokenizer import Tokenizer, get_tokenizer

from voice import spelling
from voice.audio import Samples
from voice.models import Weights

LANGUAGES = ("te", "hi", "en")
# Neighbours that a real checkpoint hears where te or hi is spoken; their share counts for the language we serve.
NEIGHBOURS = {"te": ("te", "kn", "ta", "ml"), "hi": ("hi", "ur", "mr", "ne"), "en": ("en",)}
SCRIPT_BYTES = {"te": (0xB0, 0xB1), "hi": (0xA4, 0xA5), "en": ()}
EXPECTED_BONUS = 1.2
LONGEST_TOKENS = 400
CTC_SHARE = 0.8
UNKNOWN_COST = 1.0
TOKENS_A_SECOND = 30


@dataclass(frozen=True)
class Guess:
    """A text, its mean log-probability per token, that of the encoder's own spelling per character (0 without a CTC
    head), and the share of its words that no training sentence had.
    """

    text: str
    writing: float
    spelling: float
    unknown: float = 0.0

    @property
    def score(self) -> float:
        """What guesses are ranked by; at most 0."""
        if not self.spelling:
            return self.writing
        return (1 - CTC_SHARE) * self.writing + CTC_SHARE * self.spelling - UNKNOWN_COST * self.unknown


def tokenizer(weights: Weights, language: str) -> Tokenizer:
    """The checkpoint's tokenizer for transcribing `language`."""
    model = weights.model
    return get_tokenizer(model.is_multilingual, num_languages=model.num_languages, language=language, task="transcribe")


@torch.inference_mode()
def encode(weights: Weights, samples: Samples) -> Tensor:
    """1 x positions x width; short checkpoints get the sound and 0.3 s, others the 30 s that they know."""
    frames = len(samples) // whisper.audio.HOP_LENGTH
    wanted = (frames + 30) // 2 * 2 if weights.short else whisper.audio.N_FRAMES
    padded = whisper.audio.pad_or_trim(
        torch.from_numpy(np.ascontiguousarray(samples)), wanted * whisper.audio.HOP_LENGTH
    )
    features: Tensor = weights.model.encoder(whisper.audio.log_mel_spectrogram(padded, weights.model.dims.n_mels)[None])
    return features


@torch.inference_mode()
def languages(weights: Weights, features: Tensor) -> tuple[dict[str, float], float]:
    """(share of te, hi and en, adding up to 1; probability that nothing is said)."""
    if not weights.model.is_multilingual:
        return {"te": 0.0, "hi": 0.0, "en": 1.0}, 0.0
    tok = tokenizer(weights, "en")
    logits = weights.model.logits(torch.tensor([[tok.sot]]), features)[0, -1].float()
    if weights.silenced is not None:
        logits = logits.masked_fill(weights.silenced, -torch.inf)
    probable = logits.softmax(-1)
    ids = dict(zip(tok.all_language_codes, tok.all_language_tokens, strict=True))
    mass = {
        ours: sum(float(probable[ids[code]]) for code in theirs if code in ids) for ours, theirs in NEIGHBOURS.items()
    }
    total = sum(mass.values()) or 1.0
    return {language: share / total for language, share in mass.items()}, float(probable[tok.no_speech])


def transcribe(
    weights: Weights, features: Tensor, language: str, expect: Sequence[str] = (), own_script: bool = False
) -> list[Guess]:
    """Up to `weights.beams` different texts, best first; `own_script` forbids the letters of all other Indic
    languages.
    """
    options = DecodingOptions(
        language=language,
        beam_size=weights.beams,
        without_timestamps=True,
        fp16=False,
        sample_len=tokens_for(weights, features),
    )
    task = Task(weights, options, expect, own_script)
    task.run(features)
    written = dict(reversed(task.kept.found))
    if weights.ctc is not None:
        likely = spelling.fitting(weights.ctc, features, [word.lower() for word in expect], language)
        found = [*spelling.proposals(weights.ctc, features, language), *likely]
        spelled = [text for text in dict.fromkeys(found) if text not in written]
        written |= dict(zip(spelled, judged(weights, task.tokenizer, features, spelled), strict=True))
    guesses = [
        Guess(t, mean, spelling.fit(weights.ctc, features, t, language), spelling.unknown(weights.ctc, t, language))
        for t, mean in written.items()
    ]
    return sorted(guesses, key=lambda guess: -guess.score)


def tokens_for(weights: Weights, features: Tensor) -> int:
    """How many tokens may be written: enough for the fastest Telugu in sound of that length, if the model has room."""
    wanted = int(features.shape[1] * 0.02 * TOKENS_A_SECOND) + 20
    return int(min(wanted, LONGEST_TOKENS, weights.model.dims.n_text_ctx - 8))


@torch.inference_mode()
def judged(weights: Weights, tok: Tokenizer, features: Tensor, texts: list[str]) -> list[float]:
    """Mean log-probability per token that the decoder gives to each text."""
    if not texts:
        return []
    before = list(tok.sot_sequence_including_notimestamps)
    ids = [[*tok.encode(f" {text}"), tok.eot] for text in texts]
    longest = max(map(len, ids))
    padded = torch.tensor([[*before, *row[:-1], *[tok.eot] * (longest - len(row))] for row in ids])
    logits = weights.model.decoder(padded, features.expand(len(texts), -1, -1))[:, len(before) - 1 :].float()
    if weights.silenced is not None:
        logits = logits.masked_fill(weights.silenced, -torch.inf)
    chances = logits.log_softmax(-1)
    means = [chances[row, torch.arange(len(one)), torch.tensor(one)].mean() for row, one in enumerate(ids)]
    return [max(spelling.WORST, float(mean)) for mean in means]


class Task(DecodingTask):
    """Whisper's search over features that are there already."""

    def __init__(self, weights: Weights, options: DecodingOptions, expect: Sequence[str], own_script: bool) -> None:
        super().__init__(weights.model, options)
        self.kept = self.sequence_ranker = KeepAll(self.tokenizer)
        controls = torch.arange(weights.model.dims.n_vocab) > self.tokenizer.eot
        self.logit_filters.append(Silence(controls if weights.silenced is None else controls | weights.silenced))
        if own_script:
            self.logit_filters.append(
                Silence(other_scripts(weights.model.num_languages, options.language, weights.model.dims.n_vocab))
            )
        if expect:
            self.logit_filters.append(Expect(self.tokenizer, tuple(expect), self.sample_begin))

    def _get_audio_features(self, mel: Tensor) -> Tensor:
        return mel


class KeepAll(SequenceRanker):
    """Remembers every finished transcript with its mean log-probability."""

    def __init__(self, tok: Tokenizer) -> None:
        self.tokenizer = tok
        self.found: list[tuple[str, float]] = []

    def rank(self, tokens: list[list[Tensor]], sum_logprobs: list[list[float]]) -> list[int]:
        """The best of each group, as Whisper wants it."""
        scores = [
            [float(total) / (len(t) + 1) for t, total in zip(group, totals, strict=True)]
            for group, totals in zip(tokens, sum_logprobs, strict=True)
        ]
        for group, means in zip(tokens, scores, strict=True):
            self.found += [
                (self.tokenizer.decode(t.tolist()).strip(), mean) for t, mean in zip(group, means, strict=True)
            ]
        return [int(np.argmax(means)) for means in scores]


class Silence(LogitFilter):
    """Tokens that may not be written, as a mask over the vocabulary."""

    def __init__(self, mask: Tensor) -> None:
        self.mask = mask

    def apply(self, logits: Tensor, tokens: Tensor) -> None:
        """Change the logits in place."""
        logits.masked_fill_(self.mask, -torch.inf)


class Expect(LogitFilter):
    """Words that the open question makes likely: a started word is helped on to its end, a first token a little."""

    def __init__(self, tok: Tokenizer, words: tuple[str, ...], begin: int) -> None:
        self.begin = begin
        self.next: dict[tuple[int, ...], set[int]] = {}
        for word in words:
            ids = tok.encode(f" {word.strip()}")
            for at, token in enumerate(ids):
                self.next.setdefault(tuple(ids[:at]), set()).add(token)
        self.longest = max((len(start) for start in self.next), default=0)

    def apply(self, logits: Tensor, tokens: Tensor) -> None:
        """Change the logits in place."""
        for row, written in enumerate(tokens[:, self.begin :].tolist()):
            for size in range(min(self.longest, len(written)) + 1):
                following = self.next.get(tuple(written[len(written) - size :]))
                if following:
                    logits[row, list(following)] += EXPECTED_BONUS if size else EXPECTED_BONUS / 2


@lru_cache(maxsize=8)
def other_scripts(languages: int, language: str, size: int) -> Tensor:
    """A mask of the tokens that hold Indic letters (UTF-8 bytes E0 A4 to E0 B7) of other scripts than
    the language's.
    """
    tok = get_tokenizer(True, num_languages=languages, language=language)
    mask = torch.zeros(size, dtype=torch.bool)
    for token in range(min(size, tok.eot)):
        content = tok.encoding.decode_single_token_bytes(token)
        pairs = (content[at + 1] for at in range(len(content) - 1) if content[at] == 0xE0)
        mask[token] = any(0xA4 <= second <= 0xB7 and second not in SCRIPT_BYTES[language] for second in pairs)
    return mask
