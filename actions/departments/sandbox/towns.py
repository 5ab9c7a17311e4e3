"""Towns on the map, and how far apart they are by road."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from actions.departments.sandbox import gazetteer
from actions.departments.sandbox.gazetteer import folded
from actions.departments.sandbox.invented import seeded

_TOWNS = Path(__file__).parent / "data" / "towns.csv"
_ROAD = 1.28
"""A road is about this much longer than the straight line."""
_NEAR = 0.25
"""Towns of a district lie within about this many degrees of its seat."""


@dataclass(frozen=True)
class Point:
    """A point on the map, degrees."""

    latitude: float
    longitude: float

    def km(self, other: Point) -> float:
        """The straight distance."""
        across = sin(radians(other.latitude - self.latitude) / 2) ** 2
        along = (
            cos(radians(self.latitude))
            * cos(radians(other.latitude))
            * sin(radians(other.longitude - self.longitude) / 2) ** 2
        )
        return 12742 * asin(sqrt(across + along))


@cache
def towns() -> dict[str, Point]:
    """Every town we know by its folded name."""
    with _TOWNS.open(newline="", encoding="utf-8") as file:
        return {
            folded(name): Point(float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
            for name in (row["name"], *filter(None, row["also"].split("|")))
        }


def find(name: str) -> Point | None:
    """Where a town is; None when we do not know it."""
    return towns().get(folded(name))


def somewhere(name: str) -> Point:
    """Where a town is; one that is not on our map lies near the seat of its district, always at the same point."""
    source = seeded("town", folded(name))
    seat = find(gazetteer.district(name)) or Point(source.uniform(13.6, 18.4), source.uniform(77.6, 82.2))
    near = Point(seat.latitude + source.uniform(-_NEAR, _NEAR), seat.longitude + source.uniform(-_NEAR, _NEAR))
    return find(name) or near


def road_km(origin: str, destination: str) -> int:
    """The distance by road between two towns, at least 8 km."""
    return max(8, round(somewhere(origin).km(somewhere(destination)) * _ROAD))
