"""Meta's Graph API for one WhatsApp number: notes down, notes and documents up, messages out."""

from __future__ import annotations

import hashlib
import logging
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import regex
from pywa.errors import WhatsAppError
from pywa_async.client import WhatsApp as Pywa

from .errors import BadMedia, Unsent
from .message import Media
from .settings import WhatsApp

Json = dict[str, Any]
MAX_NOTE = 16 * 1024 * 1024
REDIRECTS = 3
# The access token goes to these hosts and to no other.
META_HOSTS = (".fbsbx.com", ".fbcdn.net", ".facebook.com", ".whatsapp.net")
USER_AGENT = "mitra"
SHA256 = regex.compile(r"[0-9a-f]{64}")

# Meta's error codes by what to do about them (platform.md A10); seconds to wait before the next try.
RETRY = {
    **dict.fromkeys((1, 2, 4, 80007, 130429, 131000, 131016, 131057, 133004), 2.0),
    **dict.fromkeys((131052, 131053), 5.0),
    131056: 6.0,
}
CLASSES = {
    "window_closed": {131047},
    "number_stopped": {0, 3, 10, 190, 368, 130497, 131031, 131042, 131044, 131045, 131048, 131064, *range(200, 300)},
    "recipient": {130472, 131021, 131026, 131030, 131049, 131050, 131062, 137000},
}


def quiet_pywa() -> None:
    """pywa writes whole message bodies to its debug log; those hold what citizens said."""
    logging.getLogger("pywa").setLevel(logging.WARNING)
    logging.getLogger("pywa_async").setLevel(logging.WARNING)


class Graph:
    """One number's client. `client` gets Meta's address and the token set on it: give it one of its own."""

    def __init__(self, number: WhatsApp, client: httpx.AsyncClient) -> None:
        quiet_pywa()
        version = float(number.api_version[1:])
        self._api = Pywa(number.phone_number_id, number.access_token, session=client, api_version=version).api
        client.base_url = httpx.URL(f"{number.graph_url}/{number.api_version}")
        client.headers["User-Agent"] = USER_AGENT
        self._client = client
        self._number = number.phone_number_id
        self._host = urlsplit(number.graph_url).netloc

    async def download(self, media: Media) -> bytes:
        """A citizen's note; raises `BadMedia`, or `Unsent` with `retry` when Meta cannot give it now."""
        try:
            about = await self._api.get_media_url(media.id)
        except (WhatsAppError, httpx.HTTPError) as error:
            raise _media_trouble(error) from error
        if int(about.get("file_size") or 0) > MAX_NOTE:
            raise BadMedia("too_big")
        try:
            data = await self._stream(str(about.get("url")))
        except httpx.HTTPError as error:
            raise _media_trouble(error) from error
        expected = str(about.get("sha256") or "").lower()
        if SHA256.fullmatch(expected) and hashlib.sha256(data).hexdigest() != expected:
            raise BadMedia("corrupt")
        return data

    async def _stream(self, url: str) -> bytes:
        """The bytes behind a media URL; every hop of a redirect must be Meta's."""
        for _ in range(REDIRECTS):
            if not self._is_metas(url):
                raise BadMedia("lost")
            async with self._client.stream("GET", url, follow_redirects=False) as response:
                if not response.is_redirect:
                    response.raise_for_status()
                    return await _capped(response)
                url = urljoin(url, response.headers["Location"])
        raise BadMedia("lost")

    def _is_metas(self, url: str) -> bool:
        parts = urlsplit(url)
        if parts.netloc == self._host:
            return True
        return parts.scheme == "https" and ("." + (parts.hostname or "")).endswith(META_HOSTS) and not parts.username

    async def upload(self, data: bytes, mime: str, filename: str) -> str:
        """Meta's id of an uploaded file."""
        return str((await self._call(self._api.upload_media(self._number, data, mime, filename)))["id"])

    async def send(self, to: str, phone: str | None, body: tuple[str, Json], key: str) -> str:
        """Send one message and give Meta's id of it; `key` comes back in Meta's news of it. Raises `Unsent`."""
        kind, content = body
        lasting = to if to != phone and not to.isdecimal() else None
        sent = await self._call(
            self._api.send_message(
                sender=self._number,
                to=None if lasting else to,
                recipient=lasting,
                recipient_type="individual",
                typ=kind,
                msg=content,
                biz_opaque_callback_data=key,
            )
        )
        messages = sent.get("messages") or [{}]
        return str(messages[0].get("id") or "")

    async def read_and_type(self, message_id: str) -> None:
        """Blue ticks and the typing indicator (gone after 25 s); a failure does not matter."""
        try:
            await self._api.set_indicator(self._number, message_id, "text")
        except (WhatsAppError, httpx.HTTPError):
            pass

    async def _call(self, call: Any) -> Json:
        try:
            result: Json = await call
            return result
        except WhatsAppError as error:
            raise _unsent(error) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unsent("unreachable", 0, retry=2.0) from error
        except (httpx.HTTPError, ValueError) as error:
            # It left, and nobody knows whether it arrived.
            raise Unsent("no_answer", 0, retry=5.0, unknown=True) from error


async def _capped(response: httpx.Response) -> bytes:
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > MAX_NOTE:
            raise BadMedia("too_big")
    return bytes(data)


def _unsent(error: WhatsAppError) -> Unsent:
    """Meta's error by its code alone: HTTP statuses vary."""
    if error.code in RETRY:
        return Unsent("busy", error.code, retry=RETRY[error.code])
    for kind, codes in CLASSES.items():
        if error.code in codes:
            return Unsent(kind, error.code)
    if 500 <= error.code < 600:  # pywa gives the HTTP status when the body is no JSON of Meta's
        return Unsent("busy", error.code, retry=5.0)
    return Unsent("refused", error.code)


def _media_trouble(error: Exception) -> Exception:
    """Gone for good is `BadMedia`; anything that may pass is `Unsent` with a time to wait."""
    if isinstance(error, WhatsAppError):
        unsent = _unsent(error)
        return unsent if unsent.retry or unsent.kind == "number_stopped" else BadMedia("lost")
    if isinstance(error, httpx.HTTPStatusError) and error.response.status_code in (404, 410):
        return BadMedia("lost")
    return Unsent("no_media", 0, retry=5.0)
