"""Any service: one contract per kind of action, so that a service without a department of its own comes to its end."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from actions.departments.sandbox import accounts, capacity, certificates, invented, papers
from actions.departments.sandbox.accounts import Charge, Detail, ReceiptReply, details, total
from actions.departments.sandbox.capacity import BookingReply
from actions.departments.sandbox.cases import ApplicationReply, CaseReply, approved, case_reply, file_case, find_case
from actions.departments.sandbox.certificates import CertificateReply, Grant
from actions.departments.sandbox.complaints import ComplaintReply, register
from actions.departments.sandbox.desk import At, Body, Counter, Json, Reply, masked
from actions.departments.sandbox.papers import Paper, Value
from actions.departments.sandbox.refusal import Refusal

router = APIRouter()

_DAYS, _FEE, _HOURS, _PLACES = 15, 45, 48, 50
_HELPLINE = "112"
_CASE_NUMBERS = ("application_number", "complaint_number", "cmrf_number", "ticket_number")
_HOLDERS = ("applicant_name", "patient_name", "devotee_name", "passenger_name", "owner_name", "student_name")
_UNPRINTED = frozenset({"mobile", "due_at", "otp"})


class Form(Body):
    """A service's id and the values given for it, by slot."""

    service: str = Field(min_length=1, max_length=80)
    values: dict[str, Any] = Field(default_factory=dict, max_length=60)

    def text(self, *slots: str) -> str:
        """The first of these values that was given."""
        return next((str(self.values[slot]) for slot in slots if self.values.get(slot)), "")

    def number(self) -> str:
        """The account, or whatever number was given: a slot that ends in `number`."""
        return self.text(*(slot for slot in self.values if slot.endswith("_number"))) or self.text("mobile", "aadhaar")


class BillReply(Reply):
    """What is owed, or what a booking would cost."""

    account: str
    holder: str
    amount: int
    due_date: date | None = None
    charges: list[Charge]
    details: list[Detail]


class PageReply(Reply):
    """One row to read."""

    details: list[Detail]


class InfoReply(Reply):
    """Rows to read."""

    rows: list[PageReply]


@router.post("/apply", response_model=ApplicationReply)
def apply(form: Form, at: At) -> Json:
    """File an application."""

    def act(db: sqlite3.Connection) -> ApplicationReply:
        due = at.now + timedelta(days=_DAYS)
        number = file_case(db, at, _prefix(form.service), form.service, "service", form.values, due)
        return ApplicationReply(application_no=number, due_date=due.date(), fee=_FEE)

    return at.once(form, act)


@router.post("/status")
def status(form: Form, at: At) -> CaseReply:
    """Where the case that a given number names has reached."""
    number = form.text(*_CASE_NUMBERS) or form.number()
    with at.desk.store.transaction() as db:
        return case_reply(find_case(db, number), at)


@router.post("/download")
def download(form: Form, at: At) -> CertificateReply | CaseReply:
    """The document of an approved application; without an application, an extract of the register at once."""
    number = form.text(*_CASE_NUMBERS)
    with at.desk.store.transaction() as db:
        if not number:
            return _extract(db, at, form)
        case = find_case(db, number)
        if not approved(case, at):
            return case_reply(case, at)
        issued = case_reply(case, at).updated_at.date()
        rows = _rows({"application_number": case.number} | case.body)
        holder = Form(service=case.service, values=case.body).text(*_HOLDERS)
        return certificates.issue(db, at, Grant(case.number, case.service, case.language, holder, issued, rows))


@router.post("/bill")
def bill(form: Form, at: At) -> BillReply:
    """What is owed on an account."""
    number = _account(form)
    with at.desk.store.transaction() as db:
        accounts.account(db, at, f"{form.service}/{number}", _month(at))
    return _bill(form, number, at)


@router.post("/pay", response_model=ReceiptReply)
def pay(form: Form, at: At) -> Json:
    """Pay what is owed on an account, or give the amount that is offered."""

    def act(db: sqlite3.Connection) -> ReceiptReply:
        offered = form.text("amount")
        if offered:
            charges = [Charge(code="AMOUNT", amount=_rupees(offered))]
            receipt = accounts.pay(db, at, f"{form.service}/{invented.number('')}", "once", charges, _rows(form.values))
            return receipt.model_copy(update={"account": form.service})
        number = _account(form)
        accounts.account(db, at, f"{form.service}/{number}", _month(at))
        charges = _bill(form, number, at).charges
        receipt = accounts.pay(db, at, f"{form.service}/{number}", _month(at), charges, _rows(form.values))
        return receipt.model_copy(update={"account": number})

    return at.once(form, act)


@router.post("/price")
def price(form: Form, at: At) -> BillReply:
    """What a booking would cost."""
    charges = [Charge(code="AMOUNT", amount=_price(form))]
    return BillReply(account=form.service, holder="", amount=total(charges), charges=charges, details=[])


@router.post("/book", response_model=BookingReply)
def book(form: Form, at: At) -> Json:
    """Book a place on a day; fifty are there."""

    def act(db: sqlite3.Connection) -> BookingReply:
        days = "/".join(
            str(given) for slot, given in sorted(form.values.items()) if slot.endswith(("date", "check_in", "slot"))
        )
        amount = _price(form)
        number = capacity.hold(
            db, at, "BK", {f"{form.service}/{days}": _PLACES}, _units(form), amount, masked(form.values)
        )
        rows = [*_rows(form.values), ("amount_paid", amount)]
        paper = Paper(
            "ticket",
            at.department,
            form.service,
            at.language,
            number,
            at.now.isoformat(timespec="minutes"),
            rows,
            number,
        )
        return BookingReply(booking_no=number, amount=amount, details=[], document=papers.keep(db, at, paper))

    return at.once(form, act)


@router.post("/complaint", response_model=ComplaintReply)
def complain(form: Form, at: At) -> Json:
    """Register a complaint."""
    return at.once(form, lambda db: register(db, at, "GC", form.service, masked(form.values), _HOURS, "", ""))


@router.post("/emergency", response_model=ComplaintReply)
def emergency(form: Form, at: At) -> Json:
    """Report a danger; help is sent at once."""
    return at.once(
        form, lambda db: register(db, at, "EM", form.service, masked(form.values), 1, "", _HELPLINE, "EMERGENCY")
    )


@router.post("/info")
def info(form: Form, at: At) -> InfoReply:
    """Where to ask: the nearest office, its hours and its telephone number."""
    source = invented.seeded("office", form.service, json.dumps(form.values, sort_keys=True, default=str))
    place = form.text("town", "mandal", "district", "locality") or "Vijayawada"
    shown = details(
        office=f"Ward Secretariat {source.randrange(1, 40)}, {place}", hours="10:30 - 17:00", telephone="1100"
    )
    return InfoReply(rows=[PageReply(details=shown)])


def _extract(db: sqlite3.Connection, at: Counter, form: Form) -> CertificateReply:
    given = sorted((slot, str(value)) for slot, value in form.values.items())
    register_no = f"{_prefix(form.service)}{invented.seeded(form.service, given).randrange(10**9, 10**10)}"
    holder = form.text(*_HOLDERS) or invented.name(invented.seeded("holder", register_no))
    rows = _rows(masked(form.values))
    return certificates.issue(db, at, Grant(register_no, form.service, at.language, holder, at.now.date(), rows))


def _bill(form: Form, number: str, at: Counter) -> BillReply:
    source = invented.seeded("generic", form.service, number, _month(at))
    charges = [Charge(code="AMOUNT", amount=source.randrange(150, 4000, 5))]
    if source.random() < 0.3:
        charges.append(Charge(code="ARREARS", amount=source.randrange(50, 900, 5)))
    holder = invented.name(invented.seeded("holder", number))
    due = at.now.date().replace(day=28)
    shown = details(period=_month(at))
    return BillReply(account=number, holder=holder, amount=total(charges), due_date=due, charges=charges, details=shown)


def _account(form: Form) -> str:
    number = form.number()
    if not number:
        raise Refusal(422, "denied_missing", field="account_number")
    return number


def _price(form: Form) -> int:
    return invented.seeded("price", form.service).randrange(50, 500, 10) * _units(form)


def _units(form: Form) -> int:
    given = form.text("rooms", "quantity", "seats", "persons")
    return max(1, min(10, int(given))) if given.isdigit() else 1


def _rupees(given: str) -> int:
    if not given.isdigit() or not 0 < int(given) <= 10**8:
        raise Refusal(422, "denied_value", field="amount")
    return int(given)


def _rows(values: Json) -> list[tuple[str, Value]]:
    """The values as rows of a paper; a place on the map as its degrees."""
    rows: list[tuple[str, Value]] = []
    for slot, given in masked(values).items():
        if given in (None, "") or slot in _UNPRINTED:
            continue
        text = (
            f"{given['latitude']}, {given['longitude']}"
            if isinstance(given, dict) and "latitude" in given
            else str(given)
        )
        rows.append((slot, text))
    return rows


def _prefix(service: str) -> str:
    """Two letters for a service: the first of its first two words."""
    words = [word for word in service.upper().split("_") if word[:1].isascii() and word[:1].isalpha()] or ["X"]
    return words[0][0] + (words[1][0] if len(words) > 1 else "X")


def _month(at: Counter) -> str:
    return f"{at.now:%m-%Y}"
