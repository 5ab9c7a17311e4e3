"""Departments that fail on demand, so that what citizens are told then can be tried."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Literal

from pydantic import BaseModel
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from actions.departments.sandbox.refusal import not_found


class Fault(BaseModel):
    """How a department is to fail; `all` names every department."""

    department: str
    mode: Literal["down", "slow", "error", "none"]


class Faults:
    """The faults in force."""

    def __init__(self, slow_seconds: float) -> None:
        self.modes: dict[str, str] = {}
        self._slow_seconds = slow_seconds

    def set(self, fault: Fault, departments: Iterable[str]) -> None:
        """Put a fault in force, or lift it."""
        known = list(departments)
        if fault.department not in (*known, "all"):
            raise not_found()
        for name in known if fault.department == "all" else [fault.department]:
            self.modes.pop(name, None)
            if fault.mode != "none":
                self.modes[name] = fault.mode

    @property
    def middleware(self) -> Callable[[ASGIApp], ASGIApp]:
        """The layer that fails in a department's place."""
        return lambda app: _Failing(app, self)

    async def answer(self, department: str) -> ASGIApp | None:
        """What answers instead of the department; None when the department answers for itself."""
        mode = self.modes.get(department)
        if mode == "slow":
            await asyncio.sleep(self._slow_seconds)
        if mode == "down":
            return JSONResponse({"error": {"code": "unavailable", "details": {}}}, 503)
        return PlainTextResponse("Internal error", 500) if mode == "error" else None


class _Failing:
    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        department = scope.get("path", "").strip("/").partition("/")[0]
        instead = await self._faults.answer(department) if scope["type"] == "http" else None
        await (instead or self._app)(scope, receive, send)
