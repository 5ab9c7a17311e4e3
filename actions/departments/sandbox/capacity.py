"""Seats, slots and rooms that run out: each is a resource with a capacity, and a booking holds units of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.departments.sandbox import invented
from actions.departments.sandbox.accounts import Detail
from actions.departments.sandbox.desk import Counter, Reply
from actions.departments.sandbox.papers import DocumentReply
from actions.departments.sandbox.refusal import not_found, sold_out


class BookingReply(Reply):
    """A booking in the citizen's name."""

    booking_no: str
    amount: int
    details: list[Detail]
    document: DocumentReply


def left(db: sqlite3.Connection, resource: str, capacity: int) -> int:
    """How many units of the resource nobody holds."""
    held = db.execute("SELECT coalesce(sum(units), 0) FROM holds WHERE resource = ?", (resource,)).fetchone()[0]
    return max(0, capacity - int(held))


def hold(
    db: sqlite3.Connection,
    at: Counter,
    prefix: str,
    wanted: Mapping[str, int],
    units: int,
    amount: int,
    body: Mapping[str, Any],
) -> str:
    """Hold `units` of every resource in `wanted` (resource: capacity), or of none of them."""
    if any(left(db, resource, capacity) < units for resource, capacity in wanted.items()):
        raise sold_out()
    number = invented.number(prefix)
    row = (number, at.department, amount, json.dumps(body, ensure_ascii=False), at.now.isoformat())
    db.execute("INSERT INTO bookings VALUES (?, ?, ?, ?, ?, NULL)", row)
    db.executemany("INSERT INTO holds VALUES (?, ?, ?)", [(resource, number, units) for resource in wanted])
    return number


def find(db: sqlite3.Connection, at: Counter, number: str) -> tuple[int, dict[str, Any], bool]:
    """The amount, the details and whether it was cancelled, of that booking of the department."""
    query = "SELECT * FROM bookings WHERE number = ? AND department = ?"
    row = db.execute(query, (number.strip().upper(), at.department)).fetchone()
    if row is None:
        raise not_found()
    return row["amount"], json.loads(row["body"]), row["cancelled_at"] is not None


def release(db: sqlite3.Connection, number: str, now: datetime) -> None:
    """Give the units of a booking back."""
    db.execute("UPDATE bookings SET cancelled_at = ? WHERE number = ?", (now.isoformat(), number))
    db.execute("DELETE FROM holds WHERE number = ?", (number,))
