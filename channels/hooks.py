"""WhatsApp's webhook: the handshake, and messages that are stored before they are acknowledged."""

from __future__ import annotations

import asyncio
import hmac
import logging
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from . import whatsapp
from .errors import BadSignature, BadWebhook
from .gateway import Gateway, of
from .limits import refusal
from .message import Message

router = APIRouter()
log = logging.getLogger(__name__)
PATH = "/webhooks/whatsapp"


@router.get(PATH)
async def handshake(request: Request) -> Response:
    """Meta asks whether this is really ours."""
    number = of(request).settings.whatsapp
    if number is None:
        return refusal(404, "off")
    asked = request.query_params
    token = asked.get("hub.verify_token", "").encode("utf-8", "replace")
    if asked.get("hub.mode") != "subscribe" or not hmac.compare_digest(token, number.verify_token.encode()):
        return refusal(403, "wrong_token")
    return PlainTextResponse(asked.get("hub.challenge", ""))


@router.post(PATH)
async def deliver(request: Request) -> JSONResponse:
    """Messages and news of messages; 200 means that none of them can be lost any more."""
    gateway = of(request)
    number = gateway.settings.whatsapp
    if number is None:
        return refusal(404, "off")
    with gateway.kit.metrics.acknowledge_seconds.time():
        body = await request.body()
        try:
            whatsapp.check_signature(body, request.headers.get("X-Hub-Signature-256"), number.app_secret)
            webhook = whatsapp.read(body, number.phone_number_id)
        except BadSignature as error:
            gateway.kit.metrics.failures.labels(kind="bad_signature").inc()
            return refusal(401 if error.missing else 403, "signature")
        except BadWebhook as error:
            return refusal(400, "malformed", message=str(error))
        await _take(gateway, webhook)
    return JSONResponse({"status": "ok"})


async def _take(gateway: Gateway, webhook: whatsapp.Webhook) -> None:
    for message in webhook.messages:
        await gateway.turns.take(await _known(gateway, message))
    if webhook.confirmed:
        await asyncio.to_thread(gateway.kit.store.confirm, list(webhook.confirmed))
    for code in webhook.failures:
        log.warning("WhatsApp did not deliver a message: error %s", code)
        gateway.kit.metrics.failures.labels(kind=f"undelivered_{code}").inc()


async def _known(gateway: Gateway, message: Message) -> Message:
    """The message with its citizen: an id that says nothing about the phone."""
    vault = gateway.vault
    phone = vault.opaque("phone", message.phone) if message.phone else None
    lasting = vault.opaque("lasting", message.sender) if message.sender != message.phone else None
    citizen = await asyncio.to_thread(gateway.kit.store.citizen, lasting, phone)
    return replace(message, citizen=citizen)
