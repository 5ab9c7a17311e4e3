"""Known words over what the encoder spells: a beam search that writes only words of the training sentences.

The encoder hears letters well before it knows where words end; a list of words and of pairs of words repairs that.
What it finds are proposals like any other: a name that is in no list can still win as it was spelled.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from torch import Tensor

BEAMS = 16
NARROW = 10.0  # beams further behind the best are dropped
SURE_BLANK = math.log(0.97)
LETTERS_A_POSITION = 10
FAINTEST = -9.0
LANGUAGE_WEIGHT = 0.7
WORD_BONUS = 1.0
UNHEARD_SPACE = -1.2
IMPOSSIBLE = -1e30
State = tuple[float, float, float, "Node", str]


@dataclass
class Node:
    """A place in the tree of words: what may follow, and the word that ends here."""

    following: dict[str, Node] = field(default_factory=dict)
    word: str | None = None


class Lexicon:
    """Words and pairs of words of one language with their counts."""

    def __init__(self, words: Mapping[str, int], pairs: Mapping[str, int]) -> None:
        self.words, self.pairs = words, pairs
        self.total = sum(words.values())
        self.root = Node()
        for word in words:
            self.plant(word)

    def plant(self, word: str) -> None:
        """Add a word to the tree."""
        node = self.root
        for letter in word:
            node = node.following.setdefault(letter, Node())
        node.word = word

    def chance(self, word: str, before: str) -> float:
        """Log-probability of a word after another (or after nothing), pairs and single words mixed."""
        single = self.words[word] / self.total
        pair = self.pairs.get(f"{before} {word}", 0) / (self.words.get(before) or self.total)
        return math.log(0.7 * pair + 0.3 * single)


def counted(texts: Iterable[str]) -> tuple[dict[str, int], dict[str, int]]:
    """(counts of words, counts of pairs) of sentences."""
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for text in texts:
        said = text.split()
        words.update(said)
        pairs.update(f"{before} {word}" for before, word in zip(["", *said], said, strict=False))
    return dict(words), dict(pairs)


def proposals(lexicon: Lexicon, characters: str, spelled: Tensor) -> list[str]:
    """The best texts of known words for positions x rows log-probabilities of letters, best first."""
    beams: dict[str, State] = {"": (0.0, IMPOSSIBLE, 0.0, lexicon.root, "")}
    values, rows = spelled.topk(min(LETTERS_A_POSITION, spelled.shape[1]))
    for chances, letters, blank in zip(values.tolist(), rows.tolist(), spelled[:, 0].tolist(), strict=True):
        heard = {characters[row - 1]: chance for row, chance in zip(letters, chances, strict=True) if row}
        faint = {letter: chance for letter, chance in heard.items() if chance > FAINTEST and blank < SURE_BLANK}
        beams = kept(advanced(lexicon, beams, blank, faint))
    return finished(lexicon, beams)


def advanced(lexicon: Lexicon, beams: dict[str, State], blank: float, heard: dict[str, float]) -> dict[str, State]:
    """One position further."""
    found: dict[str, State] = {}
    for text, (silent, voiced, known, node, before) in beams.items():
        both = added(silent, voiced)
        last = text[-1:]
        collect(found, text, both + blank, voiced + heard.get(last, IMPOSSIBLE), known, node, before)
        for letter, chance in heard.items():
            start = silent if letter == last else both
            if letter in node.following:
                collect(found, text + letter, IMPOSSIBLE, start + chance, known, node.following[letter], before)
            if node.word is not None and (letter == " " or letter in lexicon.root.following):
                now = known + LANGUAGE_WEIGHT * lexicon.chance(node.word, before) + WORD_BONUS
                if letter == " ":
                    collect(found, text + " ", IMPOSSIBLE, start + chance, now, lexicon.root, node.word)
                else:
                    first, now = lexicon.root.following[letter], now + UNHEARD_SPACE
                    collect(found, f"{text} {letter}", IMPOSSIBLE, start + chance, now, first, node.word)
    return found


def collect(
    found: dict[str, State], text: str, silent: float, voiced: float, known: float, node: Node, before: str
) -> None:
    """Add probability to a text; of two ways to the same words the better judged one counts."""
    old = found.get(text)
    if old:
        silent, voiced, known = added(old[0], silent), added(old[1], voiced), max(old[2], known)
    found[text] = (silent, voiced, known, node, before)


def kept(beams: dict[str, State]) -> dict[str, State]:
    """The best texts."""
    ranked = sorted(beams.items(), key=lambda item: -score(item[1]))[:BEAMS]
    best = score(ranked[0][1])
    return {text: state for text, state in ranked if score(state) > best - NARROW}


def score(state: State) -> float:
    """Sound and language together."""
    return added(state[0], state[1]) + state[2]


def finished(lexicon: Lexicon, beams: dict[str, State]) -> list[str]:
    """The texts that end with a whole word, best first, at most six."""
    ends: dict[str, float] = {}
    for text, state in beams.items():
        node, before = state[3], state[4]
        if node.word is not None:
            ends[text.strip()] = score(state) + LANGUAGE_WEIGHT * lexicon.chance(node.word, before) + WORD_BONUS
        elif node is lexicon.root and text:
            ends[text.strip()] = score(state)
    return sorted((text for text in ends if text), key=lambda text: -ends[text])[:6]


def added(one: float, other: float) -> float:
    """The logarithm of the sum of two probabilities given as logarithms."""
    high, low = (one, other) if one > other else (other, one)
    return high if low < high - 40 else high + math.log1p(math.exp(low - high))
