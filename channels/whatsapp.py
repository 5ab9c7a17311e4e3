"""WhatsApp's JSON: Meta's webhooks to `Message`s, `Reply`s to Meta's message bodies. No network here."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .cut import cut, pieces, tail
from .errors import BadSignature, BadWebhook
from .message import Button, Document, Location, Media, Message, Reply, Row

Json = dict[str, Any]
CHANNEL = "whatsapp"

# Meta's limits, in code points (platform.md A9).
TEXT, BODY, CAPTION, FILENAME = 4096, 1024, 1024, 240
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
ROWS, ROW_TITLE, ROW_DESCRIPTION, ROW_ID, LIST_BUTTON = 10, 24, 72, 200, 20
# Where a body must not be empty and the reply has no text.
BLANK = "\u2026"

# What happens around messages and asks for no answer.
QUIET = {"reaction", "system", "revoke"}
AUDIO_FILES = ("audio/",)


@dataclass(frozen=True)
class Webhook:
    """One body of Meta's: what citizens sent, and the keys of ours that Meta has news of."""

    messages: tuple[Message, ...] = ()
    confirmed: tuple[str, ...] = ()
    failures: tuple[int, ...] = ()


def check_signature(body: bytes, header: str | None, app_secret: str) -> None:
    """Raises `BadSignature` unless Meta signed exactly these bytes."""
    if not header:
        raise BadSignature(missing=True)
    expected = "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), header.encode("utf-8", "replace")):
        raise BadSignature(missing=False)


def read(body: bytes, phone_number_id: str | None = None) -> Webhook:
    """A webhook's body; what is for another number of the same app is left out. Raises `BadWebhook`."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadWebhook("not JSON") from error
    if not isinstance(payload, dict):
        raise BadWebhook("not a JSON object")
    values = [value for value in _values(payload) if _ours(value, phone_number_id)]
    messages = [message for value in values for message in _messages(value)]
    statuses = [status for value in values for status in _objects(value.get("statuses"))]
    return Webhook(
        tuple(sorted(messages, key=lambda message: message.sent_at)),
        tuple(key for one in statuses if (key := _confirmed(one))),
        tuple(code for one in statuses for code in _codes(one)),
    )


def _values(payload: Json) -> Iterator[Json]:
    for entry in _objects(payload.get("entry")):
        for change in _objects(entry.get("changes")):
            if change.get("field") == "messages" and isinstance(change.get("value"), dict):
                yield change["value"]


def _objects(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _word(value: object) -> str | None:
    return str(value) or None if isinstance(value, str | int) and not isinstance(value, bool) else None


def _ours(value: Json, phone_number_id: str | None) -> bool:
    number = _object(value.get("metadata")).get("phone_number_id")
    return phone_number_id is None or number is None or str(number) == phone_number_id


def _confirmed(status: Json) -> str | None:
    return _word(status.get("biz_opaque_callback_data")) if status.get("status") != "failed" else None


def _codes(status: Json) -> list[int]:
    codes = [error.get("code") for error in _objects(status.get("errors"))]
    return [code for code in codes if isinstance(code, int)]


def _messages(value: Json) -> Iterator[Message]:
    contacts = _objects(value.get("contacts"))
    for message in _objects(value.get("messages")):
        sender, phone = _sender(message, contacts)
        id, kind = _word(message.get("id")), _word(message.get("type")) or "unknown"
        if id and sender and kind not in QUIET:
            yield Message(
                id=id,
                sender=sender,
                channel=CHANNEL,
                phone=phone,
                sent_at=_seconds(message.get("timestamp")),
                **_content(kind, message),
            )


def _sender(message: Json, contacts: list[Json]) -> tuple[str | None, str | None]:
    """The lasting id of the citizen (their phone when Meta gives no other), and their phone when Meta gives it."""
    contact = _contact(message, contacts)
    phone = _word(message.get("from")) or _word(contact.get("wa_id"))
    lasting = _word(message.get("from_user_id")) or _word(contact.get("user_id"))
    return lasting or phone, phone if phone and phone.isdecimal() else None


def _contact(message: Json, contacts: list[Json]) -> Json:
    ids = {_word(message.get("from")), _word(message.get("from_user_id"))} - {None}
    for contact in contacts:
        if ids & {_word(contact.get("wa_id")), _word(contact.get("user_id"))}:
            return contact
    return contacts[0] if len(contacts) == 1 and not ids else {}


def _seconds(timestamp: object) -> float:
    try:
        return float(str(timestamp))
    except ValueError:
        return 0.0


def _content(kind: str, message: Json) -> Json:
    """The one field of `Message` that this message fills; whatever is not understood is `unsupported`, by its type."""
    reader = READERS.get(kind)
    content = reader(_object(message.get(kind))) if reader else None
    return content or {"unsupported": kind}


def _text(text: Json) -> Json | None:
    body = text.get("body")
    return {"text": body} if isinstance(body, str) else None


def _audio(audio: Json) -> Json | None:
    id = _word(audio.get("id"))
    return {"media": Media(id, _word(audio.get("mime_type")) or "")} if id else None


def _file(document: Json) -> Json | None:
    """A recording sent as a file is still a recording."""
    return _audio(document) if str(document.get("mime_type")).startswith(AUDIO_FILES) else None


def _interactive(interactive: Json) -> Json | None:
    id = _word(_object(interactive.get(str(interactive.get("type")))).get("id"))
    return {"button": id} if id else None


def _template_button(button: Json) -> Json | None:
    payload = _word(button.get("payload")) or _word(button.get("text"))
    return {"button": payload} if payload else None


def _location(location: Json) -> Json | None:
    try:
        return {"location": Location(float(location["latitude"]), float(location["longitude"]))}
    except (KeyError, TypeError, ValueError):
        return None


READERS: dict[str, Callable[[Json], Json | None]] = {
    "text": _text,
    "audio": _audio,
    "voice": _audio,
    "document": _file,
    "interactive": _interactive,
    "button": _template_button,
    "location": _location,
}


def bodies(reply: Reply, choose: str) -> list[tuple[str, Json]]:
    """A reply as Meta's (type, object) pairs in sending order, every one within Meta's limits.

    `choose` is the word on a list's button when the reply brings none. A document is not among them: it is uploaded.
    """
    rows = reply.rows or (_as_rows(reply.buttons) if len(reply.buttons) > BUTTONS else ())
    if rows:
        return _asked(reply.text, _list(rows, reply.list_button or choose))
    if reply.buttons:
        return _asked(reply.text, _buttons(reply.buttons))
    if reply.request_location:
        return _asked(reply.text, {"type": "location_request_message", "action": {"name": "send_location"}})
    return [_plain(piece) for piece in pieces(reply.text, TEXT)]


def filename(document: Document) -> str:
    return cut(document.filename, FILENAME) or BLANK


def document(document: Document, **where: str) -> tuple[str, Json]:
    """A document by the `id` of its upload or by a public `link`."""
    return "document", {**where, "filename": filename(document)}


def voice_note(media_id: str) -> tuple[str, Json]:
    """An uploaded OGG/Opus file, shown as a voice note."""
    return "audio", {"id": media_id, "voice": True}


def _plain(text: str) -> tuple[str, Json]:
    return "text", {"body": text, "preview_url": False}


def _asked(text: str, question: Json) -> list[tuple[str, Json]]:
    """A question carries at most 1,024 code points; what is longer goes ahead of it as plain text."""
    before, body = tail(text, BODY)
    interactive = question | {"body": {"text": body or BLANK}}
    return [*(_plain(piece) for piece in pieces(before, TEXT)), ("interactive", interactive)]


def _buttons(buttons: tuple[Button, ...]) -> Json:
    titles = _distinct([button.title for button in buttons], BUTTON_TITLE)
    ids = _distinct([button.id for button in buttons], BUTTON_ID)
    replies = [{"type": "reply", "reply": {"id": id, "title": title}} for id, title in zip(ids, titles, strict=True)]
    return {"type": "button", "action": {"buttons": replies}}


def _list(rows: tuple[Row, ...], button: str) -> Json:
    shown = rows[:ROWS]
    titles = [cut(row.title, ROW_TITLE) or BLANK for row in shown]
    ids = _distinct([row.id for row in shown], ROW_ID)
    lines = [
        {"id": id, "title": title} | ({"description": text} if (text := cut(row.description, ROW_DESCRIPTION)) else {})
        for row, id, title in zip(shown, ids, titles, strict=True)
    ]
    action = {"button": cut(button, LIST_BUTTON) or BLANK, "sections": [{"rows": lines}]}
    return {"type": "list", "action": action}


def _as_rows(buttons: tuple[Button, ...]) -> tuple[Row, ...]:
    """Buttons as a list; a title too long for a row's title is given whole as its description."""
    return tuple(Row(one.id, one.title, one.title if len(one.title) > ROW_TITLE else "") for one in buttons)


def _distinct(texts: list[str], limit: int) -> list[str]:
    """Cut to the limit; Meta refuses empty ones and two alike, so those are numbered."""
    shown: list[str] = []
    for number, text in enumerate(texts, start=1):
        short = cut(text, limit) or BLANK
        if short in shown:
            mark = f" {number}"
            short = cut(text, limit - len(mark)) + mark
        shown.append(short)
    return shown
