"""Municipal administration: births, property tax, water connections and complaints."""

from __future__ import annotations

import csv
import sqlite3
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from pydantic import Field

from actions.departments.sandbox import accounts, certificates, invented
from actions.departments.sandbox.accounts import Charge, Detail, ReceiptReply, details
from actions.departments.sandbox.cases import ApplicationReply, CaseReply, case_reply, file_case, find_case
from actions.departments.sandbox.certificates import CertificateReply, Grant
from actions.departments.sandbox.complaints import Address, ComplaintReply, register
from actions.departments.sandbox.desk import At, Body, Json, Reply
from actions.departments.sandbox.papers import Value
from actions.departments.sandbox.refusal import Refusal, not_found

router = APIRouter()

_COMPLAINT_TYPES = Path(__file__).parents[1] / "data" / "complaint_types.csv"
_COMPLAINT_SERVICES = {"NBOSL": "street_light_complaint"}
_LOCALITIES = (
    "Gandhi Nagar",
    "Nehru Nagar",
    "Brodipet",
    "Kothapeta",
    "Ramnagar",
    "Old Town",
    "Station Road",
    "Krishna Nagar",
)


class Assessment(Body):
    """A property assessment; the first four digits are the urban body's code."""

    assessment_no: str = Field(pattern=r"^\d{6,15}$")
    payment_mode: str = "UPI"
    source: str = "web"


class PropertyTaxReply(Reply):
    """What is owed on an assessment."""

    assessment_no: str
    owner_name: str
    locality_name: str
    tax_details: list[Charge]
    details: list[Detail]
    total_tax_amt: int
    due_date: date


@router.post("/property/propertytaxdetails")
def property_tax(body: Assessment, at: At) -> PropertyTaxReply:
    """The demand of the half-year and its arrears."""
    with at.desk.store.transaction() as db:
        accounts.account(db, at, body.assessment_no, _half_year(at.now))
    return _demand(body.assessment_no, at.now)


@router.post("/property/paypropertytax", response_model=ReceiptReply)
def pay_property_tax(body: Assessment, at: At) -> Json:
    """Pay the whole demand."""

    def act(db: sqlite3.Connection) -> ReceiptReply:
        accounts.account(db, at, body.assessment_no, _half_year(at.now))
        demand = _demand(body.assessment_no, at.now)
        rows: list[tuple[str, Value]] = [("assessment_number", body.assessment_no), ("holder", demand.owner_name)]
        return accounts.pay(
            db, at, body.assessment_no, _half_year(at.now), demand.tax_details, [*rows, ("period", _half_year(at.now))]
        )

    return at.once(body, act)


def _demand(number: str, now: datetime) -> PropertyTaxReply:
    source = invented.seeded("property", number, _half_year(now))
    tax = source.randrange(600, 6000, 10)
    charges = [
        Charge(code="PROPERTY_TAX", amount=tax),
        Charge(code="EDUCATION_CESS", amount=round(tax * 0.02)),
        Charge(code="LIBRARY_CESS", amount=round(tax * 0.08)),
    ]
    if source.random() < 0.3:
        charges += [Charge(code="ARREARS", amount=tax), Charge(code="PENALTY", amount=round(tax * 0.12))]
    holder = invented.seeded("owner", number)
    owner, door, locality = (
        invented.name(holder),
        f"{holder.randrange(1, 90)}-{holder.randrange(1, 40)}",
        holder.choice(_LOCALITIES),
    )
    return PropertyTaxReply(
        assessment_no=number,
        owner_name=owner,
        locality_name=locality,
        tax_details=charges,
        details=details(door_number=door, locality=locality, period=_half_year(now)),
        total_tax_amt=accounts.total(charges),
        due_date=_half_year_end(now),
    )


def _half_year(now: datetime) -> str:
    """The half of a year that runs from April: 2025-26/1 from April, 2025-26/2 from October."""
    start = now.year if now.month >= 4 else now.year - 1
    return f"{start}-{(start + 1) % 100:02d}/{1 if 4 <= now.month <= 9 else 2}"


def _half_year_end(now: datetime) -> date:
    if 4 <= now.month <= 9:
        return date(now.year, 9, 30)
    return date(now.year + (now.month >= 10), 3, 31)


class WaterConnection(Body):
    """A water connection that is wanted."""

    assessment_no: str = Field(pattern=r"^\d{6,15}$")
    connection_type: str
    persons: int = Field(default=4, ge=1, le=200)
    applicant_name: str | None = None
    mobile: str | None = None


@router.post("/watercharges/newconnection", response_model=ApplicationReply)
def new_connection(body: WaterConnection, at: At) -> Json:
    """Apply for a water connection."""

    def act(db: sqlite3.Connection) -> ApplicationReply:
        if body.assessment_no.endswith("99"):
            raise not_found()
        due = at.now + timedelta(days=30)
        slots = body.model_dump() | {"assessment_number": body.assessment_no}
        slots.pop("assessment_no")
        number = file_case(db, at, "WC", "water_new_connection", "connection", slots, due)
        return ApplicationReply(
            application_no=number, due_date=due.date(), fee=100 if "bpl" in body.connection_type.lower() else 200
        )

    return at.once(body, act)


class MunicipalComplaint(Body):
    """A complaint of one of the types of complaint_types.csv."""

    service_code: str
    address: Address
    description: str | None = None
    mobile: str | None = None


@router.post("/complaints", response_model=ComplaintReply)
def complain(body: MunicipalComplaint, at: At) -> Json:
    """Register a complaint with the ward that it falls in."""

    def act(db: sqlite3.Connection) -> ComplaintReply:
        hours = _hours().get(body.service_code)
        if hours is None:
            raise Refusal(422, "denied_service", service=body.service_code)
        service = _COMPLAINT_SERVICES.get(body.service_code, body.service_code)
        ward = f"Ward {invented.seeded('ward', body.address.model_dump_json()).randrange(1, 58)}"
        office = f"{body.address.town} Municipal Office, {ward}" if body.address.town else f"Municipal Office, {ward}"
        return register(db, at, "MC", service, body.model_dump(), hours, office)

    return at.once(body, act)


class ComplaintNumber(Body):
    """A complaint's number."""

    complaint_no: str


@router.post("/complaints/search")
def complaint_status(body: ComplaintNumber, at: At) -> CaseReply:
    """Where a complaint has reached."""
    with at.desk.store.transaction() as db:
        case = find_case(db, body.complaint_no)
        if case.kind != "complaint":
            raise not_found()
        return case_reply(case, at)


@cache
def _hours() -> dict[str, int]:
    """Complaint type to the hours it may take."""
    with _COMPLAINT_TYPES.open(newline="", encoding="utf-8") as file:
        return {row["code"]: int(row["sla_hours"]) for row in csv.DictReader(file)}


class Birth(Body):
    """A registered birth; every plausible one from 1970 on is registered, unless it was on the first of January."""

    date_of_birth: date
    gender: str
    father_name: str = Field(min_length=1)
    mother_name: str = Field(min_length=1)
    town: str = Field(min_length=1)
    mobile: str | None = None


@router.post("/births/certificate")
def birth_certificate(body: Birth, at: At) -> CertificateReply:
    """The certificate of a registered birth; the same one however often it is asked for."""
    born = body.date_of_birth
    if born > at.now.date():
        raise Refusal(422, "denied_future_date")
    if born.year < 1970 or (born.month, born.day) == (1, 1):
        raise not_found()
    record = [body.town, born, body.gender, body.father_name, body.mother_name]
    register_no = (
        f"BC{invented.seeded('birth', *(str(part).casefold().strip() for part in record)).randrange(10**9, 10**10)}"
    )
    rows: list[tuple[str, Value]] = [
        ("registration_number", register_no),
        ("child_date_of_birth", born.isoformat()),
        ("gender", body.gender),
        ("father_name", body.father_name),
        ("mother_name", body.mother_name),
        ("town", body.town),
    ]
    with at.desk.store.transaction() as db:
        grant = Grant(register_no, "birth_certificate", at.language, body.mother_name, at.now.date(), rows)
        return certificates.issue(db, at, grant)
