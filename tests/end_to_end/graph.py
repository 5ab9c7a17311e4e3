"""Meta's Graph API as a real HTTP server for tests: notes down in two steps, uploads, messages recorded.

`python graph.py PORT FOLDER` runs it alone; every message it takes is a line of FOLDER/sent.jsonl.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route


class StandIn:
    """What Meta keeps: `media` by id, `sent` and `indicators` in order; `failures` are error codes to give next."""

    def __init__(self, folder: Path, token: str = "graph-token-1", number: str = "1055") -> None:
        self.folder = folder
        self.token = token
        self.number = number
        self.media: dict[str, bytes] = {}
        self.failures: list[int] = []
        self.sent: list[dict[str, Any]] = []
        self.indicators: list[dict[str, Any]] = []
        self.agents: list[str] = []

    def app(self) -> Starlette:
        number = "/{version}/" + self.number
        return Starlette(
            routes=[
                Route(number + "/messages", self.messages, methods=["POST"]),
                Route(number + "/media", self.upload, methods=["POST"]),
                Route("/files/moved/{id}", self.moved),
                Route("/files/{id}", self.file),
                Route("/{version}/{id}", self.about),
            ]
        )

    def _denied(self, request: Request) -> Response | None:
        self.agents.append(request.headers.get("User-Agent", ""))
        if request.headers.get("Authorization") == f"Bearer {self.token}":
            return None
        return JSONResponse({"error": {"message": "Invalid OAuth access token", "code": 190}}, 401)

    async def about(self, request: Request) -> Response:
        """The first step: where the note lies, and its checksum."""
        id = request.path_params["id"]
        if denied := self._denied(request):
            return denied
        data = self.media.get(id) or self._on_disk(id)
        if data is None:
            return JSONResponse({"error": {"message": "Unsupported get request", "code": 100}}, 400)
        url = f"{request.url.scheme}://{request.url.netloc}/files/moved/{id}"
        about = {"url": url, "mime_type": "audio/ogg; codecs=opus", "sha256": hashlib.sha256(data).hexdigest()}
        return JSONResponse({**about, "file_size": len(data), "id": id, "messaging_product": "whatsapp"})

    def _on_disk(self, id: str) -> bytes | None:
        path = self.folder / f"{id}.media"
        return path.read_bytes() if path.exists() else None

    async def moved(self, request: Request) -> Response:
        return RedirectResponse(f"/files/{request.path_params['id']}")

    async def file(self, request: Request) -> Response:
        """The second step: the bytes, for the bearer of the token only."""
        if denied := self._denied(request):
            return denied
        id = request.path_params["id"]
        return Response(self.media.get(id) or self._on_disk(id) or b"", media_type="audio/ogg")

    async def upload(self, request: Request) -> Response:
        if denied := self._denied(request):
            return denied
        form = await request.form()
        id = f"up{len(self.media)}"
        self.media[id] = await form["file"].read()  # type: ignore[union-attr]
        return JSONResponse({"id": id})

    async def messages(self, request: Request) -> Response:
        if denied := self._denied(request):
            return denied
        body = await request.json()
        if body.get("status") == "read":
            self.indicators.append(body)
            return JSONResponse({"success": True})
        if self.failures:
            return JSONResponse({"error": {"message": "as told", "code": self.failures.pop(0)}}, 400)
        self.sent.append(body)
        with (self.folder / "sent.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(body) + "\n")
        return JSONResponse({"messaging_product": "whatsapp", "messages": [{"id": f"wamid.out{len(self.sent)}"}]})


if __name__ == "__main__":
    uvicorn.run(StandIn(Path(sys.argv[2])).app(), port=int(sys.argv[1]), log_level="warning")
