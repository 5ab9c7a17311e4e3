"""Latin-letter spellings of native text, as people type them; used on training examples.

How often a sound is spelled which way was counted in the Dakshina lexicons by `learn_romanization.py`;
`romanization.json` holds those counts as shares. English words keep their English spelling.
"""

from __future__ import annotations

import json
import random
from functools import lru_cache
from pathlib import Path

import regex

from nlu_data.components.concepts import Lexicon
from nlu_data.components.normalizer import normalize
from nlu_data.components.phonetics import main_script, script_of, silent_vowels, units

TABLE = Path(__file__).with_name("romanization.json")
_LANGUAGES = {"Telu": "te", "Deva": "hi"}
_NATIVE_WORD = regex.compile(r"[\p{L}\p{M}]*[\p{L}--[\x00-\u024f]][\p{L}\p{M}]*", regex.V1)


def variants(text: str, count: int, seed: int, lexicon: Lexicon) -> list[str]:
    """Up to `count` Latin-letter copies of a text and one with only its English words in Latin letters.

    The first copy spells every sound the usual way, the others as chance has it; a text without native
    letters gives none. The same text, count and seed give the same copies.
    """
    plain = normalize(text).text
    if main_script(plain) not in ("Telu", "Deva") or count < 1:
        return []
    made = [_NATIVE_WORD.sub(lambda m: _english(m[0], lexicon) or m[0], plain)]
    for number in range(count):
        chance = random.Random(f"{seed} {number} {plain}") if number else None
        made.append(_NATIVE_WORD.sub(lambda m: romanize(m[0], lexicon, chance), plain))  # noqa: B023
    return [copy for copy in dict.fromkeys(made) if copy.strip() and copy != plain]


def romanize(word: str, lexicon: Lexicon, chance: random.Random | None = None) -> str:
    """One Latin spelling of a native word: the usual one, or one drawn by chance."""
    english = _english(word, lexicon)
    if english and (chance is None or chance.random() < 0.85):
        return english
    table = _table().get(_LANGUAGES.get(main_script(word), "te"), {})
    return "".join(_spelling(table.get(sound, {}), sound, chance) for sound in sounds(word))


def _english(word: str, lexicon: Lexicon) -> str | None:
    found = lexicon.english(word)
    return None if found is None else found[0] + (f" {found[1]}" if len(found[1]) > 1 else "")


def sounds(word: str) -> list[str]:
    """What a table spells: sounds, doubled consonants as one, `_` for Hindi's silent vowels, `$` at the end."""
    spoken = units(word)
    if any(script_of(letter) == "Deva" for letter in word):
        spoken = _marked_silent(spoken)
    joined: list[str] = []
    for sound in spoken:
        if joined and joined[-1] == sound and sound[0] not in "aeiouAM_":
            joined[-1] = sound * 2
        else:
            joined.append(sound)
    return [*joined[:-1], joined[-1] + "$"] if joined else []


def _marked_silent(spoken: list[str]) -> list[str]:
    """The same sounds, with `_` where `silent_vowels` takes one away."""
    kept = silent_vowels(spoken)
    marked, at = [], len(kept) - 1
    for sound in reversed(spoken):
        if at >= 0 and sound == kept[at]:
            marked.append(sound)
            at -= 1
        else:
            marked.append("_")
    return marked[::-1]


def _spelling(shares: dict[str, float], sound: str, chance: random.Random | None) -> str:
    if not shares:
        return sound.strip("$_").replace("A", "a").replace("M", "n")
    if chance is None:
        return max(shares, key=lambda spelling: shares[spelling])
    return chance.choices(list(shares), list(shares.values()))[0]


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, dict[str, float]]]:
    return json.loads(TABLE.read_text(encoding="utf-8"))["shares"] if TABLE.exists() else {}
