"""Anna Canteens: where they are, when they serve, what they serve; a meal is five rupees."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from fastapi import APIRouter

from actions.departments.sandbox import gazetteer
from actions.departments.sandbox.accounts import Detail, details
from actions.departments.sandbox.complaints import Address, located
from actions.departments.sandbox.desk import At, Json, Reply
from actions.departments.sandbox.gazetteer import folded
from actions.departments.sandbox.invented import seeded
from actions.departments.sandbox.refusal import not_found
from actions.departments.sandbox.towns import Point, find, somewhere

router = APIRouter()

_CANTEENS = Path(__file__).parents[1] / "data" / "canteens.yml"
_SHOWN = 3
_MEAL = 5
_SPREAD = 0.02
"""Canteens of a town lie within about two kilometres of its middle, in degrees."""


class Canteen(Reply):
    """A canteen."""

    town: str
    name: str
    latitude: float
    longitude: float
    distance_km: float
    details: list[Detail]


class CanteensReply(Reply):
    """The nearest canteens, nearest first."""

    canteens: list[Canteen]


@router.post("/canteens/search")
def search(address: Address, at: At) -> CanteensReply:
    """The canteens nearest to a town or a point; a town's own come first."""
    located(address)
    here = _here(address)
    town = folded(address.town or address.locality or "")
    found = sorted(_canteens(), key=lambda row: (folded(row[0]) != town, here.km(row[2])))
    return CanteensReply(canteens=[_canteen(*row, here.km(row[2]), at.now) for row in found[:_SHOWN]])


def _here(address: Address) -> Point:
    if address.geo_location:
        return Point(address.geo_location.latitude, address.geo_location.longitude)
    name = address.town or address.locality or address.landmark or ""
    if find(name) is None and not gazetteer.district(name):
        raise not_found()
    return somewhere(name)


def _canteens() -> list[tuple[str, str, Point]]:
    """Town, address and place of every canteen."""
    rows = []
    for town, addresses in _data()["towns"].items():
        middle = find(town)
        assert middle is not None, town
        for address in addresses:
            source = seeded("canteen", town, address)
            shift = source.uniform(-_SPREAD, _SPREAD), source.uniform(-_SPREAD, _SPREAD)
            rows.append((town, address, Point(middle.latitude + shift[0], middle.longitude + shift[1])))
    return rows


def _canteen(town: str, address: str, point: Point, km: float, now: datetime) -> Canteen:
    menu, meals = _data()["menu"], _data()["meals"]
    shown = details(
        canteen=f"{address}, {town}",
        distance=f"{km:.1f} km",
        breakfast=_serves(meals["breakfast"], menu["breakfast"].get(now.weekday(), menu["closed"])),
        lunch=_serves(meals["lunch"], menu["meal"]),
        dinner=_serves(meals["dinner"], menu["meal"]),
        holiday=menu["closed"],
        meal_price=f"\u20b9{_MEAL}",
    )
    point = Point(round(point.latitude, 5), round(point.longitude, 5))
    return Canteen(
        town=town,
        name=address,
        latitude=point.latitude,
        longitude=point.longitude,
        distance_km=round(km, 1),
        details=shown,
    )


def _serves(hours: str, menu: dict[str, str]) -> dict[str, str]:
    return {language: f"{hours} \u00b7 {text}" for language, text in menu.items()}


@cache
def _data() -> Json:
    data: Json = yaml.safe_load(_CANTEENS.read_text("utf-8"))
    return data
