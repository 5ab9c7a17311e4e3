"""Verification for anyone who holds a certificate: a page for people, JSON for programs, and the log's signed head."""

from __future__ import annotations

from html import escape
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from actions.departments.sandbox import certificates, seal
from actions.departments.sandbox.certificates import HeadReply, VerificationReply
from actions.departments.sandbox.desk import Desk
from actions.departments.sandbox.texts import LANGUAGES

router = APIRouter()


@router.get("/verify/public-key")
def public_key(request: Request) -> PlainTextResponse:
    """The key that checks a QR code without a network."""
    return PlainTextResponse(_desk(request).seal.public_pem())


@router.get("/verify/{number}", response_model=VerificationReply)
def verify(
    number: str,
    request: Request,
    c: Annotated[str, Query(description="what the certificate claims, from its QR code")] = "",
    s: Annotated[str, Query(description="the signature, from its QR code")] = "",
    accept: Annotated[str, Header()] = "",
) -> Response:
    """Whether the certificate is genuine; with `c` and `s`, whether the QR code is too."""
    desk = _desk(request)
    with desk.store.transaction() as db:
        found = certificates.verify(db, number)
    if (c or s) and not _holds(desk, c, s, found):
        found = VerificationReply(certificate_no=found.certificate_no, genuine=False)
    if "text/html" in accept:
        return HTMLResponse(_page(desk, found), headers={"Cache-Control": "no-store"})
    return JSONResponse(found.model_dump(mode="json", by_alias=True, exclude_none=True))


@router.get("/log")
def log(request: Request) -> HeadReply:
    """How many certificates were issued, the root over all of them, and our signature."""
    desk = _desk(request)
    with desk.store.transaction() as db:
        return certificates.head(db, desk.seal)


def _holds(desk: Desk, claims: str, signature: str, found: VerificationReply) -> bool:
    checked = seal.check(f"?c={claims}&s={signature}", desk.seal.public)
    return checked is not None and checked.get("n") == found.certificate_no


def _page(desk: Desk, found: VerificationReply) -> str:
    """A page of a few lines in three languages."""
    verdict = "genuine" if found.genuine else "not_genuine"
    lines = [
        f"<h1 lang={language}>{escape(desk.texts.say(f'verify_{verdict}', language))}</h1>" for language in LANGUAGES
    ]
    lines.append(f"<p><b>{escape(found.certificate_no)}</b></p>")
    if found.genuine:
        names = " / ".join(desk.texts.service(found.service or "", language) for language in LANGUAGES)
        lines.append(f"<p>{escape(names)}</p><p>{escape(found.holder or '')}</p><p>{found.issued_on:%d-%m-%Y}</p>")
    colour = "#0a6b3d" if found.genuine else "#a61b1b"
    style = f"body{{font-family:system-ui,sans-serif;margin:2rem;color:#222}}h1{{color:{colour};font-size:1.3rem}}"
    meta = "<meta charset=utf-8><meta name=viewport content='width=device-width'>"
    head = f"{meta}<title>Mitra</title><style>{style}</style>"
    return f"<!doctype html><html>{head}<body>{''.join(lines)}</body></html>"


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk
