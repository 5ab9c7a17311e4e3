"""The message API and the understanding API: JSON and multipart in, JSON out."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any, cast

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from .errors import RasaDown
from .gateway import Gateway, of
from .limits import Pace, refusal
from .message import Answer, Location, Media, Message, Reply
from .rasa import valid

Json = dict[str, Any]
CHANNEL = "web"
SENDER, ID, BUTTON = 128, 128, 300
TEXTS = 1000
# The body as it is written, before anything is done with it.
CONTENTS = ("text", "button", "location", "audio")

router = APIRouter()


class BadRequest(Exception):
    """A body that cannot be a message; the text says why, for whoever wrote the program."""


@dataclass(frozen=True)
class Sent:
    """One request: a message, and the audio that came with it."""

    message: Message
    audio: bytes | None = None


@router.post("/api/messages")
async def messages(request: Request) -> JSONResponse:
    """One message in; what Mitra answers out."""
    gateway = of(request)
    sent = await _sent(request, gateway)
    if not cast(Pace, request.app.state.pace).allows(sent.message.sender):
        response = refusal(429, "too_fast", message=gateway.kit.sentences.say("slow_down", None))
        response.headers["Retry-After"] = "10"
        return response
    if sent.audio is not None:
        await asyncio.to_thread(gateway.kit.notes.keep, gateway.turns.id(sent.message), sent.audio)
    try:
        answer = await gateway.turns.answer(sent.message, gateway.settings.patience)
    except TimeoutError:
        return refusal(503, "busy", message=gateway.kit.sentences.say("down", None))
    return JSONResponse(written(answer, gateway))


@router.post("/api/understand")
async def understand(request: Request) -> JSONResponse:
    """One text or many, understood; nothing is remembered."""
    body = await _json(request)
    rasa = of(request).kit.rasa
    try:
        if "texts" in body:
            return JSONResponse({"results": await rasa.understand_all(_texts(body["texts"]))})
        return JSONResponse(await rasa.understand(_texts([body.get("text")])[0], body.get("explain") is True))
    except RasaDown:
        return refusal(503, "down")


def _texts(texts: object) -> list[str]:
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts) or len(texts) > TEXTS:
        raise BadRequest(f"text must be a string, texts a list of at most {TEXTS} strings")
    return texts


async def _json(request: Request) -> Json:
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise BadRequest("the body is not JSON") from error
    if not isinstance(body, dict):
        raise BadRequest("the body is not a JSON object")
    return body


async def _sent(request: Request, gateway: Gateway) -> Sent:
    if request.headers.get("Content-Type", "").startswith("multipart/"):
        return await _from_form(request, gateway)
    body = await _json(request)
    return Sent(_message(body, gateway, _content(body)))


async def _from_form(request: Request, gateway: Gateway) -> Sent:
    try:
        form: FormData = await request.form(max_files=1, max_fields=8)
    except HTTPException as error:
        raise BadRequest("the form cannot be read") from error
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    audio = form.get("audio")
    if not isinstance(audio, UploadFile):
        return Sent(_message(fields, gateway, _content(fields)))
    data = await audio.read()
    return Sent(_message(fields, gateway, {"media": Media("upload", audio.content_type or "")}), data)


def _message(body: Json, gateway: Gateway, content: Json) -> Message:
    sender = body.get("sender")
    if not isinstance(sender, str) or not 0 < len(sender.strip()) <= SENDER:
        raise BadRequest(f"sender must be a string of 1 to {SENDER} characters")
    id = body.get("id") or uuid.uuid4().hex
    if not isinstance(id, str) or len(id) > ID:
        raise BadRequest(f"id must be a string of at most {ID} characters")
    citizen = gateway.vault.opaque(CHANNEL, sender)
    return Message(valid(id), valid(sender), CHANNEL, citizen, sent_at=time.time(), **content)


def _content(body: Json) -> Json:
    given = [name for name in CONTENTS if body.get(name) is not None]
    if len(given) != 1:
        raise BadRequest("give one of text, button, location and audio")
    name, value = given[0], body[given[0]]
    if name == "location":
        return {"location": _location(value)}
    if name == "audio" or not isinstance(value, str) or (name == "button" and len(value) > BUTTON):
        raise BadRequest(f"{name} is not what it should be")
    return {name: valid(value)}


def _location(value: object) -> Location:
    try:
        place = cast(Json, value)
        latitude, longitude = float(place["latitude"]), float(place["longitude"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("location needs latitude and longitude") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadRequest("location is not on Earth")
    return Location(latitude, longitude)


def written(answer: Answer, gateway: Gateway) -> Json:
    """An answer in the shape of the message API."""
    heard = answer.transcript
    return {
        "language": answer.language,
        "transcript": heard
        and {"text": heard.text, "language": heard.language, "confidence": round(heard.confidence, 4)},
        "intent": answer.intent,
        "service": answer.service,
        "replies": [_written(reply, gateway) for reply in answer.replies],
    }


def _written(reply: Reply, gateway: Gateway) -> Json:
    document = reply.document
    return {
        "text": reply.text,
        "buttons": [{"id": one.id, "title": one.title} for one in reply.buttons] or None,
        "list": [{"id": row.id, "title": row.title, "description": row.description} for row in reply.rows] or None,
        "list_button": reply.list_button or None,
        "document": document and {"url": gateway.documents.public(document.url), "filename": document.filename},
        "audio": {"url": f"/audio/{reply.audio}.ogg"} if reply.audio else None,
        **({"request_location": True} if reply.request_location else {}),
    }
