"""Places of `nlu_data/places` in three scripts, with case endings and near misses of spelling.

The phonetic key finds a place in every script; Telugu endings may be glued to it, and an ending or a postposition
says whether one travels `from` there or `to` there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process
from ruamel.yaml import YAML

from nlu_data.components.normalizer import normalize, words
from nlu_data.components.phonetics import phonetic_key
from nlu_data.components.pieces import Found, Piece, read_words

FOLDER = Path(__file__).resolve().parent.parent / "places"
_SHORTEST_KEY = 3  # shorter names are known only as written
_SHORTEST_STEM = 3
_FUZZY_FROM = 7  # letters of key from which a near miss may count
_CLOSE = 90.0  # of 100
_ALIKE = 75.0


@dataclass(frozen=True)
class Place:
    """`english` is the canonical name; `kinds`: district, mandal, town, stop; `careful`: also an ordinary word."""

    english: str
    kinds: tuple[str, ...]
    district: str | None
    state: str | None
    careful: bool
    latin: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gazetteer:
    """`by_keys`: keys of the words of a name -> place; `single`: names of one word for near misses."""

    by_keys: dict[tuple[str, ...], Place]
    single: tuple[str, ...]
    longest: int

    def names(self, word: str) -> bool:
        """Whether a word by itself is the name of a place."""
        return (phonetic_key(word),) in self.by_keys


@lru_cache(maxsize=2)
def load_gazetteer(folder: Path = FOLDER) -> Gazetteer:
    """Read all files of a folder of places; the first entry of a name wins, so districts come first."""
    by_keys: dict[tuple[str, ...], Place] = {}
    for path in sorted(folder.glob("*.yml")):
        for entry in (YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}).get("places", []):
            place = _place(entry)
            for name in [entry["en"], entry.get("te"), entry.get("hi"), *entry.get("also", [])]:
                keys = tuple(phonetic_key(word) for word in words(normalize(str(name or "")).text))
                for spelled in (keys, ("".join(keys),)):
                    if "".join(spelled) and (len("".join(spelled)) >= _SHORTEST_KEY):
                        by_keys.setdefault(spelled, place)
    single = tuple(keys[0] for keys in by_keys if len(keys) == 1 and len(keys[0]) >= _FUZZY_FROM)
    return Gazetteer(by_keys, single, max(map(len, by_keys), default=0))


def _place(entry: dict) -> Place:
    kinds = tuple(entry.get("kinds", ["town"]))
    latin = tuple(name.lower() for name in [entry["en"], *entry.get("also", [])] if name.isascii())
    return Place(entry["en"], kinds, entry.get("district"), entry.get("state"), bool(entry.get("careful")), latin)


def find(pieces: Sequence[Piece], gazetteer: Gazetteer, is_word: frozenset[str] = frozenset()) -> list[Found]:
    """Entities `place`; a key in `is_word` (ordinary words) is no near miss of a place."""
    tokens = [p for p in pieces if p.kind == "word" and p.key]
    found: list[Found] = []
    i = 0
    while i < len(tokens):
        hit = _at(tokens, i, gazetteer, is_word)
        if hit is None:
            i += 1
            continue
        place, length, ending_role = hit
        if not place.careful or _hinted(tokens, i, length, ending_role):
            found.append(_found(tokens, i, length, place, ending_role))
        i += length
    return _routed(found, tokens)


def _at(
    tokens: list[Piece], i: int, gazetteer: Gazetteer, is_word: frozenset[str]
) -> tuple[Place, int, str | None] | None:
    """The longest place that begins at a word, in how many words, and the role its glued ending gives."""
    for length in range(min(gazetteer.longest, len(tokens) - i), 0, -1):
        keys = tuple(token.key for token in tokens[i : i + length])
        if keys in gazetteer.by_keys:
            place = gazetteer.by_keys[keys]
            return (place, length, None) if _looks_like(tokens[i], length, place) else None
        for stem, role in _without_ending(tokens[i + length - 1].lower):
            place = gazetteer.by_keys.get((*keys[:-1], phonetic_key(stem)))
            if place:
                return place, length, role
    return None if tokens[i].key in is_word else _near_miss(tokens[i], gazetteer)


def _looks_like(token: Piece, length: int, place: Place) -> bool:
    """A short word in Latin letters must also look like the place: `daily` sounds like Delhi and is not it."""
    if length > 1 or not token.lower.isascii() or len(token.key) > 5:
        return True
    return any(fuzz.ratio(token.lower, name) >= _ALIKE for name in place.latin)


@lru_cache(maxsize=10_000)
def _without_ending(word: str) -> tuple[tuple[str, str | None], ...]:
    """What may be left of a word when a glued ending is taken off, and the role that the ending gives."""
    stems: list[tuple[str, str | None]] = []
    for name, role in (("glued_from", "from"), ("glued_to", "to"), ("glued", None)):
        for ending, instead in read_words("cases.yml")[name].items():
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                stems.append((word.removesuffix(ending) + instead, role))
    return tuple(stems)


def _near_miss(token: Piece, gazetteer: Gazetteer) -> tuple[Place, int, str | None] | None:
    if len(token.key) < _FUZZY_FROM:
        return None
    stems = [(phonetic_key(stem), role) for stem, role in _without_ending(token.lower)]
    for key, role in [(token.key, None), *stems]:
        if len(key) < _FUZZY_FROM:
            continue
        best = process.extractOne(key, gazetteer.single, scorer=fuzz.ratio, score_cutoff=_CLOSE)
        if best and best[0][:2] == key[:2]:
            return gazetteer.by_keys[(best[0],)], 1, role
    return None


def _hinted(tokens: list[Piece], i: int, length: int, role: str | None) -> bool:
    """Whether the neighbours, or the lack of them, say that an ordinary word is meant as a place."""
    before = tokens[i - 1].lower if i else ""
    after = tokens[i + length].lower if i + length < len(tokens) else ""
    hinted = before in _around()["hints_before"] or after in _around()["hints_after"]
    return role is not None or len(tokens) <= length or hinted


def _found(tokens: list[Piece], i: int, length: int, place: Place, role: str | None) -> Found:
    first, last = tokens[i], tokens[i + length - 1]
    extra: dict[str, object] = {"kinds": list(place.kinds)}
    if place.district:
        extra["district"] = place.district
    if place.state:
        extra["state"] = place.state
    role = role or _role(tokens, i, length)
    if role:
        extra["role"] = role
    return Found("place", place.english, first.start, last.end, extra)


def _role(tokens: list[Piece], i: int, length: int) -> str | None:
    before = tokens[i - 1].lower if i else ""
    after = tokens[i + length].lower if i + length < len(tokens) else ""
    for role in ("from", "to"):
        if after in _around()[f"{role}_after"] or before in _around()[f"{role}_before"]:
            return role
    return None


@lru_cache(maxsize=1)
def _around() -> dict[str, frozenset[str]]:
    lists = {name: listed for name, listed in read_words("cases.yml").items() if isinstance(listed, list)}
    return {name: frozenset(normalize(str(word)).text.lower() for word in listed) for name, listed in lists.items()}


def _routed(found: list[Found], tokens: list[Piece]) -> list[Found]:
    """`X to Y`: the first of two places is where one starts; with one role known, the other place has the other."""
    if len(found) != 2:
        return found
    first, second = found
    roles = [first.extra.get("role"), second.extra.get("role")]
    if roles == [None, "to"] or roles == ["from", None]:
        roles = ["from", "to"]
    elif roles == [None, "from"] or roles == ["to", None]:
        roles = ["to", "from"]
    return [_with_role(f, role) for f, role in zip(found, roles, strict=False)]


def _with_role(found: Found, role: str | None) -> Found:
    extra = {**found.extra, "role": role} if role else found.extra
    return Found(found.entity, found.value, found.start, found.end, extra)
