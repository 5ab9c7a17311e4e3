"""APSRTC: buses, seats that run out, tickets and their cancellation."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from actions.departments.sandbox import capacity, gazetteer, invented, papers, timetable
from actions.departments.sandbox.accounts import Charge, Detail, ReceiptReply, day, details, total
from actions.departments.sandbox.capacity import BookingReply
from actions.departments.sandbox.desk import At, Body, Counter, Json, Reply
from actions.departments.sandbox.papers import Paper, Value
from actions.departments.sandbox.refusal import Refusal, sold_out
from actions.departments.sandbox.timetable import Bus

router = APIRouter()

_RESERVATION_FEE = 15
_CHARGES = ((timedelta(hours=24), 10), (timedelta(hours=4), 25), (timedelta(0), 50))
"""Time before departure, and the share of the fare in per cent that a cancellation then costs."""


class ServiceReply(Reply):
    """A bus that runs."""

    id: str
    title: dict[str, str]
    description: dict[str, str]
    seats_left: int
    fare: int
    details: list[Detail]


class ServicesReply(Reply):
    """The buses of a day."""

    services: list[ServiceReply]


@router.get("/services")
def services(
    origin: Annotated[str, Query(min_length=1)], destination: Annotated[str, Query(min_length=1)], day: date, at: At
) -> ServicesReply:
    """The buses between two towns on a day."""
    found = timetable.buses(origin, destination, day, at.now)
    with at.desk.store.transaction() as db:
        return ServicesReply(services=[_service(bus, capacity.left(db, bus.resource, bus.places)) for bus in found])


def _service(bus: Bus, left: int) -> ServiceReply:
    shown = details(
        departure=f"{bus.departs:%H:%M}",
        arrival=f"{bus.arrives:%H:%M}",
        bus_class=dict(bus.class_name),
        fare=f"\u20b9{bus.fare}",
        seats_left=left,
    )
    return ServiceReply(id=bus.number, seats_left=left, fare=bus.fare, details=shown, **timetable.row(bus, left))


class Trip(Body):
    """Seats on a bus."""

    origin: str
    destination: str
    day: date
    service_no: str
    seats: int = Field(default=1, ge=1, le=6)


class FareReply(Reply):
    """What seats cost, or what is given back for a ticket."""

    service_no: str
    amount: int
    charges: list[Charge]
    details: list[Detail]


@router.post("/fares")
def fare(trip: Trip, at: At) -> FareReply:
    """What the seats would cost."""
    bus = _bus(trip, at)
    with at.desk.store.transaction() as db:
        if capacity.left(db, bus.resource, bus.places) < trip.seats:
            raise sold_out()
    charges = _charges(bus, trip.seats)
    return FareReply(service_no=bus.number, amount=total(charges), charges=charges, details=_shown(bus))


class Passenger(Body):
    """Who travels."""

    name: str = Field(min_length=1)
    age: int | None = Field(default=None, ge=0, le=125)
    gender: str | None = None
    mobile: str | None = None


class TicketOrder(Trip):
    """Seats in a passenger's name."""

    passenger: Passenger


@router.post("/tickets", response_model=BookingReply)
def book(order: TicketOrder, at: At) -> Json:
    """Book the seats."""
    return at.once(order, lambda db: _ticket(db, order, _bus(order, at), at))


def _ticket(db: sqlite3.Connection, order: TicketOrder, bus: Bus, at: Counter) -> BookingReply:
    amount = total(_charges(bus, order.seats))
    kept = {"departs": bus.departs.isoformat(), "fare": bus.fare * order.seats, "mobile": order.passenger.mobile}
    shown = _shown(bus) + details(passenger=order.passenger.name, seats=order.seats)
    body = kept | {"details": [detail.model_dump() for detail in shown]}
    number = capacity.hold(db, at, "BT", {bus.resource: bus.places}, order.seats, amount, body)
    rows: list[tuple[str, Value]] = [(detail.code.lower(), detail.value) for detail in shown]
    rows.append(("amount_paid", amount))
    paper = Paper(
        "ticket_bus",
        at.department,
        "bus_ticket",
        at.language,
        number,
        at.now.isoformat(timespec="minutes"),
        rows,
        number,
    )
    return BookingReply(booking_no=number, amount=amount, details=shown, document=papers.keep(db, at, paper))


class Ticket(Body):
    """A ticket's number, and the mobile number it was booked with where that is known."""

    ticket_no: str
    mobile: str | None = None


@router.post("/tickets/refund")
def refund(ticket: Ticket, at: At) -> FareReply:
    """What would be given back for a ticket."""
    with at.desk.store.transaction() as db:
        amount, body = _cancellable(db, ticket, at)
    charges = _refund(amount, body, at.now)
    shown = [Detail(**detail) for detail in body["details"]]
    return FareReply(service_no=ticket.ticket_no, amount=total(charges), charges=charges, details=shown)


@router.post("/tickets/cancel", response_model=ReceiptReply)
def cancel(ticket: Ticket, at: At) -> Json:
    """Cancel a ticket; its seats are free again."""

    def act(db: sqlite3.Connection) -> ReceiptReply:
        amount, body = _cancellable(db, ticket, at)
        capacity.release(db, ticket.ticket_no.strip().upper(), at.now)
        back = total(_refund(amount, body, at.now))
        return ReceiptReply(receipt_no=invented.number("RF"), account=ticket.ticket_no, amount=back, paid_at=at.now)

    return at.once(ticket, act)


def _cancellable(db: sqlite3.Connection, ticket: Ticket, at: Counter) -> tuple[int, dict[str, Any]]:
    amount, body, cancelled = capacity.find(db, at, ticket.ticket_no)
    if ticket.mobile and body["mobile"] and ticket.mobile[-10:] != body["mobile"][-10:]:
        raise Refusal(422, "denied_mobile_differs")
    if cancelled:
        raise Refusal(409, "denied_already_cancelled")
    if datetime.fromisoformat(body["departs"]) <= at.now:
        raise Refusal(409, "denied_departed")
    return amount, body


def _refund(amount: int, body: dict[str, Any], now: datetime) -> list[Charge]:
    """The amount paid, less the reservation fee and a share of the fare that grows towards departure."""
    before = datetime.fromisoformat(body["departs"]) - now
    share = next(share for limit, share in _CHARGES if before >= limit)
    return [
        Charge(code="AMOUNT_PAID", amount=amount),
        Charge(code="RESERVATION_FEE", amount=body["fare"] - amount),
        Charge(code="CANCELLATION_CHARGE", amount=-round(body["fare"] * share / 100)),
    ]


def _bus(trip: Trip, at: Counter) -> Bus:
    return timetable.bus(trip.service_no, trip.origin, trip.destination, trip.day, at.now)


def _charges(bus: Bus, seats: int) -> list[Charge]:
    return [
        Charge(code="FARE", amount=bus.fare * seats),
        Charge(code="RESERVATION_FEE", amount=_RESERVATION_FEE * seats),
    ]


def _shown(bus: Bus) -> list[Detail]:
    return details(
        origin=gazetteer.names(bus.origin),
        destination=gazetteer.names(bus.destination),
        travel_day=day(bus.departs.date()),
        departure=f"{bus.departs:%H:%M}",
        bus_class=dict(bus.class_name),
        service_no=bus.number,
    )
