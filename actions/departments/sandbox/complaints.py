"""Complaints and emergencies: where, by when, and who answers for them."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from actions.departments.sandbox.cases import file_case
from actions.departments.sandbox.desk import Body, Counter, Json, Reply
from actions.departments.sandbox.refusal import Refusal


class Location(BaseModel):
    """A point on the map."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class Address(Body):
    """Where something is: named places, a point, or both."""

    town: str | None = None
    locality: str | None = None
    landmark: str | None = None
    geo_location: Location | None = None


class ComplaintReply(Reply):
    """A complaint was registered."""

    complaint_no: str
    deadline: datetime
    office: str
    helpline: str
    advice: str


def register(
    db: sqlite3.Connection,
    at: Counter,
    prefix: str,
    service: str,
    body: Json,
    hours: float,
    office: str,
    helpline: str = "",
    advice: str = "",
) -> ComplaintReply:
    """Keep a complaint that must be settled within `hours`."""
    deadline = at.now + timedelta(hours=hours)
    number = file_case(db, at, prefix, service, "complaint", body, deadline)
    return ComplaintReply(complaint_no=number, deadline=deadline, office=office, helpline=helpline, advice=advice)


def located(address: Address) -> None:
    """Refuse a report that says nothing of where."""
    if not (address.town or address.locality or address.landmark or address.geo_location):
        raise Refusal(422, "denied_missing", field="locality")
