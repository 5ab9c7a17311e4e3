"""Text as it should be said: ids digit by digit, amounts, dates, abbreviations; no markup, links or emoji.

Numbers stay digits, because the speech engine says them in its language; the few words that are needed are data
(nlu_data/voice).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import regex
import yaml

DATA = Path(__file__).parents[1] / "nlu_data" / "voice"
LONGEST = 600
LINK = regex.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+", regex.IGNORECASE)
MARKUP = regex.compile(r"[*_~`#<>|\[\]{}]+")
MASK = regex.compile(r"(?<![\p{L}\p{M}])[Xx\u2022\u00d7]{2,}[ -]?(\d{1,4}(?!\d))?")
AMOUNT = regex.compile(r"(?:\u20b9|\bRs\b\.?)\s*([\d,]*\d)(?:\.(\d\d?))?(?:/-)?|\b([\d,]*\d)/-", regex.IGNORECASE)
ISO_DATE = regex.compile(r"(?<!\d)(\d{4})-(\d\d?)-(\d\d?)(?!\d)")
DATE = regex.compile(r"(?<!\d)(\d\d?)[-/.](\d\d?)[-/.](\d{4})(?!\d)")
GROUPED = regex.compile(r"(?<![\d,])\d{1,3}(?:,\d{2,3})+(?![\d,])")
LEADING_ZERO = regex.compile(r"(?<!\d)0+(?=\d)")
QUANTITY = "\ue000"  # stands before a number that is said as a whole, until codes are done
CODE = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}\ue000])(?=[A-Z0-9/-]*\d)(?=[A-Z0-9/-]*[A-Z]|\d{5})[A-Z0-9]+(?:[/-][A-Z0-9]+)*(?![\p{L}\p{M}\p{N}])"
)
CLOCK = regex.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?!\d)")
SAID = regex.compile(r"[\p{L}\p{M}\p{N}\s.,?!;:'\"()%&+/-]")
LOOSE_STOP = regex.compile(r"\s+([.,?!;:])")
SENTENCE_END = regex.compile(r"[.?!]\s")


@dataclass(frozen=True)
class Words:
    """The words of one language that reading needs."""

    rupees: str
    percent: str
    months: tuple[str, ...]
    abbreviations: Mapping[str, str]


@lru_cache(maxsize=4)
def words(language: str) -> Words:
    """From nlu_data/voice; languages te, hi, en."""
    speech = yaml.safe_load((DATA / "speech.yml").read_text(encoding="utf-8"))["speech"]
    months = yaml.safe_load((DATA / f"{language}.yml").read_text(encoding="utf-8"))["voice"]["months"]
    short = {name: said[language] for name, said in speech["abbreviations"].items()}
    return Words(speech["rupees"][language], speech["percent"][language], tuple(months), short)


def spoken(text: str, language: str) -> str:
    """The text to hand to a speech engine: at most 600 characters, one line; empty when nothing in it can be said."""
    known = words(language)
    text = "".join(map(plain_character, unicodedata.normalize("NFC", text)))
    text = MASK.sub(lambda found: f" {one_by_one(found[1] or '')} ", MARKUP.sub(" ", LINK.sub(" ", text)))
    text = AMOUNT.sub(lambda found: f" {QUANTITY}{amount(found)} {known.rupees} ", text)
    text = GROUPED.sub(lambda found: QUANTITY + found[0].replace(",", ""), text)
    text = ISO_DATE.sub(lambda found: date(found[3], found[2], found[1], known), text)
    text = DATE.sub(lambda found: date(found[1], found[2], found[3], known), text)
    text = CLOCK.sub(lambda found: f"{int(found[1])} {found[2]}" if int(found[2]) else str(int(found[1])), text)
    text = CODE.sub(lambda found: one_by_one(found[0]), text).replace("%", f" {known.percent} ")
    text = regex.sub(r"[A-Za-z]+", lambda found: known.abbreviations.get(found[0], found[0]), text)
    line = " ".join("".join(c if SAID.match(c) else " " for c in text).split())
    return shortened(LOOSE_STOP.sub(r"\1", line))


def plain_character(character: str) -> str:
    """Native digits as 0-9, danda and line ends as full stops."""
    if character.isdigit() and not character.isascii():
        return str(unicodedata.digit(character, "") or 0)
    return ". " if character in "\n\r\u0964\u0965" else character


def amount(found: regex.Match) -> str:
    """Rupees without the grouping commas, and the paise if there are any."""
    rupees = LEADING_ZERO.sub("", (found[1] or found[3]).replace(",", ""))
    return f"{rupees}.{found[2]}" if found[2] and int(found[2]) else rupees


def date(day: str, month: str, year: str, known: Words) -> str:
    """Day, month by name, year; left alone where there is no such month."""
    if not 1 <= int(month) <= 12:
        return f"{day} {month} {year}"
    return f" {int(day)} {known.months[int(month) - 1]} {year} "


def one_by_one(code: str) -> str:
    """A code letter by letter and digit by digit, with a short rest after every four."""
    parts = regex.split(r"[/-]", code)
    return ", ".join(" ".join(part[at : at + 4]) for part in parts for at in range(0, len(part), 4))


def shortened(text: str) -> str:
    """Cut after a sentence, or else after a word."""
    if len(text) <= LONGEST:
        return text
    head = text[:LONGEST]
    ends = [found.end() for found in SENTENCE_END.finditer(head)]
    return head[: ends[-1]].strip() if ends else head.rsplit(" ", 1)[0]
