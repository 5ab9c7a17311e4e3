"""The gateway: `uvicorn channels.app:create_app --factory`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from . import api, hooks, pages
from .conversations import Conversations
from .documents import Documents
from .gateway import Gateway, of
from .graph import Graph
from .limits import Guard, Pace, refusal
from .message import Answer, Message
from .metrics import Metrics
from .notes import Notes
from .outlet import WhatsAppOutlet
from .rasa import Rasa
from .sentences import load
from .settings import Settings, from_environment
from .speech import Speech, load_voice
from .store import Store
from .turn import Kit, Outlet, Turn
from .turns import Body, Steps, Turns
from .vault import open_vault
from .whatsapp import CHANNEL as WHATSAPP

log = logging.getLogger(__name__)
SWEEP_SECONDS = 3600.0
# A turn of Rasa's with a slow department behind it; loading a model is never waited for.
RASA_TIMEOUT = httpx.Timeout(40.0, connect=2.0)
SHORT_TIMEOUT = httpx.Timeout(20.0, connect=5.0)


async def answer(turn: Turn) -> Answer:
    """One turn. Each line is durable: a crash between two of them loses nothing and repeats nothing."""
    async with turn.working():
        heard = await turn.listen()
        said = await turn.ask(heard)
    await turn.write(said)
    spoken = await turn.speak(said, heard)
    await turn.write_spoken(spoken)
    return spoken


def create_app(settings: Settings | None = None, speech: Speech | None = None) -> FastAPI:
    """The application; raises `Misconfigured` when a setting will not do. `speech` stands in for voice in tests."""
    known = settings or from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.gateway = gateway = build(known, speech or Speech(load_voice))
        gateway.kit.speech.start()
        await asyncio.to_thread(gateway.kit.store.open)
        await gateway.turns.start()
        sweeper = asyncio.create_task(_sweep(gateway))
        try:
            yield
        finally:
            sweeper.cancel()
            await _close(gateway)

    app = FastAPI(title="Mitra", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.pace = Pace()
    app.add_middleware(Guard)
    app.add_exception_handler(api.BadRequest, _bad_request)
    for router in (api.router, hooks.router, pages.router):
        app.include_router(router)
    pages.add_static(app, known.web)
    _add_health(app)
    return app


def build(settings: Settings, speech: Speech) -> Gateway:
    """A gateway's parts, put together; nothing is opened yet."""
    settings.var.mkdir(parents=True, exist_ok=True)
    vault = open_vault(settings.secret, settings.var)
    limits = (RASA_TIMEOUT, SHORT_TIMEOUT, SHORT_TIMEOUT)
    rasa_client, client, meta = (httpx.AsyncClient(timeout=limit) for limit in limits)
    documents = Documents(client, settings.departments_url)
    store, sentences = Store(settings.database_url), load(settings.data / "talk" / "gateway.yml")
    outlets: dict[str, Outlet] = {}
    if settings.whatsapp:
        outlets[WHATSAPP] = WhatsAppOutlet(Graph(settings.whatsapp, meta), documents, store, sentences)
    rasa = Rasa(rasa_client, settings.rasa_url, settings.rasa_token, settings.actions_url)
    notes, conversations = Notes(settings.var, vault), Conversations(settings.conversations_url)
    kit = Kit(rasa, speech, notes, store, sentences, Metrics(), conversations, outlets)
    return Gateway(settings, vault, kit, Turns(settings, vault, _body(kit)), documents, (rasa_client, client, meta))


def _body(kit: Kit) -> Body:
    async def body(message: Message, steps: Steps) -> Answer:
        turn = Turn(kit, message, steps)
        with kit.metrics.running.track_inprogress(), kit.metrics.turn_seconds.labels(channel=message.channel).time():
            try:
                said = await answer(turn)
            except Exception:
                # The edge of the process: the citizen is told, the turn ends, the next message is not held up.
                log.exception("a turn failed")
                kit.metrics.failures.labels(kind="unforeseen").inc()
                said = await turn.trouble()
            await turn.done(said)
        kit.metrics.turns.labels(channel=message.channel, kind=message.kind).inc()
        return said

    return body


async def _sweep(gateway: Gateway) -> None:
    """Forget, every hour, what is kept only for a time."""
    while True:
        with suppress(Exception):
            await asyncio.to_thread(gateway.kit.notes.sweep)
            await asyncio.to_thread(gateway.kit.store.sweep)
            await gateway.turns.sweep()
        await asyncio.sleep(SWEEP_SECONDS)


async def _close(gateway: Gateway) -> None:
    await gateway.turns.stop()
    for client in gateway.clients:
        await client.aclose()
    gateway.kit.speech.close()
    gateway.kit.store.close()


async def _bad_request(_: Request, error: Exception) -> JSONResponse:
    return refusal(400, "bad_request", message=str(error))


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The gateway lives."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz(request: Request) -> JSONResponse:
        """200 only when everything that a turn needs is ready."""
        kit = of(request).kit
        names = ("rasa", "actions", "database", "speech")
        found = await asyncio.gather(
            kit.rasa.ready(), kit.rasa.actions_ready(), asyncio.to_thread(kit.store.ready), kit.speech.ready()
        )
        return JSONResponse(dict(zip(names, found, strict=True)), 200 if all(found) else 503)

    @app.get("/metrics")
    async def metrics(request: Request) -> Response:
        """Prometheus."""
        return Response(of(request).kit.metrics.text(), media_type=CONTENT_TYPE_LATEST)
