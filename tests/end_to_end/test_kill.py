"""The gateway is killed in the middle of turns; after a restart nothing is lost, repeated or out of order."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SECRET = "app-secret-1"


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def until(look: Callable[[], Any], wanted: Callable[[Any], bool], seconds: float = 30.0) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if wanted(found := look()):
            return found
        time.sleep(0.02)
    raise AssertionError(f"never came to be; at last it was {look()!r}")


@dataclass
class Town:
    """Rasa, Meta and the gateway as processes."""

    folder: Path
    rasa: int = field(default_factory=free_port)
    graph: int = field(default_factory=free_port)
    gateway: int = field(default_factory=free_port)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=self.environment())
        self.running.append(process)
        return process

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "MITRA_VAR": str(self.folder / "var"),
            "DATABASE_URL": "",
            "RASA_URL": f"http://127.0.0.1:{self.rasa}",
            "ACTIONS_URL": f"http://127.0.0.1:{self.rasa}",
            "RASA_TOKEN": "for-tests-only",
            "WHATSAPP_APP_SECRET": SECRET,
            "WHATSAPP_VERIFY_TOKEN": "verify-1",
            "WHATSAPP_ACCESS_TOKEN": "graph-token-1",
            "WHATSAPP_PHONE_NUMBER_ID": "1055",
            "WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{self.graph}",
            "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)]),
        }

    def start_gateway(self) -> subprocess.Popen[bytes]:
        options = ["--factory", "--port", str(self.gateway), "--log-level", "error"]
        process = self.start("-m", "uvicorn", "serve_gateway:create_app", *options)
        until(self.alive, bool)
        return process

    def alive(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.gateway}/healthz").status_code == 200
        except httpx.HTTPError:
            return False

    def deliver(self, id: str, text: str, sender: str = "919000000001") -> int:
        message = {"from": sender, "id": f"wamid.{id}", "timestamp": "1", "type": "text", "text": {"body": text}}
        value = {"metadata": {"phone_number_id": "1055"}, "messages": [message]}
        body = json.dumps({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).encode()
        headers = {"X-Hub-Signature-256": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}
        url = f"http://127.0.0.1:{self.gateway}/webhooks/whatsapp"
        return httpx.post(url, content=body, headers=headers).status_code

    def lines(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / name
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def heard(self) -> list[str]:
        return [one["message"] for one in self.lines("heard.jsonl")]

    def said_to(self, sender: str = "919000000001") -> list[str]:
        return [one["text"]["body"] for one in self.lines("sent.jsonl") if one["to"] == sender]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    town.start(str(HERE / "fakes.py"), str(town.rasa), str(tmp_path))
    town.start(str(HERE / "graph.py"), str(town.graph), str(tmp_path))
    yield town
    for process in town.running:
        process.kill()
        process.wait()


def test_a_kill_in_the_middle_of_a_turn_loses_repeats_and_reorders_nothing(town: Town) -> None:
    gateway = town.start_gateway()
    assert town.deliver("a", "slow one") == 200
    assert town.deliver("b", "after it") == 200
    assert town.deliver("c", "slow too", sender="919000000002") == 200
    until(town.heard, lambda heard: {"slow one", "slow too"} <= set(heard))
    gateway.send_signal(signal.SIGKILL)
    gateway.wait()
    time.sleep(1.1)  # Rasa finishes what it had begun; its answer reaches nobody

    town.start_gateway()
    assert town.deliver("a", "slow one") == 200  # Meta delivers again what it thinks was not taken
    until(town.said_to, lambda said: len(said) == 2)
    until(lambda: town.said_to("919000000002"), lambda said: len(said) == 1)
    time.sleep(0.5)
    assert town.said_to() == ["heard: slow one", "heard: after it"]
    assert town.said_to("919000000002") == ["heard: slow too"]
    assert sorted(town.heard()) == ["after it", "slow one", "slow too"]


def test_what_was_acknowledged_before_a_kill_is_answered_after_it(town: Town) -> None:
    (town.folder / "down").touch()
    gateway = town.start_gateway()
    said = [f"message {number}" for number in range(8)]
    for number, text in enumerate(said):
        assert town.deliver(str(number), text) == 200
    gateway.send_signal(signal.SIGKILL)
    gateway.wait()
    (town.folder / "down").unlink()
    town.start_gateway()
    answered = until(town.said_to, lambda said: sum("heard" in one for one in said) == 8)
    assert [one for one in answered if "heard" in one] == [f"heard: {text}" for text in said]
    assert town.heard() == said
