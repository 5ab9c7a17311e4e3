"""Accounts that owe money: a bill for any well-formed number, paid once in its period."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from actions.departments.sandbox import invented, papers
from actions.departments.sandbox.desk import Counter, Reply
from actions.departments.sandbox.papers import DocumentReply, Paper, Value
from actions.departments.sandbox.refusal import not_found, nothing_due


class Charge(Reply):
    """A line of a bill, rupees."""

    code: str
    amount: int


class Detail(Reply):
    """A labelled value; by language where the department has it so."""

    code: str
    value: str | dict[str, str]


class ReceiptReply(Reply):
    """Money was taken or given back, rupees."""

    receipt_no: str
    account: str
    amount: int
    paid_at: datetime
    document: DocumentReply | None = None


def account(db: sqlite3.Connection, at: Counter, number: str, period: str) -> None:
    """Refuse an account that is unknown (ends in 99) or owes nothing (ends in 0, or is paid for the period)."""
    if number.endswith("99"):
        raise not_found()
    paid = db.execute(
        "SELECT 1 FROM payments WHERE department = ? AND account = ? AND period = ?", (at.department, number, period)
    ).fetchone()
    if paid or number.endswith("0"):
        raise nothing_due()


def pay(
    db: sqlite3.Connection,
    at: Counter,
    number: str,
    period: str,
    charges: Sequence[Charge],
    rows: list[tuple[str, Value]],
) -> ReceiptReply:
    """Take the whole amount for the period and give a receipt."""
    amount, receipt, now = total(charges), invented.number("PR"), at.now
    row = (receipt, at.department, number, period, amount, now.isoformat())
    db.execute("INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?)", row)
    paper = Paper(
        kind="receipt",
        department=at.department,
        service="receipt",
        language=at.language,
        number=receipt,
        issued=now.isoformat(timespec="minutes"),
        rows=[*rows, ("amount_paid", amount)],
    )
    return ReceiptReply(
        receipt_no=receipt, account=number, amount=amount, paid_at=now, document=papers.keep(db, at, paper)
    )


def total(charges: Sequence[Charge]) -> int:
    """What the lines come to."""
    return sum(charge.amount for charge in charges)


def day(when: date | str) -> str:
    """A date as people here write it: 05-11-2025."""
    return (date.fromisoformat(when) if isinstance(when, str) else when).strftime("%d-%m-%Y")


def details(**values: Any) -> list[Detail]:
    """Labelled values by code; empty ones are left out."""
    return [
        Detail(code=name.upper(), value=value if isinstance(value, dict) else str(value))
        for name, value in values.items()
        if value not in (None, "")
    ]
