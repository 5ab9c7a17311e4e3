"""Shapes that several departments share, read from their answers into our results."""

from __future__ import annotations

from collections.abc import Mapping

from actions.departments.answer import Answer
from actions.departments.client import Department
from actions.departments.results import Booking, Complaint, Fact, Information, Line, Option, Receipt, Request, Status

_PLACES = ("town", "locality", "landmark")


def step(code: str) -> str:
    """The sentence key of a department's status code: `VERIFIED` is `step_verified`."""
    return f"step_{code.lower()}"


def status(department: Department, answer: Answer) -> Status:
    """Where an application, complaint or claim has reached."""
    return Status(
        number=answer.text("number"),
        service=answer.text("service"),
        step=step(answer.text("status")),
        steps=tuple(step(code) for code in answer.codes("stages")),
        updated=answer.moment("updatedAt"),
        due=answer.moment("dueAt") if answer.has("dueAt") else None,
        document=department.document(answer),
    )


def lines(rows: list[Answer]) -> tuple[Line, ...]:
    """Charges by code: `ENERGY_CHARGES` is `line_energy_charges`."""
    return tuple(Line(f"line_{row.text('code').lower()}", row.amount("amount")) for row in rows)


def facts(rows: list[Answer], language: str) -> tuple[Fact, ...]:
    """Labelled values: `BUS_CLASS` is `fact_bus_class`; a value by language is taken in this one."""
    return tuple(Fact(f"fact_{row.text('code').lower()}", _said(row, language)) for row in rows)


def _said(row: Answer, language: str) -> str:
    return row.words("value", language) if row.is_object("value") else row.text("value")


def booking(department: Department, request: Request, answer: Answer) -> Booking:
    """A ticket, darshan or room."""
    return Booking(
        number=answer.text("bookingNo"),
        amount=answer.amount("amount"),
        facts=facts(answer.parts("details"), request.language),
        document=department.document(answer),
    )


def complaint(answer: Answer) -> Complaint:
    """A complaint or emergency, with its deadline and the office that answers for it."""
    advice = answer.text("advice", "").lower()
    return Complaint(
        number=answer.text("complaintNo"),
        deadline=answer.moment("deadline"),
        helpline=answer.text("helpline", ""),
        advice=f"advice_{advice}" if advice else "",
        office=answer.text("office", ""),
    )


def receipt(department: Department, answer: Answer, account: str = "", refund: bool = False) -> Receipt:
    """Money taken or given back."""
    return Receipt(
        number=answer.text("receiptNo"),
        amount=answer.amount("amount"),
        paid_at=answer.moment("paidAt"),
        account=account,
        refund=refund,
        document=department.document(answer),
    )


def choices(rows: list[Answer]) -> list[Option]:
    """Rows to choose from, in every language."""
    return [
        Option(row.text("id"), row.texts("title"), row.texts("description") if row.has("description") else {})
        for row in rows
    ]


def information(rows: list[Answer], language: str) -> Information:
    """Rows to read."""
    return Information(tuple(facts(row.parts("details"), language) for row in rows))


def address(request: Request) -> dict[str, object]:
    """Where something is: named places as text, a shared location as `geoLocation`."""
    found: dict[str, object] = {}
    for slot in _PLACES:
        place = request.values.get(slot)
        if isinstance(place, Mapping):
            found["geoLocation"] = {"latitude": place["latitude"], "longitude": place["longitude"]}
        elif place:
            found[slot] = str(place)
    return found
