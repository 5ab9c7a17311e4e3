"""What the words of a message are about: concepts and loanwords from `nlu_data/concepts`, found by phonetic key.

A concept's file is for linguists. A word counts in every script and spelling with the same key, and with a Telugu
or Hindi ending glued to it, whether or not any example sentence uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from nlu_data.components.normalizer import normalize, words
from nlu_data.components.phonetics import phonetic_key

FOLDER = Path(__file__).resolve().parent.parent / "concepts"
LOANWORDS = "loanwords.yml"
_LONGEST_ENDING = 6  # letters of key that may follow a stem: -lo, -ki, -nunci, -koram
_SHORTEST_STEM = 4


@dataclass(frozen=True)
class Lexicon:
    """`phrases`: first key -> [(further keys, concept)]; `loans`: key of any spelling -> the English word."""

    phrases: dict[str, list[tuple[tuple[str, ...], str]]]
    loans: dict[str, str]

    def key(self, word: str) -> str:
        """The phonetic key of a word, a loanword's being that of its English spelling."""
        found = self.english(word)
        return phonetic_key(found[0]) if found else phonetic_key(word)

    def english(self, word: str) -> tuple[str, str] | None:
        """The English spelling of a loanword and the key of the ending glued to it, or None."""
        key = phonetic_key(word)
        for stem in _stems(key):
            if stem in self.loans:
                return self.loans[stem], key[len(stem) :]
        return None

    def known_keys(self) -> frozenset[str]:
        """Keys of all words of concepts and loanwords."""
        further = {key for entries in self.phrases.values() for rest, _ in entries for key in rest}
        return frozenset(self.phrases) | further | frozenset(self.loans)

    def concepts(self, keys: list[str]) -> list[str]:
        """Names of the concepts in a message given as loan-aware keys of its words, in order, with repeats."""
        return [name for i in range(len(keys)) for name in self._at(keys, i)]

    def _at(self, keys: list[str], i: int) -> list[str]:
        found = []
        for stem in _stems(keys[i]):
            for rest, name in self.phrases.get(stem, ()):
                if all(
                    _glued(key, want) for key, want in zip(keys[i + 1 : i + 1 + len(rest)], rest, strict=False)
                ) and len(keys) > i + len(rest):
                    found.append(name)
            if found:
                break
        return found


def _stems(key: str) -> list[str]:
    shortest = max(_SHORTEST_STEM, len(key) - _LONGEST_ENDING)
    return [key] + [key[:length] for length in range(len(key) - 1, shortest - 1, -1)]


def _glued(key: str, stem: str) -> bool:
    return key == stem or (
        len(stem) >= _SHORTEST_STEM and key.startswith(stem) and len(key) - len(stem) <= _LONGEST_ENDING
    )


@lru_cache(maxsize=4)
def load_lexicon(folder: Path = FOLDER) -> Lexicon:
    """Read all files of a folder of concepts; a folder without files gives an empty lexicon."""
    loans: dict[str, str] = {}
    if (folder / LOANWORDS).exists():
        for english, spellings in (_read(folder / LOANWORDS).get("loanwords") or {}).items():
            loans |= {phonetic_key(str(s)): str(english) for s in [*(spellings or []), english]}
    lexicon = Lexicon({}, loans)
    for path in sorted(folder.glob("*.yml")):
        for name, by_language in (_read(path).get("concepts") or {}).items():
            for phrase in {str(p) for phrases in by_language.values() for p in phrases}:
                _add(lexicon, str(name), phrase)
    return lexicon


def _add(lexicon: Lexicon, name: str, phrase: str) -> None:
    keys = [lexicon.key(word) for word in words(normalize(phrase).text)]
    if keys and keys[0]:
        lexicon.phrases.setdefault(keys[0], []).append((tuple(keys[1:]), name))


def _read(path: Path) -> dict:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}


def files(folder: Path = FOLDER) -> list[Path]:
    """The files whose change asks for new training."""
    return sorted(folder.glob("*.yml"))
