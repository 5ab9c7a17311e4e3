"""Municipal administration: births, property tax, water connections and complaints."""

from __future__ import annotations

from actions.departments.client import Department, body, value
from actions.departments.reading import address, complaint, facts, lines, receipt
from actions.departments.reading import status as read_status
from actions.departments.results import Application, Bill, Certificate, Complaint, Receipt, Request, Status
from actions.errors import DepartmentDown

__all__ = ["birth_certificate", "property_tax", "pay_property_tax", "apply_water", "complain", "complaint_status"]

_COMPLAINT_CODES = {"street_light_complaint": "NBOSL"}


async def birth_certificate(department: Department, request: Request) -> Certificate:
    """The certificate of a registered birth."""
    record = body(
        request,
        town="town",
        dateOfBirth="child_date_of_birth",
        gender="gender",
        fatherName="father_name",
        motherName="mother_name",
        mobile="mobile",
    )
    answer = await department.fetch("/births/certificate", request, record)
    document = department.document(answer)
    if document is None:
        raise DepartmentDown(department.name)
    return Certificate(answer.text("certificateNo"), document, answer.day("issuedOn"))


async def property_tax(department: Department, request: Request) -> Bill:
    """What is owed on an assessment."""
    answer = await department.fetch(
        "/property/propertytaxdetails", request, {"assessmentNo": value(request, "assessment_number")}
    )
    return Bill(
        account=answer.text("assessmentNo"),
        total=answer.amount("totalTaxAmt"),
        lines=lines(answer.parts("taxDetails")),
        holder=answer.text("ownerName"),
        due=answer.day("dueDate"),
        facts=facts(answer.parts("details"), request.language),
    )


async def pay_property_tax(department: Department, request: Request) -> Receipt:
    """Pay all that is owed on an assessment."""
    account = value(request, "assessment_number")
    answer = await department.submit(
        "/property/paypropertytax", request, {"assessmentNo": account, "source": "whatsapp"}
    )
    return receipt(department, answer, account)


async def apply_water(department: Department, request: Request) -> Application:
    """Apply for a water connection."""
    wanted = body(
        request,
        assessmentNo="assessment_number",
        connectionType="connection_type",
        persons="persons",
        applicantName="applicant_name",
        mobile="mobile",
    )
    answer = await department.submit("/watercharges/newconnection", request, wanted)
    return Application(answer.text("applicationNo"), answer.day("dueDate"), answer.amount("fee"))


async def complain(department: Department, request: Request) -> Complaint:
    """Register a complaint of the type that `request.service` names."""
    words = body(request, description="description", mobile="mobile")
    code = _COMPLAINT_CODES.get(request.service, request.service)
    answer = await department.submit("/complaints", request, {"serviceCode": code, "address": address(request)} | words)
    return complaint(answer)


async def complaint_status(department: Department, request: Request) -> Status:
    """Where a complaint has reached, by its number."""
    answer = await department.fetch("/complaints/search", request, {"complaintNo": value(request, "complaint_number")})
    return read_status(department, answer)
