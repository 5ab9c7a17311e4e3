"""How the sandbox says no: a status, a code, and what fills the sentence of that code."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel


class Refusal(Exception):
    """An answer of 4xx; nothing of the call is kept."""

    def __init__(self, status: int, code: str, **details: object) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.details = details


class Error(BaseModel):
    """What went wrong, and the values that fill its sentence."""

    code: str
    details: dict[str, Any]


class ErrorReply(BaseModel):
    """Every answer of 4xx."""

    error: Error


RESPONSES: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorReply, "description": "There is no such number."},
    409: {"model": ErrorReply, "description": "Nothing is due, nothing is left, or it is too late."},
    422: {"model": ErrorReply, "description": "A value is missing or not acceptable."},
    503: {"model": ErrorReply, "description": "The department is down; ask again with the same Idempotency-Key."},
}


def not_found() -> Refusal:
    """No such number."""
    return Refusal(404, "not_found")


def nothing_due() -> Refusal:
    """The account owes nothing."""
    return Refusal(409, "nothing_due")


def sold_out() -> Refusal:
    """No place is left."""
    return Refusal(409, "sold_out")


async def answer_refusal(_: Request, refusal: Exception) -> JSONResponse:
    """A refusal as JSON."""
    assert isinstance(refusal, Refusal)
    return JSONResponse({"error": {"code": refusal.code, "details": refusal.details}}, refusal.status)


async def answer_invalid(_: Request, error: Exception) -> JSONResponse:
    """A body that breaks the contract, naming the first field at fault and never its value."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    code = "denied_missing" if first["type"] == "missing" else "denied_value"
    field = str(first["loc"][-1])
    return JSONResponse({"error": {"code": code, "details": {"field": field}}}, 422)
