"""What the gateway lets in: sizes of requests, messages per sender; and the headers that every answer carries."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .graph import MAX_NOTE

JSON_BYTES = 512 * 1024
BYTES = {
    "/webhooks/whatsapp": 4 * 1024 * 1024,
    "/api/messages": MAX_NOTE + 64 * 1024,
    "/api/understand": 8 * 1024 * 1024,
}
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"DENY",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
}


class TooBig(Exception):
    """A request's body is over its limit."""


class Guard:
    """Cuts off bodies that are too big and adds the security headers that a route has not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        limit = BYTES.get(scope["path"], JSON_BYTES)
        if _declared(scope) > limit:
            return await _refused(scope, receive, _guarded(send))
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await _guarded(send)(message)

        try:
            await self._app(scope, _counted(receive, limit), watched_send)
        except TooBig:
            if not started:
                await _refused(scope, receive, _guarded(send))
        return None


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _counted(receive: Receive, limit: int) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise TooBig
        return message

    return counted


def _guarded(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            have = {name.lower() for name, _ in message["headers"]}
            extra = [(name, value) for name, value in HEADERS.items() if name not in have]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return guarded


async def _refused(scope: Scope, receive: Receive, send: Send) -> None:
    await refusal(413, "too_big")(scope, receive, send)


def refusal(status: int, error: str, **more: Any) -> JSONResponse:
    """An error as JSON: a word for programs, and more where it helps."""
    return JSONResponse({"error": error, **more}, status)


class Pace:
    """At most `count` messages in `seconds` from one sender."""

    def __init__(self, count: int = 30, seconds: float = 10.0, senders: int = 20_000) -> None:
        self._count = count
        self._seconds = seconds
        self._senders = senders
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, sender: str, now: float | None = None) -> bool:
        """Whether one more message is fine; counts it when it is."""
        now = time.monotonic() if now is None else now
        times = self._times.setdefault(sender, deque())
        self._times.move_to_end(sender)
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(self._times) > self._senders:
            self._times.popitem(last=False)
        if len(times) >= self._count:
            return False
        times.append(now)
        return True
