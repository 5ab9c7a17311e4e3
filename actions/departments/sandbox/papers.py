"""Papers a citizen can open: kept as what they say, drawn when asked for, at an address that cannot be guessed."""

from __future__ import annotations

import json
import secrets
import sqlite3
from dataclasses import asdict, dataclass, field
from typing import Any

from actions.departments.sandbox.desk import Counter, Reply
from actions.departments.sandbox.refusal import not_found

Value = str | int | dict[str, str]


@dataclass(frozen=True)
class Paper:
    """What stands on a paper: `kind` names its sentences in certificates.yml, `rows` are slots and their values."""

    kind: str
    department: str
    service: str
    language: str
    number: str
    issued: str
    rows: list[tuple[str, Value]]
    qr: str = ""
    values: dict[str, Any] = field(default_factory=dict)


class DocumentReply(Reply):
    """A file to open; the address is relative to the server."""

    url: str
    filename: str


def keep(db: sqlite3.Connection, at: Counter, paper: Paper) -> DocumentReply:
    """Keep a paper and give it an address."""
    token = secrets.token_urlsafe(16)
    filename = f"{paper.service}_{paper.number}.pdf"
    db.execute("INSERT INTO papers VALUES (?, ?, ?)", (token, filename, json.dumps(asdict(paper), ensure_ascii=False)))
    return document(db, at.department, token)


def document(db: sqlite3.Connection, department: str, token: str) -> DocumentReply:
    """The address of a paper that was kept."""
    row = db.execute("SELECT filename FROM papers WHERE token = ?", (token,)).fetchone()
    return DocumentReply(url=f"/{department}/papers/{token}.pdf", filename=row["filename"])


def find(db: sqlite3.Connection, token: str) -> tuple[str, Paper]:
    """The filename and the paper of that address."""
    row = db.execute("SELECT * FROM papers WHERE token = ?", (token,)).fetchone()
    if row is None:
        raise not_found()
    return row["filename"], Paper(**json.loads(row["paper"]))
