"""Which language and script a message and each of its words are in: te, hi, en; nothing where there is no evidence.

Native script decides by itself. Latin letters are weighed by a small naive Bayes model over the letters of words,
learned from the training examples (their `language`) and their Latin-letter copies. English loanwords, names of
places and digits weigh nothing, as people say `income certificate` in every language.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nlu_data.components.normalizer import normalize, words
from nlu_data.components.phonetics import main_script, script_of

LANGUAGES = ("te", "hi", "en")
_OF_SCRIPT = {"Telu": "te", "Deva": "hi"}
_ENOUGH = 0.8  # probability below which Latin letters name no language


@dataclass(frozen=True)
class Verdict:
    """`language` is None without evidence; `words` pairs each word with its own language or None."""

    language: str | None
    confidence: float
    script: str
    words: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class LatinModel:
    """Log weights per language of whole words and of runs of letters; `total` is what an unknown one weighs."""

    words: dict[str, tuple[float, float, float]]
    letters: dict[str, tuple[float, float, float]]

    def weigh(self, word: str) -> tuple[float, float, float]:
        """Evidence of one Latin word for each of LANGUAGES, as log weights with the highest at 0."""
        known = self.words.get(word)
        if known is not None:
            return known
        grams = [self.letters[gram] for gram in letter_runs(word) if gram in self.letters]
        if not grams:
            return (0.0, 0.0, 0.0)
        sums = [sum(column) / math.sqrt(len(grams)) for column in zip(*grams, strict=False)]
        return _topped(sums[0], sums[1], sums[2])


def letter_runs(word: str) -> list[str]:
    """Runs of 2 to 4 letters of a word with its edges."""
    edged = f"^{word}$"
    return [edged[i : i + n] for n in (2, 3, 4) for i in range(len(edged) - n + 1)]


def _topped(te: float, hi: float, en: float) -> tuple[float, float, float]:
    top = max(te, hi, en)
    return (te - top, hi - top, en - top)


def learn(texts: Iterable[tuple[str, str]], is_loan: Callable[[str], bool]) -> LatinModel:
    """Learn from (Latin text, language) pairs; words for which `is_loan` holds are left out."""
    counts = {language: Counter[str]() for language in LANGUAGES}
    for text, language in texts:
        if language in counts:
            counts[language].update(w for w in words(normalize(text).text) if w.isascii() and w.isalpha())
    for counter in counts.values():
        for word in [w for w in counter if is_loan(w)]:
            del counter[word]
    letters = {language: _letters_of(counter) for language, counter in counts.items()}
    return LatinModel(_weights(counts, 2, 0.5), _weights(letters, 3, 1.0))


def _letters_of(counter: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for word, count in counter.items():
        for gram in letter_runs(word):
            found[gram] += math.sqrt(count)
    return found


def _weights(counts: dict[str, Counter[str]], at_least: int, smooth: float) -> dict[str, tuple[float, float, float]]:
    totals = {language: sum(counter.values()) + 1 for language, counter in counts.items()}
    largest = max(totals.values())
    weights = {}
    for item in set().union(*counts.values()):
        scaled = {lang: counts[lang][item] * largest / totals[lang] for lang in LANGUAGES}
        if sum(counts[lang][item] for lang in LANGUAGES) >= at_least:
            logs = [math.log(scaled[lang] + smooth) for lang in LANGUAGES]
            weights[item] = tuple(round(x, 3) for x in _topped(*logs))
    return weights


def identify(text: str, model: LatinModel, is_neutral: Callable[[str], bool]) -> Verdict:
    """The verdict on one message; words for which `is_neutral` holds carry no evidence."""
    tokens = words(normalize(text).text)
    script = _script(tokens)
    judged = [(word, _of_word(word, model, is_neutral)) for word in tokens]
    native = Counter(_OF_SCRIPT[s] for s in (main_script(word) for word in tokens) if s in _OF_SCRIPT)
    shown = tuple((word, _named(weights)) for word, weights in judged)
    if native:
        language, count = native.most_common(1)[0]
        return Verdict(language, round(count / sum(native.values()), 3), script, shown)
    language, confidence = _decide([weights for _, weights in judged])
    return Verdict(language if confidence >= _ENOUGH else None, round(confidence, 3), script, shown)


def _script(tokens: list[str]) -> str:
    found = {script_of(letter) for word in tokens for letter in word} - {""}
    return "none" if not found else found.pop() if len(found) == 1 else "mixed"


def _of_word(word: str, model: LatinModel, is_neutral: Callable[[str], bool]) -> tuple[float, float, float]:
    native = _OF_SCRIPT.get(main_script(word))
    if native:
        return tuple(0.0 if language == native else -9.0 for language in LANGUAGES)  # type: ignore[return-value]
    if not word.isascii() or not word.isalpha() or len(word) < 2 or is_neutral(word):
        return (0.0, 0.0, 0.0)
    return model.weigh(word)


def _named(weights: tuple[float, float, float]) -> str | None:
    language, confidence = _decide([weights])
    return language if confidence >= _ENOUGH else None


def _decide(evidence: list[tuple[float, float, float]]) -> tuple[str, float]:
    sums = [sum(column) for column in zip(*evidence, strict=False)] or [0.0, 0.0, 0.0]
    top = max(sums)
    powers = [math.exp(s - top) for s in sums]
    best = powers.index(1.0)
    return LANGUAGES[best], 1.0 / sum(powers)
