"""Names of people, where the words before say that a name comes and whose it is."""

from __future__ import annotations

from functools import lru_cache

import regex

from nlu_data.components.normalizer import normalize
from nlu_data.components.pieces import Found, read_words

_MOST_WORDS = 5
_WORD = regex.compile(r"[\s:=-]*((?:\p{L}{1,2}\p{M}*\.\s?){1,3}|[\p{L}\p{M}]+)")


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, regex.Pattern[str]], ...]:
    """Roles with their patterns, the longest phrases first; one or more spaces between their words."""
    made = []
    for role, phrases in read_words("names.yml")["before"].items():
        plain = sorted((normalize(p).text.lower() for p in phrases), key=len, reverse=True)
        either = "|".join(r"\s+".join(map(regex.escape, p.split())) for p in plain)
        made.append((role, regex.compile(rf"(?<![\p{{L}}\p{{M}}])(?:{either})(?![\p{{L}}\p{{M}}'])")))
    return tuple(made)


@lru_cache(maxsize=2)
def _listed(name: str) -> frozenset[str]:
    return frozenset(normalize(str(word)).text.lower() for word in read_words("names.yml")[name])


def find(text: str) -> list[Found]:
    """Entities `name` with `role`: self, father, husband, mother or patient; the value keeps its letters' case."""
    lower = text.lower() if len(text.lower()) == len(text) else text
    found: dict[int, Found] = {}
    for role, pattern in _patterns():
        for match in pattern.finditer(lower):
            start, end = _name_after(lower, match.end())
            better = start not in found or found[start].extra["role"] == "self"
            if end > start and better:
                found[start] = Found("name", _tidy(text[start:end]), start, end, {"role": role})
    return list(found.values())


def _name_after(lower: str, at: int) -> tuple[int, int]:
    """Where the name stands that begins at `at`: up to five words, none of them an end."""
    start, end, fresh = at, at, True
    for _ in range(_MOST_WORDS):
        match = _WORD.match(lower, end)
        if not match or match[1].strip() in _listed("ends"):
            break
        if match[1] in _listed("not"):  # `Subbarao no, Subbayya`: what follows is the name
            following = _WORD.match(lower, match.end(1))
            if not following or following[1].strip() in _listed("ends"):
                break
            end, fresh = match.end(1), True
            continue
        start, fresh = match.start(1) if fresh else start, False
        end = match.end(1)
    return start, end


def _tidy(name: str) -> str:
    return regex.sub(r"\s+", " ", name).strip(" .")
