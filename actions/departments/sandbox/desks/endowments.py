"""Endowments: darshan slots and rooms that run out."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from actions.departments.sandbox import capacity, papers, temples
from actions.departments.sandbox.accounts import Charge, Detail, day, details, total
from actions.departments.sandbox.capacity import BookingReply
from actions.departments.sandbox.desk import At, Body, Counter, Json, Reply
from actions.departments.sandbox.papers import Paper, Value
from actions.departments.sandbox.refusal import sold_out
from actions.departments.sandbox.temples import Temple

router = APIRouter()

_DEPOSIT = {"ac": 1000, "non_ac": 500, "dormitory": 0}


class Row(Reply):
    """Something to choose."""

    id: str
    title: dict[str, str]
    description: dict[str, str]


class DarshansReply(Reply):
    """The kinds of darshan of a temple."""

    darshans: list[Row]


class SlotsReply(Reply):
    """The times that still have room."""

    slots: list[Row]


class RoomsReply(Reply):
    """The kinds of room that are free."""

    rooms: list[Row]


class PriceReply(Reply):
    """What a darshan or a room would cost."""

    temple: str
    amount: int
    charges: list[Charge]
    details: list[Detail]


class Devotee(Body):
    """In whose name it is booked."""

    name: str = Field(min_length=1)
    aadhaar: str | None = None
    mobile: str | None = None


class Visit(Body):
    """A darshan that is wanted."""

    temple: str
    darshan: str
    day: date
    slot: str
    persons: int = Field(default=1, ge=1, le=10)


class VisitOrder(Visit):
    """A darshan in a devotee's name."""

    devotee: Devotee


class Stay(Body):
    """A room that is wanted; in the dormitory each person has a bed."""

    temple: str
    room: str
    day: date
    nights: int = Field(default=1, ge=1, le=2)
    persons: int = Field(default=1, ge=1, le=10)

    @property
    def units(self) -> int:
        """Beds in the dormitory, else one room."""
        return self.persons if self.room == "dormitory" else 1


class StayOrder(Stay):
    """A room in a devotee's name."""

    devotee: Devotee


@router.get("/darshans")
def darshans(temple: str, at: At) -> DarshansReply:
    """The kinds of darshan of a temple, with their price."""
    names = temples.data()["darshans"]
    found = temples.temple(temple)
    return DarshansReply(
        darshans=[Row(id=k, title=names[k], description=temples.priced(p)) for k, p in found.darshans.items()]
    )


@router.get("/slots")
def slots(temple: str, darshan: str, day: date, at: At) -> SlotsReply:
    """The times of a day that still have room."""
    found = temples.temple(temple)
    found.price(darshan)
    temples.ahead(day, at.now)
    rows = []
    with at.desk.store.transaction() as db:
        for slot in temples.hours(day, at.now):
            left = capacity.left(db, *_slot(found, darshan, day, slot))
            if left:
                title = dict.fromkeys(("te", "hi", "en"), slot.replace("-", " - "))
                rows.append(Row(id=slot, title=title, description=temples.said("left", left=left)))
    return SlotsReply(slots=rows)


@router.post("/darshans/price")
def darshan_price(visit: Visit, at: At) -> PriceReply:
    """What the darshan would cost."""
    found, resource, places = _wanted(visit, at)
    with at.desk.store.transaction() as db:
        if capacity.left(db, resource, places) < visit.persons:
            raise sold_out()
    charges = _darshan_charges(found, visit)
    return PriceReply(temple=found.id, amount=total(charges), charges=charges, details=_visit(found, visit))


@router.post("/darshans", response_model=BookingReply)
def book_darshan(order: VisitOrder, at: At) -> Json:
    """Book the darshan."""

    def act(db: sqlite3.Connection) -> BookingReply:
        found, resource, places = _wanted(order, at)
        shown = _visit(found, order) + details(devotee=order.devotee.name)
        amount = total(_darshan_charges(found, order))
        number = capacity.hold(
            db, at, "DT", {resource: places}, order.persons, amount, {"mobile": order.devotee.mobile}
        )
        return _booked(db, at, "ticket_darshan", number, amount, shown)

    return at.once(order, act)


@router.get("/rooms")
def rooms(temple: str, at: At, day: date | None = None, nights: Annotated[int, Query(ge=1, le=2)] = 1) -> RoomsReply:
    """The kinds of room that are free."""
    found, names, rows = temples.temple(temple), temples.data()["rooms"], []
    start = day or at.now.date()
    temples.ahead(start, at.now)
    with at.desk.store.transaction() as db:
        for room, (rent, _) in found.rooms.items():
            left = min(capacity.left(db, *night) for night in _nights(found, room, start, nights).items())
            if left:
                rows.append(Row(id=room, title=names[room], description=temples.said("rent", price=rent, left=left)))
    return RoomsReply(rooms=rows)


@router.post("/rooms/price")
def room_price(stay: Stay, at: At) -> PriceReply:
    """What the room would cost."""
    found = temples.temple(stay.temple)
    temples.ahead(stay.day, at.now)
    found.room(stay.room)
    with at.desk.store.transaction() as db:
        wanted = _nights(found, stay.room, stay.day, stay.nights)
        if any(capacity.left(db, *night) < stay.units for night in wanted.items()):
            raise sold_out()
    charges = _room_charges(found, stay)
    return PriceReply(temple=found.id, amount=total(charges), charges=charges, details=_stay(found, stay))


@router.post("/rooms", response_model=BookingReply)
def book_room(order: StayOrder, at: At) -> Json:
    """Book the room for every night, or for none."""

    def act(db: sqlite3.Connection) -> BookingReply:
        found = temples.temple(order.temple)
        temples.ahead(order.day, at.now)
        amount = total(_room_charges(found, order))
        wanted = _nights(found, order.room, order.day, order.nights)
        number = capacity.hold(db, at, "RM", wanted, order.units, amount, {"mobile": order.devotee.mobile})
        return _booked(db, at, "ticket_room", number, amount, _stay(found, order) + details(devotee=order.devotee.name))

    return at.once(order, act)


def _booked(
    db: sqlite3.Connection, at: Counter, kind: str, number: str, amount: int, shown: list[Detail]
) -> BookingReply:
    rows: list[tuple[str, Value]] = [(detail.code.lower(), detail.value) for detail in shown]
    rows.append(("amount_paid", amount))
    paper = Paper(kind, at.department, kind, at.language, number, at.now.isoformat(timespec="minutes"), rows, number)
    return BookingReply(booking_no=number, amount=amount, details=shown, document=papers.keep(db, at, paper))


def _wanted(visit: Visit, at: Counter) -> tuple[Temple, str, int]:
    found = temples.temple(visit.temple)
    found.price(visit.darshan)
    temples.ahead(visit.day, at.now)
    if visit.slot not in temples.hours(visit.day, at.now):
        raise sold_out()
    return found, *_slot(found, visit.darshan, visit.day, visit.slot)


def _slot(found: Temple, darshan: str, day: date, slot: str) -> tuple[str, int]:
    return f"darshan/{found.id}/{darshan}/{day}/{slot}", temples.places(found, darshan, day, slot)


def _nights(found: Temple, room: str, start: date, nights: int) -> dict[str, int]:
    _, rooms = found.room(room)
    return {f"room/{found.id}/{room}/{start + timedelta(days=night)}": rooms for night in range(nights)}


def _darshan_charges(found: Temple, visit: Visit) -> list[Charge]:
    return [Charge(code="DARSHAN", amount=found.price(visit.darshan) * visit.persons)]


def _room_charges(found: Temple, stay: Stay) -> list[Charge]:
    rent, _ = found.room(stay.room)
    charges = [Charge(code="ROOM_RENT", amount=rent * stay.nights * stay.units)]
    deposit = _DEPOSIT.get(stay.room, 0)
    return charges + ([Charge(code="CAUTION_DEPOSIT", amount=deposit)] if deposit else [])


def _visit(found: Temple, visit: Visit) -> list[Detail]:
    kind = temples.data()["darshans"][visit.darshan]
    return details(temple=found.name, darshan=kind, visit_day=day(visit.day), slot=visit.slot, persons=visit.persons)


def _stay(found: Temple, stay: Stay) -> list[Detail]:
    kind = temples.data()["rooms"][stay.room]
    leaves = stay.day + timedelta(days=stay.nights)
    return details(temple=found.name, room=kind, check_in=day(stay.day), check_out=day(leaves), persons=stay.persons)
