"""What a department answers: one frozen dataclass per kind of answer, no department's JSON in it.

Names that a citizen reads (`Status.step`, `Line.code`, `Fact.label`, `Complaint.advice`) are keys of sentences in
`nlu_data/talk/departments.yml`; proper names and free text of a department come as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Request:
    """One call of a department: checked values by slot name, and a key that makes a submission happen once."""

    service: str
    values: Mapping[str, object]
    language: str
    key: str


@dataclass(frozen=True)
class Document:
    """A file the citizen can open; `url` may be relative to the department's address."""

    url: str
    filename: str


@dataclass(frozen=True)
class Application:
    """An application was taken."""

    number: str
    due: date
    fee: Decimal = Decimal(0)


@dataclass(frozen=True)
class Status:
    """Where an application, complaint or claim has reached: `step` is the current one of `steps`, in order."""

    number: str
    service: str
    step: str
    steps: tuple[str, ...]
    updated: datetime
    due: datetime | None = None
    document: Document | None = None


@dataclass(frozen=True)
class Line:
    """A line of a bill or fare, rupees."""

    code: str
    amount: Decimal


@dataclass(frozen=True)
class Bill:
    """What is owed, or what a booking would cost, rupees; `facts` are shown above the lines."""

    account: str
    total: Decimal
    lines: tuple[Line, ...] = ()
    holder: str = ""
    due: date | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """Money was taken, or given back when `refund` is true, rupees."""

    number: str
    amount: Decimal
    paid_at: datetime
    account: str = ""
    refund: bool = False
    document: Document | None = None


@dataclass(frozen=True)
class Booking:
    """A ticket, a darshan or a room is held in the citizen's name."""

    number: str
    amount: Decimal
    facts: tuple[Fact, ...] = ()
    document: Document | None = None


@dataclass(frozen=True)
class Complaint:
    """A complaint or emergency was registered and has a deadline; call `helpline` at once, `office` answers for it."""

    number: str
    deadline: datetime
    helpline: str = ""
    advice: str = ""
    office: str = ""


@dataclass(frozen=True)
class Certificate:
    """An issued certificate to download."""

    number: str
    document: Document
    issued: date


@dataclass(frozen=True)
class Verification:
    """Whether a certificate is genuine, and the little that may be shown of it."""

    number: str
    genuine: bool
    service: str = ""
    holder: str = ""
    issued: date | None = None


@dataclass(frozen=True)
class Fact:
    """A labelled value; `label` is the key of a sentence."""

    label: str
    value: str


@dataclass(frozen=True)
class Option:
    """A row to choose from; `title` and `description` by language, or one text for all under ""."""

    id: str
    title: Mapping[str, str]
    description: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Information:
    """Rows to read, nothing to submit."""

    rows: tuple[tuple[Fact, ...], ...]


Result = Application | Status | Bill | Receipt | Booking | Complaint | Certificate | Verification | Information
