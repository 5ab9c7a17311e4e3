"""The sandbox as one server: a folder and an OpenAPI contract for each department, faults on demand, verification."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError

from actions.departments.sandbox import papers, verification
from actions.departments.sandbox.desk import At, Desk, india_now
from actions.departments.sandbox.desks import (
    anna_canteens,
    apsrtc,
    cmrf,
    endowments,
    energy,
    generic,
    municipal,
    revenue,
)
from actions.departments.sandbox.drawing import draw
from actions.departments.sandbox.faults import Fault, Faults
from actions.departments.sandbox.refusal import RESPONSES, Refusal, answer_invalid, answer_refusal
from actions.departments.sandbox.seal import Seal
from actions.departments.sandbox.settings import Settings
from actions.departments.sandbox.store import Store
from actions.departments.sandbox.texts import Texts

_DESKS = {
    "revenue": revenue,
    "municipal": municipal,
    "energy": energy,
    "apsrtc": apsrtc,
    "endowments": endowments,
    "anna_canteens": anna_canteens,
    "cmrf": cmrf,
    "generic": generic,
}
DEPARTMENTS = tuple(_DESKS)


def create_app(settings: Settings | None = None, now: Callable[[], datetime] = india_now) -> FastAPI:
    """The whole server, with its state under the settings' folder."""
    settings = settings or Settings.from_environment(os.environ)
    store = Store(settings.var / "departments.db")
    desk = Desk(settings, store, now, Seal(settings.var / "departments.key"), Texts())
    app = FastAPI(title="Department sandbox", version="1.0.0")
    app.state.desk = desk
    app.state.faults = Faults(settings.slow_seconds)
    app.add_middleware(app.state.faults.middleware)
    app.include_router(verification.router)
    app.add_exception_handler(Refusal, answer_refusal)
    _add_service_routes(app)
    for name, module in _DESKS.items():
        app.mount(f"/{name}", _department(name, module.router, module.__doc__ or "", desk))
    return app


def _department(name: str, router: APIRouter, description: str, desk: Desk) -> FastAPI:
    """One department's own application."""
    app = FastAPI(
        title=f"Department of {name} (sandbox)", version="1.0.0", description=description, responses=RESPONSES
    )
    app.state.desk, app.state.department = desk, name
    app.add_exception_handler(Refusal, answer_refusal)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.include_router(router)
    app.add_api_route(
        "/papers/{token}.pdf", _paper, response_class=Response, responses={200: {"content": {"application/pdf": {}}}}
    )
    return app


def _paper(token: str, at: At) -> Response:
    """A paper as PDF."""
    with at.desk.store.transaction() as db:
        filename, paper = papers.find(db, token)
    headers = {"Content-Disposition": f'inline; filename="{filename}"', "Cache-Control": "private, no-store"}
    return Response(draw(paper, at.desk.texts), media_type="application/pdf", headers=headers)


def _add_service_routes(app: FastAPI) -> None:
    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """The server lives."""
        return {"status": "ok"}

    @app.post("/_faults")
    def faults(fault: Fault, request: Request) -> dict[str, str]:
        """Make a department fail, or stop it failing."""
        request.app.state.faults.set(fault, DEPARTMENTS)
        return dict(request.app.state.faults.modes)
