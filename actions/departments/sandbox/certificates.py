"""Certificates: issued once, signed, entered in the append-only log, and verified."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from actions.departments.sandbox import invented, merkle, papers, seal
from actions.departments.sandbox.desk import Counter, Reply
from actions.departments.sandbox.papers import DocumentReply, Paper, Value


class CertificateReply(Reply):
    """An issued certificate."""

    certificate_no: str
    issued_on: date
    document: DocumentReply


class ProofReply(Reply):
    """Where a certificate stands in the log, and the hashes that prove it; all hashes in hex."""

    leaf: str
    position: int
    size: int
    hashes: list[str]
    root: str


class VerificationReply(Reply):
    """Whether a certificate is genuine."""

    certificate_no: str
    genuine: bool
    service: str | None = None
    holder: str | None = None
    issued_on: date | None = None
    proof: ProofReply | None = None


class HeadReply(Reply):
    """The state of the log: how many entries, their root in hex, and our signature over both."""

    size: int
    root: str
    signature: str


@dataclass(frozen=True)
class Grant:
    """What is certified, of whom, on which application and day; `rows` are slots and their values."""

    case_number: str
    service: str
    language: str
    holder: str
    issued: date
    rows: list[tuple[str, Value]]


def issue(db: sqlite3.Connection, at: Counter, grant: Grant) -> CertificateReply:
    """The certificate of that application; the same one however often it is asked for."""
    query = "SELECT * FROM certificates WHERE case_number = ?"
    row = db.execute(query, (grant.case_number,)).fetchone()
    if row is None:
        _create(db, at, grant)
        row = db.execute(query, (grant.case_number,)).fetchone()
    return _reply(db, at, row)


def case_number(db: sqlite3.Connection, number: str) -> str:
    """The application that a certificate was issued on; any other number as it is."""
    row = db.execute("SELECT case_number FROM certificates WHERE number = ?", (number,)).fetchone()
    return str(row["case_number"]) if row else number


def _reply(db: sqlite3.Connection, at: Counter, row: sqlite3.Row) -> CertificateReply:
    document = papers.document(db, at.department, row["token"])
    return CertificateReply(certificate_no=row["number"], issued_on=row["issued"], document=document)


def _create(db: sqlite3.Connection, at: Counter, grant: Grant) -> None:
    number, issued = invented.number("C" + grant.case_number[:2]), grant.issued.isoformat()
    claims = _claims(number, grant.service, grant.holder, issued)
    signature = at.desk.seal.sign(claims)
    paper = Paper(
        kind=f"certificate_{grant.service}",
        department=at.department,
        service=grant.service,
        language=grant.language,
        number=number,
        issued=issued,
        rows=grant.rows,
        qr=seal.address(at.desk.settings.public_url, number, claims, signature),
        values=dict(grant.rows),
    )
    token = papers.keep(db, at, paper).url.rpartition("/")[2].removesuffix(".pdf")
    row = (number, grant.case_number, grant.service, grant.holder, issued, signature, token)
    db.execute("INSERT INTO certificates VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    position = db.execute("SELECT count(*) FROM log").fetchone()[0]
    db.execute("INSERT INTO log VALUES (?, ?, ?)", (position, number, merkle.leaf(seal.canonical(claims))))


def verify(db: sqlite3.Connection, number: str) -> VerificationReply:
    """What is known of a certificate, by its number or its application's."""
    number = number.strip().upper()
    row = db.execute("SELECT * FROM certificates WHERE number = ? OR case_number = ?", (number, number)).fetchone()
    if row is None:
        return VerificationReply(certificate_no=number, genuine=False)
    claims = _claims(row["number"], row["service"], row["holder"], row["issued"])
    proof = _proof(db, row["number"])
    return VerificationReply(
        certificate_no=row["number"],
        genuine=proof.leaf == merkle.leaf(seal.canonical(claims)).hex(),
        service=row["service"],
        holder=row["holder"],
        issued_on=row["issued"],
        proof=proof,
    )


def head(db: sqlite3.Connection, at_seal: seal.Seal) -> HeadReply:
    """The signed state of the log."""
    leaves = _leaves(db)
    root = merkle.root(leaves).hex()
    return HeadReply(size=len(leaves), root=root, signature=at_seal.sign({"size": str(len(leaves)), "root": root}))


def _proof(db: sqlite3.Connection, number: str) -> ProofReply:
    position = db.execute("SELECT position FROM log WHERE number = ?", (number,)).fetchone()[0]
    leaves = _leaves(db)
    return ProofReply(
        leaf=leaves[position].hex(),
        position=position,
        size=len(leaves),
        hashes=[found.hex() for found in merkle.inclusion(leaves, position)],
        root=merkle.root(leaves).hex(),
    )


def _leaves(db: sqlite3.Connection) -> list[bytes]:
    return [bytes(row["leaf"]) for row in db.execute("SELECT leaf FROM log ORDER BY position")]


def _claims(number: str, service: str, holder: str, issued: str) -> dict[str, str]:
    return {"n": number, "s": service, "h": holder, "i": issued}
