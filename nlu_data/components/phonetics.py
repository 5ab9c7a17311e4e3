"""A phonetic key for a word: the same for native script, its usual Latin spellings and what a microphone heard.

    phonetic_key("నాకు") == phonetic_key("naaku") == "naku"

Native letters become Latin by sound (`spell`), Hindi loses the vowels nobody speaks, and both sides go through
one fold: long vowels are short, aspiration and retroflexion are gone, double consonants are single. The scripts
of India share one order of letters, so one table serves Telugu, Devanagari and their neighbours. A transliterator
keeps exactly the differences that the key must lose, and knows neither Hindi's silent vowels nor Telugu's final m.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import regex

_FIRST, _LAST, _BLOCK = 0x0900, 0x0D7F, 0x80
_DEVANAGARI = 0
_VIRAMA, _NUKTA, _ANUSVARA = 0x4D, 0x3C, 0x02

VOWELS = dict(enumerate("a aa i ii u uu ri li e e e ai o o o au".split(), start=0x05)) | {0x60: "ri", 0x61: "li"}
SIGNS = dict(enumerate("aa i ii u uu ri ri e e e ai o o o au".split(), start=0x3E)) | {0x56: "ai", 0x62: "li"}
CONSONANTS = dict(
    enumerate(
        "k kh g gh n ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h".split(), start=0x15
    )
) | {0x58: "ts", 0x59: "z", 0x5A: "r"}
_WITH_NUKTA = {"k": "k", "kh": "kh", "g": "g", "j": "z", "jh": "z", "d": "d", "dh": "dh", "ph": "f"}


def script_of(letter: str) -> str:
    """`Telu`, `Deva`, `Latn`, another Indian script as `Indc`, or `` for anything without a script of ours."""
    code = ord(letter)
    if 0x0C00 <= code <= 0x0C7F:
        return "Telu"
    if 0x0900 <= code <= 0x097F:
        return "Deva"
    if _FIRST <= code <= _LAST:
        return "Indc"
    return "Latn" if letter.isalpha() and code < 0x250 else ""


def main_script(text: str) -> str:
    """The script of most letters of a text: `Telu`, `Deva`, `Indc`, `Latn`, or `` without letters."""
    counts = Counter(script_of(letter) for letter in text)
    del counts[""]
    return counts.most_common(1)[0][0] if counts else ""


def units(word: str) -> list[str]:
    """The sounds of a native word: consonants, vowels (`A` for the unwritten one), `M` for the nasal dot."""
    found: list[str] = []
    open_consonant = False
    for letter in word:
        sound, kind = _sound(letter)
        if open_consonant and kind in ("consonant", "vowel", "nasal", "other"):
            found.append("A")
        open_consonant = kind == "consonant" or (open_consonant and kind == "nukta")
        if kind == "nukta" and found:
            found[-1] = _WITH_NUKTA.get(found[-1], found[-1])
        elif sound:
            found.append(sound)
    return found + ["A"] if open_consonant else found


def _sound(letter: str) -> tuple[str, str]:
    code = ord(letter)
    if not _FIRST <= code <= _LAST:
        return letter, "other"
    offset = (code - _FIRST) % _BLOCK
    deva = (code - _FIRST) // _BLOCK == _DEVANAGARI
    if offset in CONSONANTS and not (deva and offset >= 0x58):
        return CONSONANTS[offset], "consonant"
    if offset in VOWELS:
        return VOWELS[offset], "vowel"
    if offset in SIGNS:
        return SIGNS[offset], "sign"
    if offset in (0x00, 0x01, _ANUSVARA):
        return "M", "nasal"
    return "", {_VIRAMA: "virama", _NUKTA: "nukta"}.get(offset, "mark")


def silent_vowels(sounds: list[str]) -> list[str]:
    """Hindi's sounds without the vowels nobody speaks: the last one, and those between vowel-consonant pairs."""
    kept = list(sounds)
    if _ends_silently(kept):
        kept.pop()
    for i in range(len(kept) - 3, 1, -1):
        if kept[i] == "A" and _speakable(kept, i):
            del kept[i]
    return kept


def _ends_silently(sounds: list[str]) -> bool:
    """A last unwritten vowel is silent, save after a cluster in y, r or v (patra, rajya) and in -iya."""
    if len(sounds) < 3 or sounds[-1] != "A" or not any(_is_vowel(s) for s in sounds[:-1]):
        return False
    before, last = sounds[-3], sounds[-2]
    return not (last in ("y", "r", "v") and not _is_vowel(before)) and not (last == "y" and before in ("i", "ii"))


def _is_vowel(sound: str) -> bool:
    return sound == "A" or sound[:1] in "aeiou"


def _speakable(sounds: list[str], i: int) -> bool:
    """Whether the vowel at `i` may fall: vowel, consonant, here, consonant, vowel."""
    before, after = sounds[i - 2 : i], sounds[i + 1 : i + 3]
    if len(after) < 2 or "M" in before + after:
        return False
    return _is_vowel(before[0]) and not _is_vowel(before[1]) and not _is_vowel(after[0]) and _is_vowel(after[1])


def spell(word: str) -> str:
    """One plain Latin spelling of a native word, by sound; other letters stay."""
    sounds = units(word)
    script = next((script_of(letter) for letter in word if script_of(letter)), "")
    if script == "Deva":
        sounds = silent_vowels(sounds)
        if sounds[-1:] == ["M"]:
            sounds = sounds[:-1] + _last_nasal(sounds[:-1])
    if sounds and sounds[-1] == "M":
        sounds[-1] = "m"
    return "".join("n" if s == "M" else "a" if s == "A" else s for s in sounds)


def _last_nasal(sounds: list[str]) -> list[str]:
    """Hindi's last nasal is written in Latin letters after most vowels, and left out of `nahi`, `me`, `hu`, `hai`."""
    short = sum(_is_vowel(s) for s in sounds) < 2
    return [] if short or sounds[-1:] in (["i"], ["ii"]) else ["n"]


_FOLDS = [
    (regex.compile(pattern), replacement)
    for pattern, replacement in [
        (r"[^a-z0-9]+", ""),
        (r"[st]ion(?=s?$|al|er)", "shan"),
        (r"c+hh?", "C"),
        (r"ck|q", "k"),
        (r"x", "ks"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"C", "c"),
        (r"ph", "f"),
        (r"[sz]h", "s"),
        (r"(?<=[bdgjklmnprtv])h", ""),
        (r"z", "j"),
        (r"w", "v"),
        (r"gn|jn|gy(?=a)", "gn"),
        (r"^y(?=e)", ""),
        (r"a+e+", "e"),
        (r"oe+|oh(?=[^aeiou]|$)", "o"),
        (r"(?<=[lt])oo(?=$|n)", "o"),
        (r"(?<=[aou])y(?=e)", ""),
        (r"(?<=[^aeiouy])y(?=$|[^aeiouy])", "i"),
        (r"(?<!a)ay(?=[^aeiou]|$)", "e"),
        (r"aa+", "a"),
        (r"ee+|ii+|ey$", "i"),
        (r"oo+|uu+", "u"),
        (r"ayi|ai|ei", "e"),
        (r"au|ou|[ao]v(?=[^aeiouyv])", "o"),
        (r"iy(?=[aeou])", "i"),
        (r"(?<=[aeou])yi(?=[aeou])", "y"),
        (r"(?<=[bdgkmptv]r)u", "i"),
        (r"m(?=[^aeiouym])", "n"),
        (r"(?<=[aeiou].*[^aeiou])[eo]r(?=s?$)", "ar"),
        (r"(.)\1+", r"\1"),
        (r"(?r)(?<=[aeiou][^aeiou])a(?=[^aeiou]+[aeiou])", ""),  # some write the vowel Hindi does not speak
        (r"(.)\1+", r"\1"),
    ]
]


# Latin spellings of short Hindi words whose last nasal is written and not heard, and their chat forms.
_SHORT = {
    "hain": "hai", "mein": "me", "main": "me", "mai": "me", "nahin": "nahi", "nhi": "nahi", "nai": "nahi",
    "hoon": "hu", "hun": "hu", "yahan": "yaha", "kahan": "kaha", "wahan": "vaha", "kyon": "kyu", "kyun": "kyu",
    "plz": "please", "pls": "please", "chaiye": "chahiye", "chaie": "chahiye", "chahie": "chahiye",
}  # fmt: skip


@lru_cache(maxsize=100_000)
def phonetic_key(word: str) -> str:
    """The key of one word in any script, lower-case Latin letters and digits; may be empty."""
    latin = word.lower()
    latin = _SHORT.get(latin, latin) if latin.isascii() else spell(latin)
    if latin.isdigit():
        return latin
    for pattern, replacement in _FOLDS:
        latin = pattern.sub(replacement, latin)
    return latin


def skeleton(key: str) -> str:
    """The consonants of a key, with `a` for a leading vowel: joins spellings that disagree on vowels."""
    rest = key.translate(_WITHOUT_VOWELS)
    return "a" + rest if key[:1] in ("a", "e", "i", "o", "u") else rest


_WITHOUT_VOWELS = str.maketrans("", "", "aeiouyh")
