"""WhatsApp as the outlet of a turn: what a stage asks for, done through the Graph API."""

from __future__ import annotations

import asyncio
from typing import Any

from . import whatsapp
from .documents import Documents
from .graph import Graph
from .message import Document, Message, Reply
from .sentences import Sentences
from .store import Store

# The typing indicator lasts 25 seconds; after some minutes it would be a lie.
TYPING_SECONDS = 20.0
TYPING_TIMES = 9
# How long Meta may take to tell us of a message that went out before a crash.
NEWS_SECONDS = 2.0
NEWS_EVERY = 0.25
VOICE_MIME = "audio/ogg"

Part = tuple[str, dict[str, Any]] | Document


class WhatsAppOutlet:
    """Sends the replies of one WhatsApp number. Raises `Unsent`."""

    patient = True

    def __init__(self, graph: Graph, documents: Documents, store: Store, sentences: Sentences) -> None:
        self._graph = graph
        self._documents = documents
        self._store = store
        self._sentences = sentences

    async def fetch(self, message: Message) -> bytes:
        """The note of a message; raises `BadMedia` too."""
        assert message.media
        return await self._graph.download(message.media)

    async def working(self, message: Message) -> None:
        """Read and typing, until cancelled."""
        for _ in range(TYPING_TIMES):
            await self._graph.read_and_type(message.id)
            await asyncio.sleep(TYPING_SECONDS)

    def parts(self, reply: Reply, language: str) -> list[Part]:
        """A reply as the messages it takes, in order."""
        parts: list[Part] = list(whatsapp.bodies(reply, self._sentences.say("choose", language)))
        return [*parts, reply.document] if reply.document else parts

    async def send(self, message: Message, part: Part, key: str, fresh: bool) -> str:
        """Send one part unless Meta has already confirmed it; Meta's id of it."""
        if not fresh and await self._went_out(key):
            return "sent before"
        if isinstance(part, Document):
            return await self._send_document(message, part, key)
        return await self._graph.send(message.sender, message.phone, part, key)

    async def send_voice(self, message: Message, data: bytes, key: str, fresh: bool) -> str:
        if not fresh and await self._went_out(key):
            return "sent before"
        media = await self._graph.upload(data, VOICE_MIME, "mitra.ogg")
        return await self._graph.send(message.sender, message.phone, whatsapp.voice_note(media), key)

    async def _send_document(self, message: Message, document: Document, key: str) -> str:
        if link := self._documents.link(document.url):
            body = whatsapp.document(document, link=link)
        else:
            file = await self._documents.fetch(document.url)
            media = await self._graph.upload(file.data, file.mime, whatsapp.filename(document))
            body = whatsapp.document(document, id=media)
        return await self._graph.send(message.sender, message.phone, body, key)

    async def _went_out(self, key: str) -> bool:
        """Sending is not idempotent: after a crash or a time-out, Meta's news of the message decides."""
        for _ in range(int(NEWS_SECONDS / NEWS_EVERY)):
            if await asyncio.to_thread(self._store.confirmed, key):
                return True
            await asyncio.sleep(NEWS_EVERY)
        return False
