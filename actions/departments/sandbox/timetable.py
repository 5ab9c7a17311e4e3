"""Buses between any two towns on any day: invented, but the same every time they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from actions.departments.sandbox.desk import INDIA, Json
from actions.departments.sandbox.gazetteer import folded
from actions.departments.sandbox.invented import seeded
from actions.departments.sandbox.refusal import Refusal, not_found
from actions.departments.sandbox.towns import road_km

_BUSES = Path(__file__).parents[0] / "data" / "buses.yml"
_AHEAD = 60
_FEWEST_LEFT = 2


@dataclass(frozen=True)
class Bus:
    """One bus on one day; fare in rupees a seat, `places` as they were before anyone booked here."""

    number: str
    origin: str
    destination: str
    departs: datetime
    arrives: datetime
    class_name: Mapping[str, str]
    fare: int
    seats: int
    places: int

    @property
    def resource(self) -> str:
        """What a booking holds seats of."""
        return f"bus/{folded(self.origin)}/{folded(self.destination)}/{self.departs.date()}/{self.number}"


@cache
def _data() -> Json:
    data: Json = yaml.safe_load(_BUSES.read_text("utf-8"))
    return data


def buses(origin: str, destination: str, day: date, now: datetime) -> list[Bus]:
    """The buses of that day that have not left, by the time they leave; at most nine."""
    if folded(origin) == folded(destination):
        raise Refusal(422, "denied_same_place")
    if day < now.date():
        raise Refusal(422, "denied_past_date")
    if day > now.date() + timedelta(days=_AHEAD):
        raise Refusal(422, "denied_too_far_ahead", days=_AHEAD)
    return [bus for bus in _day(origin, destination, day) if bus.departs > now]


def bus(number: str, origin: str, destination: str, day: date, now: datetime) -> Bus:
    """The bus of that number."""
    for found in buses(origin, destination, day, now):
        if found.number == number:
            return found
    raise not_found()


def row(bus: Bus, left: int) -> Json:
    """The bus as a row to choose, in every language."""
    hour, values = (
        bus.departs.strftime("%H:%M"),
        {"seats": left, "fare": bus.fare, "arrival": bus.arrives.strftime("%H:%M")},
    )
    return {
        "title": {language: f"{hour} {name}"[:24] for language, name in bus.class_name.items()},
        "description": {language: text.format(**values) for language, text in _data()["description"].items()},
    }


def _day(origin: str, destination: str, day: date) -> list[Bus]:
    km = road_km(origin, destination)
    kinds = [kind for kind in _data()["classes"] if kind["from"] <= km <= kind["to"]]
    source = seeded("timetable", folded(origin), folded(destination))
    count = min(9, 5 + km // 60)
    minutes = sorted(source.sample(range(5 * 60, 23 * 60 + 45, 15), count))
    numbers = source.sample(range(1000, 9999), count)
    last = count - 1
    return [
        _bus(origin, destination, day, km, source.choice(kinds), minutes[i], str(numbers[i]), i == last)
        for i in range(count)
    ]


def _bus(
    origin: str, destination: str, day: date, km: int, kind: Mapping[str, Any], minute: int, number: str, last: bool
) -> Bus:
    departs = datetime.combine(day, time(minute // 60, minute % 60), INDIA)
    sold = seeded("sold", origin, destination, day, number).randrange(kind["seats"] // 5, kind["seats"] * 4 // 5)
    return Bus(
        number=number,
        origin=origin,
        destination=destination,
        departs=departs,
        arrives=departs + timedelta(minutes=15 + round(km / kind["speed"] * 60 / 5) * 5),
        class_name=kind["name"],
        fare=max(15, round(km * kind["rate"] / 5) * 5),
        seats=kind["seats"],
        places=_FEWEST_LEFT if last else kind["seats"] - sold,
    )
