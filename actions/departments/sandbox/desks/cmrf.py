"""Chief Minister's Relief Fund: claims for the cost of treatment."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from fastapi import APIRouter
from pydantic import Field

from actions.departments.sandbox.cases import ApplicationReply, CaseReply, case_reply, file_case, find_case
from actions.departments.sandbox.desk import At, Body, Json

router = APIRouter()

_DAYS = 21


class Claim(Body):
    """A claim for a patient's treatment."""

    patient_name: str = Field(min_length=1)
    hospital: str = Field(min_length=1)
    disease: str | None = None
    bill_amount: int = Field(gt=0, le=10**8)
    aadhaar: str | None = Field(default=None, pattern=r"^\d{12}$")
    bank_account: str | None = Field(default=None, pattern=r"^\d{5,20}$")
    ifsc: str | None = Field(default=None, pattern=r"^[A-Z]{4}0[A-Z0-9]{6}$")
    applicant_name: str | None = None
    district: str | None = None
    mobile: str | None = None


@router.post("/applications", response_model=ApplicationReply)
def apply(claim: Claim, at: At) -> Json:
    """File a claim; it costs nothing."""

    def act(db: sqlite3.Connection) -> ApplicationReply:
        due = at.now + timedelta(days=_DAYS)
        kept = claim.model_dump() | {"bank_account": f"XXXX{(claim.bank_account or '')[-4:]}"}
        number = file_case(db, at, "CM", "cmrf_apply", "relief", kept, due)
        return ApplicationReply(application_no=number, due_date=due.date(), fee=0)

    return at.once(claim, act)


class ClaimNumber(Body):
    """A claim's number."""

    application_no: str


@router.post("/applications/search")
def status(body: ClaimNumber, at: At) -> CaseReply:
    """Where a claim has reached."""
    with at.desk.store.transaction() as db:
        return case_reply(find_case(db, body.application_no, at.department), at)
