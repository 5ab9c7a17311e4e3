"""Mitra as `make run` starts it, on free ports and a fresh folder, with a stand-in for Meta's Graph API."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from actions.catalog import Catalog
from tests.end_to_end.graph import StandIn

ROOT = Path(__file__).resolve().parents[2]
SECRET, VERIFY = "an app secret of this test only", "a verify token of this test only"
READY_SECONDS = 150
QUIET_SECONDS = 0.6


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@dataclass
class Stack:
    """The running processes: the gateway's address, what the stand-in for Meta holds."""

    url: str
    departments: str
    graph: StandIn
    process: subprocess.Popen[bytes]
    folder: Path


@contextmanager
def running(folder: Path) -> Iterator[Stack]:
    graph = StandIn(folder)
    graph_port = free_port()
    server = uvicorn.Server(uvicorn.Config(graph.app(), port=graph_port, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    ports = {name: str(free_port()) for name in ("MITRA_PORT", "RASA_PORT", "ACTIONS_PORT", "DEPARTMENTS_PORT")}
    environment = {
        **{
            k: v for k, v in os.environ.items() if k not in {"RASA_URL", "ACTIONS_URL", "DEPARTMENTS_URL", "RASA_TOKEN"}
        },
        **ports,
        "MITRA_VAR": str(folder / "var"),
        "MITRA_TTS": "espeak",
        "SANDBOX_STEP_SECONDS": "0.5",
        "WHATSAPP_APP_SECRET": SECRET,
        "WHATSAPP_VERIFY_TOKEN": VERIFY,
        "WHATSAPP_ACCESS_TOKEN": graph.token,
        "WHATSAPP_PHONE_NUMBER_ID": graph.number,
        "WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{graph_port}",
    }
    log = (folder / "run.log").open("wb")
    process = subprocess.Popen(
        [ROOT / "deploy" / "run"], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    url = f"http://127.0.0.1:{ports['MITRA_PORT']}"
    try:
        _wait_until_ready(url, process, folder / "run.log")
        yield Stack(url, f"http://127.0.0.1:{ports['DEPARTMENTS_PORT']}", graph, process, folder)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        server.should_exit = True


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/readyz", timeout=3).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise RuntimeError(f"Mitra did not get ready:\n{log.read_text(errors='replace')[-3000:]}")


@dataclass
class Phone:
    """A citizen's WhatsApp: sends signed webhooks, reads what Meta was asked to deliver."""

    stack: Stack
    catalog: Catalog
    number: str
    language: str
    count: int = 0
    read: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)

    def writes(self, body: str) -> str:
        return self._send({"type": "text", "text": {"body": body}})

    def presses(self, id: str) -> str:
        return self._send(
            {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": id, "title": "x"}}}
        )

    def speaks(self, note: bytes) -> str:
        """Sends a voice note and waits for the spoken replies too: they come after all texts."""
        id = f"note{self.number}{self.count}"
        self.stack.graph.media[id] = note
        digest = hashlib.sha256(note).hexdigest()
        audio = {"id": id, "mime_type": "audio/ogg; codecs=opus", "sha256": digest, "voice": True}
        self._send({"type": "audio", "audio": audio})
        until = time.monotonic() + 30
        while not self.notes and time.monotonic() < until:
            before = self.messages
            self.wait(5)
            self.messages = before + self.messages
        return self.said

    def _send(self, content: dict[str, Any]) -> str:
        self.count += 1
        message = {
            "from": self.number,
            "id": f"wamid.{self.number}.{self.count}",
            "timestamp": str(int(time.time())),
            **content,
        }
        answer = post_webhook(self.stack, envelope(self.number, message))
        assert answer.status_code == 200, answer.text
        return self.wait()

    def wait(self, seconds: float = 60) -> str:
        """The texts of the replies: the first within `seconds`, and what follows it without a pause."""
        until = time.monotonic() + seconds
        found: list[dict[str, Any]] = []
        quiet = time.monotonic()
        while time.monotonic() < until:
            mine = [m for m in list(self.stack.graph.sent) if m.get("to") == self.number]
            if len(mine) > self.read + len(found):
                found, quiet = mine[self.read :], time.monotonic()
            if found and time.monotonic() - quiet > QUIET_SECONDS:
                break
            time.sleep(0.05)
        self.read += len(found)
        self.messages = found
        return self.said

    @property
    def said(self) -> str:
        """The texts of the last replies."""
        return "\n".join(text for m in self.messages if (text := text_of(m)))

    @property
    def asked(self) -> str:
        """The slot that the last replies ask for, or empty."""
        asking = [s.id for s in self.catalog.slots.values() if s.ask[self.language] in self.said]
        return max(asking, key=lambda s: self.said.rfind(self.catalog.slots[s].ask[self.language]), default="")

    @property
    def buttons(self) -> list[str]:
        return [id for message in self.messages for id in choices_of(message)]

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [m["document"] for m in self.messages if m["type"] == "document"]

    @property
    def notes(self) -> list[bytes]:
        return [self.stack.graph.media[m["audio"]["id"]] for m in self.messages if m["type"] == "audio"]


def envelope(number: str, *messages: dict[str, Any]) -> dict[str, Any]:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "1055"},
        "contacts": [{"profile": {"name": "A citizen"}, "wa_id": number}],
        "messages": list(messages),
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }


def post_webhook(stack: Stack, body: dict[str, Any] | bytes, secret: str = SECRET) -> httpx.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
    return httpx.post(f"{stack.url}/webhooks/whatsapp", content=raw, headers=headers, timeout=30)


def text_of(message: dict[str, Any]) -> str:
    kind = message["type"]
    if kind == "text":
        return str(message["text"]["body"])
    if kind == "interactive":
        return str(message["interactive"]["body"]["text"])
    return str(message.get("document", {}).get("caption") or "")


def choices_of(message: dict[str, Any]) -> list[str]:
    action = message.get("interactive", {}).get("action", {})
    rows = [row["id"] for section in action.get("sections", []) for row in section["rows"]]
    return [button["reply"]["id"] for button in action.get("buttons", [])] + rows
