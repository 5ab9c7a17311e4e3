"""The five electricity companies, with bills in the shape of Bharat BillPay."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from random import Random
from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from actions.departments.sandbox import accounts, invented
from actions.departments.sandbox.accounts import Charge, Detail, ReceiptReply, details
from actions.departments.sandbox.cases import CaseReply, case_reply, find_case
from actions.departments.sandbox.complaints import Address, ComplaintReply, located, register
from actions.departments.sandbox.desk import At, Body, Json, Reply
from actions.departments.sandbox.papers import Value
from actions.departments.sandbox.refusal import Refusal

router = APIRouter()

DISCOMS = ("APSPDCL", "APCPDCL", "APEPDCL", "TGSPDCL", "TGNPDCL")
_SLABS = ((30, 1.9), (75, 3.0), (125, 4.5), (225, 6.0), (400, 8.75), (10**9, 9.75))
_SECTIONS = ("Town-1", "Town-2", "Rural", "East", "West", "Industrial")
_HELPLINE = "1912"


class Identifier(Body):
    """One of the names a biller knows a customer by."""

    attribute_name: Literal["discom", "service_number"]
    attribute_value: str


class Customer(Body):
    """A customer of one of the companies."""

    customer_identifiers: list[Identifier] = Field(min_length=1)

    def account(self) -> tuple[str, str]:
        """The company, empty where not said, and the service number."""
        given = {found.attribute_name: found.attribute_value.strip() for found in self.customer_identifiers}
        number, discom = given.get("service_number", ""), given.get("discom", "").upper()
        if not (number.isascii() and number.isdigit() and 5 <= len(number) <= 16):
            raise Refusal(422, "denied_service_number")
        if discom and discom not in DISCOMS:
            raise Refusal(422, "denied_value", field="discom")
        return discom, number


class Bill(Reply):
    """A month's bill."""

    service_number: str
    customer_name: str
    amount: int
    due_date: date
    charges: list[Charge]
    details: list[Detail]


class BillReply(Reply):
    """The bill that was fetched."""

    bill: Bill


@router.post("/bills/fetch")
def fetch(customer: Customer, at: At) -> BillReply:
    """Bill found, nothing due, or customer unknown."""
    discom, number = customer.account()
    with at.desk.store.transaction() as db:
        accounts.account(db, at, number, _month(at.now))
    return BillReply(bill=_bill(discom, number, at.now))


@router.post("/bills/pay", response_model=ReceiptReply)
def pay(customer: Customer, at: At) -> Json:
    """Pay the whole bill."""
    discom, number = customer.account()

    def act(db: sqlite3.Connection) -> ReceiptReply:
        accounts.account(db, at, number, _month(at.now))
        bill = _bill(discom, number, at.now)
        rows: list[tuple[str, Value]] = [
            ("service_number", number),
            ("holder", bill.customer_name),
            ("period", _month(at.now)),
        ]
        if discom:
            rows.insert(0, ("discom", discom))
        return accounts.pay(db, at, number, _month(at.now), bill.charges, rows)

    return at.once(customer, act)


def _bill(discom: str, number: str, now: datetime) -> Bill:
    source = invented.seeded("energy", number, _month(now))
    units = source.randrange(18, 480)
    reading = source.randrange(900, 9000)
    charges = _charges(units, source)
    return Bill(
        service_number=number,
        customer_name=invented.name(invented.seeded("customer", number)),
        amount=accounts.total(charges),
        due_date=now.date().replace(day=28),
        charges=charges,
        details=details(
            discom=discom,
            period=_month(now),
            category="LT-I(A) Domestic",
            previous_reading=reading,
            present_reading=reading + units,
            units=units,
        ),
    )


def _charges(units: int, source: Random) -> list[Charge]:
    charges = [
        Charge(code="ENERGY_CHARGES", amount=round(energy_charges(units))),
        Charge(code="FIXED_CHARGES", amount=10 * source.choice((1, 2, 3, 5))),
        Charge(code="CUSTOMER_CHARGES", amount=25 if units <= 50 else 45),
        Charge(code="ELECTRICITY_DUTY", amount=max(1, round(units * 0.06))),
        Charge(code="FUEL_ADJUSTMENT", amount=round(units * 0.4)),
    ]
    if source.random() < 0.2:
        charges.append(Charge(code="ARREARS", amount=source.randrange(100, 900, 5)))
    return charges


def energy_charges(units: int) -> float:
    """Rupees for a month's units, each slab at its own rate."""
    charge, below = 0.0, 0
    for upper, rate in _SLABS:
        charge += max(0, min(units, upper) - below) * rate
        below = upper
    return charge


def _month(now: datetime) -> str:
    return f"{now:%m-%Y}"


class Outage(Body):
    """A report that there is no supply."""

    address: Address = Address()
    discom: str | None = None
    service_number: str | None = None
    description: str | None = None
    mobile: str | None = None


@router.post("/complaints", response_model=ComplaintReply)
def complain(body: Outage, at: At) -> Json:
    """Report that there is no supply; to be restored within four hours."""

    def act(db: sqlite3.Connection) -> ComplaintReply:
        if not body.service_number:
            located(body.address)
        office = _office(body.discom, body.service_number or body.address.model_dump_json())
        return register(db, at, "EC", "power_outage_complaint", body.model_dump(), 4, office, _HELPLINE, "OUTAGE")

    return at.once(body, act)


class Danger(Body):
    """A fallen wire or another danger."""

    address: Address
    description: str | None = None
    mobile: str | None = None


@router.post("/emergencies", response_model=ComplaintReply)
def emergency(body: Danger, at: At) -> Json:
    """Report a danger; a crew is sent at once."""

    def act(db: sqlite3.Connection) -> ComplaintReply:
        located(body.address)
        office = _office(None, body.address.model_dump_json())
        return register(db, at, "EM", "fallen_wire_emergency", body.model_dump(), 1, office, _HELPLINE, "FALLEN_WIRE")

    return at.once(body, act)


@router.get("/complaints/{number}")
def complaint_status(number: str, at: At) -> CaseReply:
    """Where a complaint has reached."""
    with at.desk.store.transaction() as db:
        return case_reply(find_case(db, number, at.department), at)


def _office(discom: str | None, where: str) -> str:
    section = invented.seeded("section", where).choice(_SECTIONS)
    return f"{discom or ''} Section Office, {section}".strip()
