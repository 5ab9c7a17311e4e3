"""What a browser opens: the web page, spoken replies, papers of the departments, and their verification."""

from __future__ import annotations

from pathlib import Path

import httpx
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from .errors import Unsent
from .gateway import of
from .limits import refusal
from .web.headers import PAGE_HEADERS
from .web.texts import page_texts

router = APIRouter()
# A department's verification page carries its own style and nothing else.
PLAIN_PAGE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


class PageFiles(StaticFiles):
    """The page's scripts and styles, with the page's headers."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.update(PAGE_HEADERS)
        return response


def add_static(app: FastAPI, web: Path) -> None:
    app.mount("/static", PageFiles(directory=web / "static", check_dir=False), name="static")


@router.get("/")
async def page(request: Request) -> Response:
    """The chat."""
    return FileResponse(of(request).settings.web / "index.html", headers=PAGE_HEADERS)


@router.get("/api/page-texts")
async def texts(request: Request) -> JSONResponse:
    """What the page itself says, in three languages."""
    return JSONResponse(page_texts(of(request).settings.data / "talk" / "page.yml"))


@router.get("/audio/{name}.ogg")
async def audio(name: str, request: Request) -> Response:
    """A spoken reply, for a day."""
    path = of(request).kit.notes.spoken(name)
    if path is None:
        return refusal(404, "gone")
    return FileResponse(path, media_type="audio/ogg", headers={"Cache-Control": "private, max-age=86400"})


@router.get("/documents/{path:path}")
async def document(path: str, request: Request) -> Response:
    """A paper, from the department that made it."""
    try:
        file = await of(request).documents.fetch("/" + path)
    except Unsent as error:
        return refusal(503 if error.retry else 404, "department_down" if error.retry else "no_such_paper")
    headers = {"Content-Disposition": "inline", "Cache-Control": "private, no-store"}
    return Response(file.data, media_type=file.mime, headers=headers)


@router.get("/verify/{number}")
async def verify(number: str, request: Request) -> Response:
    """Whether a certificate is genuine: a page for people, JSON for programs."""
    try:
        said = await of(request).documents.verification(number, request.url.query, request.headers.get("Accept", ""))
    except httpx.HTTPError:
        return refusal(503, "department_down")
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": PLAIN_PAGE}
    return Response(said.content, said.status_code, headers, said.headers.get("Content-Type"))
