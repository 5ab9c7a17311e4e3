"""The five electricity companies: bills, payments, outages and fallen wires."""

from __future__ import annotations

from actions.departments.client import Department, body, value
from actions.departments.reading import address, complaint, facts, lines, receipt
from actions.departments.results import Bill, Complaint, Receipt, Request

__all__ = ["bill", "pay", "complain", "emergency"]


async def bill(department: Department, request: Request) -> Bill:
    """The bill of a service number."""
    answer = (await department.fetch("/bills/fetch", request, _customer(request))).part("bill")
    return Bill(
        account=answer.text("serviceNumber"),
        total=answer.amount("amount"),
        lines=lines(answer.parts("charges")),
        holder=answer.text("customerName"),
        due=answer.day("dueDate"),
        facts=facts(answer.parts("details"), request.language),
    )


async def pay(department: Department, request: Request) -> Receipt:
    """Pay the whole bill of a service number."""
    answer = await department.submit("/bills/pay", request, _customer(request))
    return receipt(department, answer, value(request, "service_number"))


async def complain(department: Department, request: Request) -> Complaint:
    """Report that there is no supply."""
    report = body(request, discom="discom", serviceNumber="service_number", description="description", mobile="mobile")
    return complaint(await department.submit("/complaints", request, report | {"address": address(request)}))


async def emergency(department: Department, request: Request) -> Complaint:
    """Report a fallen wire or another danger."""
    report = body(request, description="description", mobile="mobile")
    return complaint(await department.submit("/emergencies", request, report | {"address": address(request)}))


def _customer(request: Request) -> dict[str, object]:
    """The customer as Bharat BillPay asks for one."""
    named = body(request, discom="discom", service_number="service_number")
    return {
        "customerIdentifiers": [{"attributeName": name, "attributeValue": str(given)} for name, given in named.items()]
    }
