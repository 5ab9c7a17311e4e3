"""A gateway in this process, talking to a small real Rasa and a small real Graph API."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import importlib.util
import json
import socket
import threading
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
import uvicorn

from channels.app import create_app
from channels.settings import Settings, WhatsApp
from channels.speech import Speech, Voice
from voice.audio import Audio
from voice.errors import Unheard, Unspoken

TESTS = Path(__file__).parent.parent


def stand_in(name: str) -> ModuleType:
    """A module of tests/end_to_end."""
    spec = importlib.util.spec_from_file_location(f"mitra_{name}", TESTS / "end_to_end" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def served(app: Any) -> Iterator[str]:
    """An ASGI application on a free port of this machine, in a thread."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


class Listener:
    """Hears what the bytes say; raises what it is told to."""

    ready = True

    async def listen(self, audio: bytes, *, prior: str | None = None) -> Any:
        words = audio.decode()
        if words.startswith("slow"):
            await asyncio.sleep(1.5)
        if words.startswith("unheard"):
            raise Unheard(words.split()[1])
        return Spoken(words, "en", 0.9, ("another",))

    def close(self) -> None:
        pass


@dataclass
class Spoken:
    text: str
    language: str
    confidence: float
    alternatives: tuple[str, ...]


class Speaker:
    async def speak(self, text: str, language: str, public: bool = False) -> Audio:
        if "mute" in text:
            raise Unspoken("down")
        return Audio(f"{language}:{text}".encode(), "audio/ogg")

    def close(self) -> None:
        pass


@dataclass
class World:
    """What a test can look at and turn."""

    folder: Path
    graph: Any
    rasa: Any
    settings: Settings

    def heard(self) -> list[dict[str, Any]]:
        path = self.folder / "heard.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def texts(self) -> list[str]:
        return [one["message"] for one in self.heard()]

    def sent(self) -> list[dict[str, Any]]:
        return list(self.graph.sent)

    @asynccontextmanager
    async def gateway(self) -> AsyncIterator[httpx.AsyncClient]:
        """The gateway up and running; several in a row share their storage."""
        app = create_app(self.settings, Speech(lambda: Voice(Listener(), Speaker())))
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=30) as client:
                client.app = app  # type: ignore[attr-defined]
                yield client


@dataclass
class Citizen:
    """One citizen of a gateway that several tests share."""

    world: World
    client: httpx.AsyncClient
    phone: str

    async def writes(self, recorded: bytes | None = None, **message: Any) -> httpx.Response:
        """Deliver a message of theirs, or a recorded one as if it were theirs."""
        body = (recorded or incoming(**message)).replace(b"919000000001", self.phone.encode())
        body = body.replace(b"IN.13491208655302741918", f"IN.{self.phone}x".encode())
        body = body.replace(b"wamid.", f"wamid.{self.phone}".encode())
        return await self.client.post("/webhooks/whatsapp", content=body, headers=signed(body))

    def sent(self) -> list[dict[str, Any]]:
        mine = {self.phone, f"IN.{self.phone}x"}
        return [one for one in self.world.sent() if one.get("to") in mine or one.get("recipient") in mine]

    def heard(self) -> list[dict[str, Any]]:
        return [one for one in self.world.heard() if one["metadata"].get("phone") == self.phone]

    def say(self, key: str, language: str = "te") -> str:
        return self.client.app.state.gateway.kit.sentences.say(key, language, limit=5000)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A fake Rasa and a stand-in for Meta, both over real HTTP, and settings that lead to them."""
    with built(tmp_path) as world:
        yield world


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[World, httpx.AsyncClient]]:
    """One running gateway for all tests of a module."""
    with built(tmp_path_factory.mktemp("world")) as world:
        async with world.gateway() as client:
            yield world, client


@pytest.fixture
def citizen(shared: tuple[World, httpx.AsyncClient], request: pytest.FixtureRequest) -> Citizen:
    """Somebody nobody has heard of before."""
    number = zlib.crc32(request.node.nodeid.encode())
    return Citizen(*shared, f"91{number:010d}")


@pytest.fixture
def neighbour(shared: tuple[World, httpx.AsyncClient], request: pytest.FixtureRequest) -> Citizen:
    """Somebody else."""
    number = zlib.crc32(b"neighbour" + request.node.nodeid.encode())
    return Citizen(*shared, f"91{number:010d}")


@contextmanager
def built(tmp_path: Path) -> Iterator[World]:
    rasa = stand_in("fakes").FakeRasa(tmp_path)
    graph = stand_in("graph").StandIn(tmp_path)
    with served(rasa.app()) as rasa_url, served(graph.app()) as graph_url:
        number = WhatsApp("verify-1", "app-secret-1", graph.token, graph.number, graph_url)
        var = tmp_path / "var"
        settings = Settings(
            var,
            database_url=f"sqlite:///{var / 'mitra.db'}",
            rasa_url=rasa_url,
            rasa_token="for-tests-only",
            actions_url=rasa_url,
            departments_url=rasa_url,
            whatsapp=number,
            queue_poll=0.02,
        )
        yield World(tmp_path, graph, rasa, settings)


@pytest.fixture
def webhook() -> Callable[[str], bytes]:
    """A recorded webhook body by its name."""
    return lambda name: (TESTS / "webhooks" / f"{name}.json").read_bytes()


def signed(body: bytes, secret: str = "app-secret-1") -> dict[str, str]:
    """The headers that Meta would send with this body."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}


@pytest.fixture
def deliver() -> Callable[..., Any]:
    """Deliver one message, or a recorded body, as Meta would."""

    async def deliver(client: httpx.AsyncClient, recorded: bytes | None = None, **message: Any) -> httpx.Response:
        content = recorded or incoming(**message)
        return await client.post("/webhooks/whatsapp", content=content, headers=signed(content))

    return deliver


def incoming(id: str = "in1", sender: str = "919000000001", type: str = "text", **content: Any) -> bytes:
    message = {"from": sender, "id": f"wamid.{id}", "timestamp": "1763880000", "type": type, type: content}
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1055"}, "messages": [message]}
    return json.dumps({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).encode()


@pytest.fixture
def eventually() -> Callable[..., Any]:
    """Wait until something is so; says what it still was when it never became so."""

    async def eventually(look: Callable[[], Any], wanted: Callable[[Any], bool], seconds: float = 10.0) -> Any:
        for _ in range(int(seconds / 0.02)):
            if wanted(found := look()):
                return found
            await asyncio.sleep(0.02)
        raise AssertionError(f"never came to be; at last it was {look()!r}")

    return eventually
