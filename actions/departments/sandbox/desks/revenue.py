"""Revenue: certificates that are applied for, verified in the field and issued by the Tahsildar."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from fastapi import APIRouter
from pydantic import Field

from actions.departments.sandbox import certificates
from actions.departments.sandbox.cases import (
    ApplicationReply,
    Case,
    CaseReply,
    approved,
    case_reply,
    file_case,
    find_case,
)
from actions.departments.sandbox.certificates import CertificateReply, Grant, VerificationReply
from actions.departments.sandbox.desk import At, Body, Counter, Json
from actions.departments.sandbox.papers import Value
from actions.departments.sandbox.refusal import Refusal, not_found

router = APIRouter()

_SERVICES = {
    "income_certificate": ("IC", 35, 7),
    "caste_certificate": ("CC", 45, 30),
    "residence_certificate": ("RC", 35, 7),
}
_UNPRINTED = frozenset({"due_at", "mobile"})


class Applicant(Body):
    """Who applies."""

    name: str = Field(min_length=1, max_length=200)
    relation_name: str | None = None
    aadhaar: str = Field(pattern=r"^\d{12}$")
    date_of_birth: str | None = None
    mobile: str | None = None


class Address(Body):
    """Where the applicant lives."""

    district: str = Field(min_length=1)
    mandal: str | None = None
    village: str | None = None
    pincode: str | None = None


class Particulars(Body):
    """What the certificate is to say."""

    annual_income: int | None = Field(default=None, ge=0, le=10**9)
    caste: str | None = None
    sub_caste: str | None = None
    years_of_residence: int | None = Field(default=None, ge=0, le=120)
    purpose: str | None = None


class Application(Body):
    """An application for a certificate."""

    service: str
    applicant: Applicant
    address: Address
    particulars: Particulars = Particulars()


@router.post("/applications", response_model=ApplicationReply)
def apply(application: Application, at: At) -> Json:
    """File an application."""

    def act(db: sqlite3.Connection) -> ApplicationReply:
        if application.service not in _SERVICES:
            raise Refusal(422, "denied_service", service=application.service)
        prefix, fee, days = _SERVICES[application.service]
        due = at.now + timedelta(days=days)
        number = file_case(db, at, prefix, application.service, "certificate", _flat(application), due)
        return ApplicationReply(application_no=number, due_date=due.date(), fee=fee)

    return at.once(application, act)


@router.get("/applications/{number}")
def status(number: str, at: At) -> CaseReply:
    """Where an application has reached; this counter knows the applications of every department."""
    with at.desk.store.transaction() as db:
        return case_reply(find_case(db, number), at)


class Claimed(Body):
    """An application's number or a certificate's, and the mobile number it was applied for with where that is known."""

    application_no: str
    mobile: str | None = None


@router.post("/certificates/download", response_model_exclude_none=True)
def certificate(claimed: Claimed, at: At) -> CertificateReply | CaseReply:
    """The certificate of an approved application; else where the application has reached."""
    number = claimed.application_no.strip().upper()
    with at.desk.store.transaction() as db:
        case = find_case(db, certificates.case_number(db, number))
        if claimed.mobile and case.body.get("mobile") and claimed.mobile[-10:] != case.body["mobile"][-10:]:
            raise Refusal(422, "denied_mobile_differs")
        if not approved(case, at):
            return case_reply(case, at)
        if case.kind != "certificate":
            raise not_found()
        return issue(db, at, case)


@router.get("/certificates/{number}/verification", response_model_exclude_none=True)
def verification(number: str, at: At) -> VerificationReply:
    """Whether a certificate of any department is genuine."""
    with at.desk.store.transaction() as db:
        return certificates.verify(db, number)


def issue(db: sqlite3.Connection, at: Counter, case: Case) -> CertificateReply:
    """The certificate of an approved case."""
    rows: list[tuple[str, Value]] = [("application_number", case.number)]
    rows += [(slot, given) for slot, given in case.body.items() if given is not None and slot not in _UNPRINTED]
    holder = str(case.body.get("applicant_name", ""))
    issued = case_reply(case, at).updated_at.date()
    return certificates.issue(db, at, Grant(case.number, case.service, case.language, holder, issued, rows))


def _flat(application: Application) -> Json:
    """The application as slots and values."""
    applicant = application.applicant.model_dump()
    applicant["applicant_name"] = applicant.pop("name")
    order = ("applicant_name", "relation_name", "aadhaar", "date_of_birth", "mobile")
    return (
        {slot: applicant[slot] for slot in order}
        | application.address.model_dump()
        | application.particulars.model_dump()
    )
