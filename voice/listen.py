"""Audio to a `Transcript`: decode, find the speech, choose the language, write it down, and doubt the result.

`listen` blocks and is meant for a worker; `Listener` is that worker, with a queue that says `busy` instead of growing.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import regex
import torch

from voice import audio as sound
from voice import decoding, models, speech
from voice.decoding import LANGUAGES, Guess
from voice.errors import Reason, Unheard

PRIOR_SHARE = 0.7  # how far a citizen is expected to go on in their own language
SURE_OF_LANGUAGE = 0.9
LEAST_OWN_LETTERS = 0.6
LEAST_SCORE = -1.2
LEAST_SCORE_SPELLED = -2.0  # where the encoder's spelling counts: its letters are less sure than tokens
MOST_SILENCE = 0.6
FASTEST = 30.0  # characters a second; people say fewer than 20
LOOPS = regex.compile(r"(\S+(?: \S+){0,5}?)(?: \1){5,}")
SCRIPTS = {
    "te": regex.compile(r"\p{Telugu}"),
    "hi": regex.compile(r"\p{Devanagari}"),
    "en": regex.compile(r"\p{Latin}"),
}
LETTER = regex.compile(r"[\p{L}\p{M}]")


@dataclass(frozen=True)
class Transcript:
    """What was said: text, te|hi|en, confidence 0 to 1, and other texts that it may have been, likelier ones first."""

    text: str
    language: str
    confidence: float
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """One stretch of speech in seconds and the guesses about it, best first."""

    seconds: float
    guesses: list[Guess]

    @property
    def best(self) -> Guess:
        """The first guess."""
        return self.guesses[0]


def listen(audio: bytes, *, prior: str | None = None, expect: Sequence[str] = ()) -> Transcript:
    """Hear a note with the weights that MITRA_WHISPER names; `prior` is the citizen's language, `expect` words of the
    open question. Unheard.
    """
    return hear(models.load(models.chosen()), sound.decode(audio), prior, expect)


def hear(
    weights: models.Weights, samples: sound.Samples, prior: str | None = None, expect: Sequence[str] = ()
) -> Transcript:
    """Hear 16 kHz mono float32 samples. Unheard: silent, noise, wrong_script, uncertain."""
    parts = speech.pieces(samples, weights.seconds)
    features = [decoding.encode(weights, part) for part in parts]
    shares, silence = language_shares(weights, features, prior)
    if silence > MOST_SILENCE:
        raise Unheard(Reason.NOISE)
    seconds = [len(part) / sound.RATE for part in parts]
    candidates = [(language, pieces_in(weights, features, seconds, language, expect)) for language in tried(shares)]
    language, heard = max(candidates, key=lambda one: total(one[1]) + 0.3 * math.log(shares[one[0]] + 1e-6))
    others = [pieces for other, pieces in candidates if other != language]
    if not in_script(text_of(heard), language):
        heard = pieces_in(weights, features, seconds, language, expect, own_script=True)
        if not in_script(text_of(heard), language):
            raise Unheard(Reason.WRONG_SCRIPT)
    doubt(heard)
    return Transcript(text_of(heard), language, confidence(heard), alternatives(heard, others))


def language_shares(
    weights: models.Weights, features: list[torch.Tensor], prior: str | None
) -> tuple[dict[str, float], float]:
    """(share of each language over the whole note, times the prior; least probability of silence of any piece)."""
    logs, silences = dict.fromkeys(LANGUAGES, 0.0), []
    for feature in features:
        shares, silence = decoding.languages(weights, feature)
        silences.append(silence)
        for language in LANGUAGES:
            logs[language] += math.log(shares[language] + 1e-4) / len(features)
    weighed = {lang: math.exp(value) * prior_of(lang, prior) for lang, value in logs.items()}
    return {lang: value / sum(weighed.values()) for lang, value in weighed.items()}, min(silences)


def prior_of(language: str, prior: str | None) -> float:
    """How likely a language is before anything is heard."""
    if prior not in LANGUAGES:
        return 1 / len(LANGUAGES)
    return PRIOR_SHARE if language == prior else (1 - PRIOR_SHARE) / 2


def tried(shares: dict[str, float]) -> list[str]:
    """The language, and the second one where the first is not sure."""
    ranked = sorted(shares, key=lambda language: -shares[language])
    return ranked[:1] if shares[ranked[0]] >= SURE_OF_LANGUAGE else ranked[:2]


def pieces_in(
    weights: models.Weights,
    features: list[torch.Tensor],
    seconds: list[float],
    language: str,
    expect: Sequence[str],
    own_script: bool = False,
) -> list[Piece]:
    """Every piece written down in one language."""
    guesses = (decoding.transcribe(weights, feature, language, expect, own_script) for feature in features)
    return [Piece(size, found) for size, found in zip(seconds, guesses, strict=True)]


def text_of(pieces: list[Piece]) -> str:
    """The whole transcript."""
    return " ".join(piece.best.text for piece in pieces if piece.best.text)


def total(pieces: list[Piece]) -> float:
    """The score of the whole note, each piece by its length."""
    return sum(piece.best.score * piece.seconds for piece in pieces) / sum(piece.seconds for piece in pieces)


def in_script(text: str, language: str) -> bool:
    """Whether most letters are the language's own; English words in Latin letters count for half in
    Telugu and Hindi.
    """
    letters = LETTER.findall(text)
    own = sum(
        bool(SCRIPTS[language].match(letter)) or language != "en" and letter.isascii() and 0.5 for letter in letters
    )
    return not letters or own >= LEAST_OWN_LETTERS * len(letters)


def doubt(pieces: list[Piece]) -> None:
    """Unheard where a language model speaks rather than a citizen: improbable words, loops, more letters than a mouth
    can say.
    """
    text = text_of(pieces)
    if not LETTER.search(text) and not any(c.isdigit() for c in text):
        raise Unheard(Reason.NOISE)
    least = LEAST_SCORE_SPELLED if any(piece.best.spelling for piece in pieces) else LEAST_SCORE
    too_fast = len(text) > 12 and len(text) / sum(piece.seconds for piece in pieces) > FASTEST
    if total(pieces) < least or too_fast or LOOPS.search(text):
        raise Unheard(Reason.UNCERTAIN)


def confidence(pieces: list[Piece]) -> float:
    """The geometric mean probability of what was written, lowered by the worst piece."""
    worst = min(piece.best.score for piece in pieces)
    return round(math.exp((total(pieces) + worst) / 2), 3)


def alternatives(pieces: list[Piece], others: list[list[Piece]]) -> tuple[str, ...]:
    """Other texts for the note: of one piece all other guesses; of more, only the other language."""
    found = [guess.text for guess in pieces[0].guesses[1:]] if len(pieces) == 1 else []
    found += [text_of(other) for other in others]
    return tuple(dict.fromkeys(text for text in found if text and text != text_of(pieces)))[:5]


class Listener:
    """Hears notes off the event loop: one at a time, `waiting` more may queue, then `busy`. Close it when done."""

    def __init__(self, choice: str | None = None, waiting: int = 32, threads: int = 1) -> None:
        self.choice = choice or models.chosen()
        self.waiting = threading.BoundedSemaphore(waiting + 1)
        self.threads = threads
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="listen")
        self.name: str | None = None

    def warm(self) -> str:
        """Load the weights and start the decoder now; returns the name of the weights in use. Blocks. BrokenWeights."""
        return self.pool.submit(self.prepare).result()

    def prepare(self) -> str:
        """In the worker: threads, weights, and one second of a quiet tone through everything."""
        torch.set_num_threads(self.threads)
        weights = models.load(self.choice)
        tone = (torch.sin(torch.arange(sound.RATE) * 0.2) * 0.1).numpy()
        decoding.encode(weights, sound.decode(sound.encode_opus(tone)))
        self.name = weights.name
        return weights.name

    @property
    def ready(self) -> bool:
        """Whether the weights are loaded."""
        return self.name is not None

    async def listen(self, audio: bytes, *, prior: str | None = None, expect: Sequence[str] = ()) -> Transcript:
        """As the function `listen`, awaited. Unheard, also `busy`."""
        if not self.waiting.acquire(blocking=False):
            raise Unheard(Reason.BUSY)
        try:
            return await asyncio.wrap_future(self.pool.submit(self.hear, audio, prior, tuple(expect)))
        finally:
            self.waiting.release()

    def hear(self, audio: bytes, prior: str | None, expect: tuple[str, ...]) -> Transcript:
        """In the worker."""
        return hear(models.load(self.choice), sound.decode(audio), prior, expect)

    def close(self) -> None:
        """Stop after the note that is being heard."""
        self.pool.shutdown(wait=False, cancel_futures=True)
