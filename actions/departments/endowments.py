"""Endowments: darshan tickets and rooms at temples."""

from __future__ import annotations

from actions.departments.answer import Answer
from actions.departments.client import Department, body, value
from actions.departments.reading import booking, choices, facts, lines
from actions.departments.results import Bill, Booking, Option, Request

__all__ = ["darshans", "slots", "darshan_price", "book_darshan", "rooms", "room_price", "book_room"]


async def darshans(department: Department, request: Request) -> list[Option]:
    """The kinds of darshan of a temple."""
    answer = await department.get("/darshans", request, temple=value(request, "temple"))
    return choices(answer.parts("darshans"))


async def slots(department: Department, request: Request) -> list[Option]:
    """The times of a day that still have room for the chosen darshan."""
    answer = await department.get(
        "/slots",
        request,
        temple=value(request, "temple"),
        darshan=value(request, "darshan_type"),
        day=value(request, "visit_date"),
    )
    return choices(answer.parts("slots"))


async def darshan_price(department: Department, request: Request) -> Bill:
    """What the chosen darshan would cost."""
    return _price(await department.fetch("/darshans/price", request, _visit(request)), request)


async def book_darshan(department: Department, request: Request) -> Booking:
    """Book the chosen darshan."""
    devotee = body(request, name="devotee_name", aadhaar="aadhaar", mobile="mobile")
    return booking(
        department, request, await department.submit("/darshans", request, _visit(request) | {"devotee": devotee})
    )


async def rooms(department: Department, request: Request) -> list[Option]:
    """The kinds of room that are free at a temple."""
    answer = await department.get(
        "/rooms",
        request,
        temple=value(request, "temple"),
        day=request.values.get("check_in"),
        nights=request.values.get("nights"),
    )
    return choices(answer.parts("rooms"))


async def room_price(department: Department, request: Request) -> Bill:
    """What the chosen room would cost."""
    return _price(await department.fetch("/rooms/price", request, _stay(request)), request)


async def book_room(department: Department, request: Request) -> Booking:
    """Book the chosen room."""
    devotee = body(request, name="devotee_name", aadhaar="aadhaar", mobile="mobile")
    return booking(
        department, request, await department.submit("/rooms", request, _stay(request) | {"devotee": devotee})
    )


def _visit(request: Request) -> dict[str, object]:
    return body(
        request, temple="temple", darshan="darshan_type", day="visit_date", slot="darshan_slot", persons="persons"
    )


def _stay(request: Request) -> dict[str, object]:
    return body(request, temple="temple", room="room_type", day="check_in", nights="nights", persons="persons")


def _price(answer: Answer, request: Request) -> Bill:
    return Bill(
        account=answer.text("temple"),
        total=answer.amount("amount"),
        lines=lines(answer.parts("charges")),
        facts=facts(answer.parts("details"), request.language),
    )
