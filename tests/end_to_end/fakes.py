"""Rasa and its action server as a small real HTTP server: `python fakes.py PORT FOLDER`.

Everything it hears is a line of FOLDER/heard.jsonl. Words steer it: `slow` waits, `silent` says nothing, and while the
file FOLDER/down exists every request is answered with 503.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SLOW_SECONDS = 1.0
TOKEN = "for-tests-only"


class FakeRasa:
    """Remembers conversations in memory, as Rasa's tracker would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trackers: dict[str, list[dict[str, Any]]] = {}

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/webhooks/rest/webhook", self.webhook, methods=["POST"]),
                Route("/conversations/{id}/tracker", self.tracker),
                Route("/model/parse", self.parse, methods=["POST"]),
                Route("/status", self.fine),
                Route("/health", self.fine),
            ]
        )

    async def fine(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"}, 503 if self.down else 200)

    @property
    def down(self) -> bool:
        return (self.folder / "down").exists()

    async def webhook(self, request: Request) -> Response:
        if self.down:
            return JSONResponse({}, 503)
        asked = await request.json()
        with (self.folder / "heard.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asked) + "\n")
        said = self.said(asked["message"])
        events = self.trackers.setdefault(asked["sender"], [])
        events.append({"event": "user", "text": asked["message"], "metadata": asked["metadata"]})
        events.extend(_event(one) for one in said)
        if "slow" in asked["message"]:
            await asyncio.sleep(SLOW_SECONDS)
        return JSONResponse(said)

    def said(self, text: str) -> list[dict[str, Any]]:
        """What is said to a text; an echo unless a word asks for more."""
        if "silent" in text:
            return []
        about = {"language": "hi" if "hindi" in text else "en", "intent": "greet"}
        first: dict[str, Any] = {"text": f"heard: {text}"}
        if "buttons" in text:
            first["buttons"] = [{"title": "Yes", "payload": '/press{"button": "yes"}'}]
        if "paper" in text:
            about["document"] = {"url": "/revenue/papers/0123456789abcdefXY.pdf", "filename": "income.pdf"}
        if "list" in text:
            about["list"] = {"button": "Pick", "rows": [{"id": "a", "title": "A", "description": "first"}]}
        second = [{"text": "and a second one"}, {"custom": {"language": "en"}}] if "twice" in text else []
        return [first, {"custom": about}, *second]

    async def tracker(self, request: Request) -> Response:
        if request.query_params.get("token") != TOKEN:
            return JSONResponse({}, 401)
        return JSONResponse({"events": self.trackers.get(request.path_params["id"], [])})

    async def parse(self, request: Request) -> Response:
        if self.down:
            return JSONResponse({}, 503)
        text = (await request.json())["text"]
        return JSONResponse(
            {
                "text": text,
                "intent": {"name": "apply/income_certificate", "confidence": 0.9},
                "intent_ranking": [
                    {"name": "apply/income_certificate", "confidence": 0.9},
                    {"name": "greet", "confidence": 0.1},
                ],
                "entities": [{"entity": "number", "value": 1, "start": 0, "end": 1}] if text else [],
                "language": {"language": "en", "script": "Latn", "confidence": 1.0},
            }
        )


def _event(one: dict[str, Any]) -> dict[str, Any]:
    data = {"buttons": one.get("buttons"), "custom": one.get("custom")}
    return {"event": "bot", "text": one.get("text"), "data": data}


if __name__ == "__main__":
    uvicorn.run(FakeRasa(Path(sys.argv[2])).app(), port=int(sys.argv[1]), log_level="warning")
