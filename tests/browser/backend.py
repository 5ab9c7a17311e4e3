"""A stand-in for the gateway: serves the page as the gateway does and answers out of `replies.yml`."""

from __future__ import annotations

import asyncio
import io
import json
import re
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
import yaml
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from channels.web.headers import PAGE_HEADERS
from channels.web.texts import page_texts

WEB = Path(__file__).parents[2] / "channels" / "web"
REPLIES = Path(__file__).with_name("replies.yml")


@dataclass
class Backend:
    """What reached the stand-in, and how it behaves: `fail` so many messages, answer after `delay` seconds."""

    url: str = ""
    received: list[dict[str, Any]] = field(default_factory=list)
    fail: int = 0
    status: int = 503
    delay: float = 0.0
    languages: dict[str, str] = field(default_factory=dict)

    def reset(self) -> None:
        """Forgets every message and every fault."""
        self.received.clear()
        self.languages.clear()
        self.fail, self.status, self.delay = 0, 503, 0.0

    def said(self) -> list[str]:
        """The texts and button ids that reached the stand-in, in order."""
        return [message.get("text") or message.get("button") or "audio" for message in self.received]


def language_of(text: str, before: str) -> str:
    """The script decides; what is neither is English, a button keeps the language."""
    if re.search("[\u0c00-\u0c7f]", text):
        return "te"
    if re.search("[\u0900-\u097f]", text):
        return "hi"
    return "en" if re.search("[a-z]", text.replace("button", "").replace("audio", ""), re.I) else before


def in_language(part: Any, language: str, text: str) -> Any:
    """Chooses one language of every sentence that is given in three."""
    if isinstance(part, dict) and set(part) == {"te", "hi", "en"}:
        return part[language].replace("{text}", text)
    if isinstance(part, dict):
        return {key: in_language(value, language, text) for key, value in part.items()}
    return [in_language(one, language, text) for one in part] if isinstance(part, list) else part


def answer(message: dict[str, Any], languages: dict[str, str]) -> dict[str, Any]:
    """The answer to one message, in the shape of the message API."""
    text = message.get("text", "")
    said = text or ("audio" if "audio" in message else f"button {message.get('button')}")
    said = f"location {message['location']}" if "location" in message else said
    rules = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))
    rule = next(rule for rule in rules if "else" in rule or any(word in said for word in rule["when"]))
    before = languages.get(message["sender"], "te")
    language = rule.get("language") or (language_of(text, before) if text else before)
    languages[message["sender"]] = language
    heard = in_language(rule.get("transcript"), language, "")
    return {
        "language": language,
        "transcript": heard and {"text": heard, "language": language, "confidence": 0.93},
        "intent": rule.get("intent"),
        "service": None,
        "replies": in_language(rule["replies"], language, text),
    }


def tone(seconds: float = 1.0) -> bytes:
    """A quiet WAV file, eight thousand samples a second."""
    with io.BytesIO() as file:
        with wave.open(file, "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(b"".join((800 * (i // 20 % 2)).to_bytes(2, "little") for i in range(int(8000 * seconds))))
        return file.getvalue()


async def read(request: Request) -> dict[str, Any]:
    """The message out of JSON or out of a multipart form; audio becomes its size and type."""
    if request.headers["content-type"].startswith("application/json"):
        return dict(json.loads(await request.body()))
    form = await request.form()
    message: dict[str, Any] = {name: value for name, value in form.items() if isinstance(value, str)}
    audio = form["audio"]
    return {**message, "audio": len(await audio.read()), "type": audio.content_type, "filename": audio.filename}  # type: ignore[union-attr]


def build(backend: Backend) -> FastAPI:
    """The stand-in's routes; they are the gateway's."""
    app = FastAPI()
    app.mount("/static", StaticFiles(directory=WEB / "static"))

    @app.middleware("http")
    async def with_headers(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers.update(PAGE_HEADERS)
        return response

    @app.get("/")
    def page() -> FileResponse:
        return FileResponse(WEB / "index.html")

    @app.get("/api/page-texts")
    def texts() -> dict[str, dict[str, str]]:
        return page_texts()

    @app.post("/api/messages")
    async def messages(request: Request) -> JSONResponse:
        message = await read(request)
        backend.received.append(message)
        await asyncio.sleep(backend.delay)
        if backend.fail > 0:
            backend.fail -= 1
            return JSONResponse({}, status_code=backend.status)
        return JSONResponse(answer(message, backend.languages))

    @app.get("/media/reply.wav")
    def media() -> Response:
        return Response(tone(), media_type="audio/wav")

    @app.get("/documents/{name}")
    def document(name: str) -> Response:
        return Response(
            b"%PDF-1.4\n%%EOF",
            media_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    return app


@contextmanager
def running() -> Iterator[Backend]:
    """The stand-in on a free port of the loopback, in a thread."""
    backend = Backend()
    server = uvicorn.Server(uvicorn.Config(build(backend), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    backend.url = f"http://127.0.0.1:{port}"
    yield backend
    server.should_exit = True
    thread.join(5)
