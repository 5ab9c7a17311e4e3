"""APSRTC: buses between two places, tickets and cancellation."""

from __future__ import annotations

from actions.departments.client import Department, body, value
from actions.departments.reading import booking, choices, facts, information, lines, receipt
from actions.departments.results import Bill, Booking, Information, Option, Receipt, Request

__all__ = ["search", "buses", "fare", "book", "refund", "cancel"]


async def search(department: Department, request: Request) -> Information:
    """The buses of a day between two places."""
    answer = await department.get("/services", request, **_journey(request))
    return information(answer.parts("services"), request.language)


async def buses(department: Department, request: Request) -> list[Option]:
    """The same buses to choose from; those that are full are left out."""
    answer = await department.get("/services", request, **_journey(request))
    return choices([row for row in answer.parts("services") if row.whole("seatsLeft") > 0])


async def fare(department: Department, request: Request) -> Bill:
    """What the chosen seats would cost."""
    answer = await department.fetch("/fares", request, _trip(request))
    return Bill(
        account=answer.text("serviceNo"),
        total=answer.amount("amount"),
        lines=lines(answer.parts("charges")),
        facts=facts(answer.parts("details"), request.language),
    )


async def book(department: Department, request: Request) -> Booking:
    """Book the chosen seats."""
    passenger = body(request, name="passenger_name", age="passenger_age", gender="passenger_gender", mobile="mobile")
    answer = await department.submit("/tickets", request, _trip(request) | {"passenger": passenger})
    return booking(department, request, answer)


async def refund(department: Department, request: Request) -> Bill:
    """What would be given back for a ticket."""
    number = value(request, "ticket_number")
    answer = await department.fetch("/tickets/refund", request, {"ticketNo": number} | body(request, mobile="mobile"))
    return Bill(
        account=number,
        total=answer.amount("amount"),
        lines=lines(answer.parts("charges")),
        facts=facts(answer.parts("details"), request.language),
    )


async def cancel(department: Department, request: Request) -> Receipt:
    """Cancel a ticket and give the money back."""
    number = value(request, "ticket_number")
    answer = await department.submit("/tickets/cancel", request, {"ticketNo": number} | body(request, mobile="mobile"))
    return receipt(department, answer, number, refund=True)


def _journey(request: Request) -> dict[str, object]:
    return {
        "origin": value(request, "from_stop"),
        "destination": value(request, "to_stop"),
        "day": value(request, "travel_date"),
    }


def _trip(request: Request) -> dict[str, object]:
    return _journey(request) | body(request, serviceNo="bus", seats="seats")
