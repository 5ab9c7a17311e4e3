"""Temples: their darshan tickets, times and rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from actions.departments.sandbox.desk import INDIA, Json
from actions.departments.sandbox.gazetteer import folded
from actions.departments.sandbox.invented import seeded
from actions.departments.sandbox.refusal import Refusal, not_found

Texts = dict[str, str]

_TEMPLES = Path(__file__).parent / "data" / "temples.yml"
_SLOT_PLACES = 40
_LAST_SLOT_PLACES = 2
_AHEAD = 30


@dataclass(frozen=True)
class Temple:
    """A temple; darshans by id with their price, rooms by id with their rent and how many there are."""

    id: str
    name: Texts
    darshans: dict[str, int]
    rooms: dict[str, tuple[int, int]]

    def price(self, darshan: str) -> int:
        """What a darshan costs a person."""
        if darshan not in self.darshans:
            raise not_found()
        return self.darshans[darshan]

    def room(self, room: str) -> tuple[int, int]:
        """What a room costs a night, and how many there are."""
        if room not in self.rooms:
            raise not_found()
        return self.rooms[room]


@cache
def data() -> Json:
    """The file of temples."""
    found: Json = yaml.safe_load(_TEMPLES.read_text("utf-8"))
    return found


def temple(name: str) -> Temple:
    """The temple of that id or name."""
    wanted = folded(name)
    for key, row in data()["temples"].items():
        if wanted in {folded(key), *map(folded, row["name"].values()), *map(folded, row["also"])}:
            return Temple(
                key, row["name"], row["darshans"], {room: tuple(given) for room, given in row["rooms"].items()}
            )
    raise not_found()


def ahead(day: date, now: datetime) -> None:
    """Refuse a day that is past or too far off to book."""
    if day < now.date():
        raise Refusal(422, "denied_past_date")
    if day > now.date() + timedelta(days=_AHEAD):
        raise Refusal(422, "denied_too_far_ahead", days=_AHEAD)


def hours(day: date, now: datetime) -> list[str]:
    """The times of a day that have not begun."""
    return [
        slot for slot in data()["hours"] if datetime.fromisoformat(f"{day}T{slot[:5]}:00").replace(tzinfo=INDIA) > now
    ]


def places(found: Temple, darshan: str, day: date, slot: str) -> int:
    """How many people a slot takes before anyone books here; few at the last one of the day."""
    if slot == data()["hours"][-1]:
        return _LAST_SLOT_PLACES
    return seeded("darshan", found.id, darshan, day, slot).randrange(4, _SLOT_PLACES)


def said(key: str, **values: object) -> Texts:
    """A text of the file, in every language."""
    return {language: text.format(**values) for language, text in data()["texts"][key].items()}


def priced(price: int) -> Texts:
    """A price a person, in every language."""
    return said("price", price=price) if price else said("free")
