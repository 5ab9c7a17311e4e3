"""Chief Minister's Relief Fund: help with the cost of treatment."""

from __future__ import annotations

from actions.departments.client import Department, body, value
from actions.departments.reading import status as read_status
from actions.departments.results import Application, Request, Status

__all__ = ["apply", "status"]


async def apply(department: Department, request: Request) -> Application:
    """File a claim for a patient."""
    claim = body(
        request,
        patientName="patient_name",
        applicantName="applicant_name",
        aadhaar="aadhaar",
        hospital="hospital",
        disease="disease",
        billAmount="bill_amount",
        bankAccount="bank_account",
        ifsc="ifsc",
        district="district",
        mobile="mobile",
    )
    answer = await department.submit("/applications", request, claim)
    return Application(answer.text("applicationNo"), answer.day("dueDate"), answer.amount("fee"))


async def status(department: Department, request: Request) -> Status:
    """Where a claim has reached, by its number."""
    answer = await department.fetch("/applications/search", request, {"applicationNo": value(request, "cmrf_number")})
    return read_status(department, answer)
