"""Applications, complaints and claims: filed once, then moving through their stages with time."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from actions.departments.sandbox import invented
from actions.departments.sandbox.desk import Counter, Reply, masked
from actions.departments.sandbox.refusal import not_found

STAGES = {
    "certificate": ("SUBMITTED", "VERIFIED", "APPROVED"),
    "connection": ("SUBMITTED", "INSPECTED", "SANCTIONED", "CONNECTED"),
    "complaint": ("REGISTERED", "ASSIGNED", "RESOLVED"),
    "relief": ("SUBMITTED", "SCRUTINISED", "SANCTIONED", "CREDITED"),
    "service": ("SUBMITTED", "VERIFIED", "APPROVED"),
}


@dataclass(frozen=True)
class Case:
    """One application, complaint or claim."""

    number: str
    department: str
    service: str
    kind: str
    language: str
    body: dict[str, Any]
    filed_at: datetime

    @property
    def stages(self) -> tuple[str, ...]:
        """Its stages, in order; the last one is `REJECTED` for an applicant of that name."""
        stages = STAGES[self.kind]
        return (*stages[:-1], "REJECTED") if self.body.get("applicant_name") == "Rejected" else stages

    def reached(self, now: datetime, step_seconds: float) -> int:
        """The index of the stage it is in."""
        last = len(self.stages) - 1
        if step_seconds <= 0:
            return last
        return min(last, int((now - self.filed_at).total_seconds() / step_seconds))


class CaseReply(Reply):
    """Where a case has reached."""

    number: str
    service: str
    status: str
    stages: list[str]
    updated_at: datetime
    due_at: datetime


class ApplicationReply(Reply):
    """An application was taken."""

    application_no: str
    due_date: date
    fee: int


def file_case(
    db: sqlite3.Connection, at: Counter, prefix: str, service: str, kind: str, body: dict[str, Any], due_at: datetime
) -> str:
    """Keep a new case and give it a number."""
    number = invented.number(prefix)
    kept = json.dumps(masked(body) | {"due_at": due_at.isoformat()}, ensure_ascii=False)
    row = (number, at.department, service, kind, at.language, kept, at.now.isoformat())
    db.execute("INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return number


def find_case(db: sqlite3.Connection, number: str, department: str | None = None) -> Case:
    """The case of that number, of that department where one is given."""
    row = db.execute("SELECT * FROM cases WHERE number = ?", (number.strip().upper(),)).fetchone()
    if row is None or department not in (None, row["department"]):
        raise not_found()
    return Case(**dict(row) | {"body": json.loads(row["body"]), "filed_at": datetime.fromisoformat(row["filed_at"])})


def case_reply(case: Case, at: Counter) -> CaseReply:
    """Where the case has reached now."""
    seconds = at.desk.settings.step_seconds
    reached = case.reached(at.now, seconds)
    return CaseReply(
        number=case.number,
        service=case.service,
        status=case.stages[reached],
        stages=list(case.stages),
        updated_at=case.filed_at + timedelta(seconds=reached * max(seconds, 0)),
        due_at=datetime.fromisoformat(case.body["due_at"]),
    )


def approved(case: Case, at: Counter) -> bool:
    """Whether the case has come to a good end."""
    return case_reply(case, at).status == STAGES[case.kind][-1]
