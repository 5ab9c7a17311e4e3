"""Revenue: income, caste and residence certificates, their status, download and verification."""

from __future__ import annotations

from actions.departments.client import Department, body, value
from actions.departments.reading import status as read_status
from actions.departments.results import Application, Certificate, Request, Status, Verification
from actions.errors import DepartmentDown

__all__ = ["apply", "status", "download", "verify"]


async def apply(department: Department, request: Request) -> Application:
    """File an application for the certificate that `request.service` names."""
    answer = await department.submit("/applications", request, {"service": request.service} | _application(request))
    return Application(answer.text("applicationNo"), answer.day("dueDate"), answer.amount("fee"))


async def status(department: Department, request: Request) -> Status:
    """Where an application has reached, by its number."""
    answer = await department.get(f"/applications/{_number(request, 'application_number')}", request)
    return read_status(department, answer)


async def download(department: Department, request: Request) -> Certificate | Status:
    """The issued certificate; the application's status while it is not yet issued."""
    claimed = {"applicationNo": value(request, "application_number")} | body(request, mobile="mobile")
    answer = await department.fetch("/certificates/download", request, claimed)
    if not answer.has("certificateNo"):
        return read_status(department, answer)
    document = department.document(answer)
    if document is None:
        raise DepartmentDown(department.name)
    return Certificate(answer.text("certificateNo"), document, answer.day("issuedOn"))


async def verify(department: Department, request: Request) -> Verification:
    """Whether a certificate of any department is genuine; an unknown number is not."""
    number = _number(request, "certificate_number")
    answer = await department.get(f"/certificates/{number}/verification", request)
    return Verification(
        number=answer.text("certificateNo"),
        genuine=answer.yes("genuine"),
        service=answer.text("service", ""),
        holder=answer.text("holder", ""),
        issued=answer.day("issuedOn") if answer.has("issuedOn") else None,
    )


def _number(request: Request, slot: str) -> str:
    """A number fit for an address: letters and digits only."""
    return "".join(filter(str.isalnum, value(request, slot))).upper() or "0"


def _application(request: Request) -> dict[str, object]:
    applicant = body(
        request,
        name="applicant_name",
        relationName="relation_name",
        aadhaar="aadhaar",
        dateOfBirth="date_of_birth",
        mobile="mobile",
    )
    address = body(request, district="district", mandal="mandal", village="village", pincode="pincode")
    particulars = body(
        request,
        annualIncome="annual_income",
        caste="caste",
        subCaste="sub_caste",
        yearsOfResidence="years_of_residence",
        purpose="purpose",
    )
    return {"applicant": applicant, "address": address, "particulars": particulars}
