"""Any service without a client of its own: one contract per kind of action."""

from __future__ import annotations

from collections.abc import Mapping

from actions.departments.answer import Answer
from actions.departments.client import Department
from actions.departments.reading import booking, complaint, facts, information, lines, receipt
from actions.departments.reading import status as read_status
from actions.departments.results import (
    Application,
    Bill,
    Booking,
    Certificate,
    Complaint,
    Information,
    Receipt,
    Request,
    Status,
)
from actions.errors import DepartmentDown

__all__ = ["apply", "status", "download", "bill", "pay", "price", "book", "complain", "info", "emergency"]


async def apply(department: Department, request: Request) -> Application:
    """File an application."""
    answer = await department.submit("/apply", request, _form(request))
    return Application(answer.text("applicationNo"), answer.day("dueDate"), answer.amount("fee"))


async def status(department: Department, request: Request) -> Status:
    """Where the case that the given number names has reached."""
    return read_status(department, await department.fetch("/status", request, _form(request)))


async def download(department: Department, request: Request) -> Certificate | Status:
    """A document; the status of its application while it is not yet issued."""
    answer = await department.fetch("/download", request, _form(request))
    if not answer.has("certificateNo"):
        return read_status(department, answer)
    document = department.document(answer)
    if document is None:
        raise DepartmentDown(department.name)
    return Certificate(answer.text("certificateNo"), document, answer.day("issuedOn"))


async def bill(department: Department, request: Request) -> Bill:
    """What is owed."""
    return _bill(await department.fetch("/bill", request, _form(request)), request)


async def pay(department: Department, request: Request) -> Receipt:
    """Pay what is owed, or give what is offered."""
    answer = await department.submit("/pay", request, _form(request))
    return receipt(department, answer, answer.text("account"))


async def price(department: Department, request: Request) -> Bill:
    """What a booking would cost."""
    return _bill(await department.fetch("/price", request, _form(request)), request)


async def book(department: Department, request: Request) -> Booking:
    """Book a place."""
    return booking(department, request, await department.submit("/book", request, _form(request)))


async def complain(department: Department, request: Request) -> Complaint:
    """Register a complaint."""
    return complaint(await department.submit("/complaint", request, _form(request)))


async def info(department: Department, request: Request) -> Information:
    """Read something."""
    answer = await department.fetch("/info", request, _form(request))
    return information(answer.parts("rows"), request.language)


async def emergency(department: Department, request: Request) -> Complaint:
    """Report a danger."""
    return complaint(await department.submit("/emergency", request, _form(request)))


def _form(request: Request) -> dict[str, object]:
    return {"service": request.service, "values": {slot: _plain(given) for slot, given in request.values.items()}}


def _plain(given: object) -> object:
    if isinstance(given, Mapping):
        return dict(given)
    return given if given is None or isinstance(given, bool | int | float | str) else str(given)


def _bill(answer: Answer, request: Request) -> Bill:
    return Bill(
        account=answer.text("account"),
        total=answer.amount("amount"),
        lines=lines(answer.parts("charges")),
        holder=answer.text("holder", ""),
        due=answer.day("dueDate") if answer.has("dueDate") else None,
        facts=facts(answer.parts("details"), request.language),
    )
