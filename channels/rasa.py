"""Rasa over HTTP: the only place that knows its JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
import regex

from .errors import RasaDown, Speechless
from .message import Answer, Button, Document, Heard, Message, Reply, Row

Json = dict[str, Any]
ABOUT = ("language", "intent", "service", "retry", "forget")
PRESS, LOCATE = "/press", "/locate"
# Rasa takes a leading slash as a forced intent; invisible characters in front of it must not hide it.
FORCED = regex.compile(r"^[\s\p{C}/]*/[\s\p{C}/]*")
TOP = 5
# How our components tell the dialogue a message's language: a slot's carrier, not something the citizen named.


@dataclass(frozen=True)
class Question:
    """One message as Rasa hears it; `id` is the turn's id, kept in the tracker."""

    id: str
    sender: str
    text: str
    metadata: Json


def question(id: str, message: Message, heard: Heard) -> Question:
    """The message in Rasa's words."""
    metadata: Json = {"message_id": id, "channel": message.channel, "phone": message.phone}
    if heard.transcript:
        metadata |= {
            "language": heard.transcript.language,
            "confidence": heard.transcript.confidence,
            "alternatives": list(heard.transcript.alternatives),
        }
    clean = {key: value for key, value in metadata.items() if value is not None}
    return Question(id, message.citizen, _text(message, heard), clean)


def _text(message: Message, heard: Heard) -> str:
    if message.button is not None:
        return PRESS + json.dumps({"button": valid(message.button)})
    if message.location is not None:
        place = {"latitude": message.location.latitude, "longitude": message.location.longitude}
        return LOCATE + json.dumps(place)
    return unforced(valid(heard.text or ""))


def valid(text: str) -> str:
    """Text that UTF-8 and any database can carry: surrogate pairs joined, lone ones and NUL replaced."""
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined.replace("\0", " ")


def unforced(text: str) -> str:
    """Typed text can never name an intent: the slash that would is taken off."""
    return str(FORCED.sub("", text))


class Rasa:
    """One Rasa server and its action server."""

    def __init__(self, client: httpx.AsyncClient, url: str, token: str, actions_url: str) -> None:
        self._client = client
        self._url = url
        self._auth = {"token": token} if token else {}
        self._actions = actions_url

    async def ask(self, question: Question) -> Answer:
        """What Rasa says to it; raises `RasaDown` or, when it says nothing, `Speechless`."""
        body = {"sender": question.sender, "message": question.text, "metadata": question.metadata}
        said = await self._post("/webhooks/rest/webhook", body, {})
        if not isinstance(said, list) or not said:
            raise Speechless("an empty answer")
        return read(said)

    async def said(self, question: Question) -> Answer | None:
        """What Rasa said to this very question before, from its tracker; None when it never heard or answered it."""
        try:
            response = await self._client.get(
                f"{self._url}/conversations/{question.sender}/tracker",
                params={**self._auth, "include_events": "ALL"},
            )
        except httpx.HTTPError as error:
            raise RasaDown(type(error).__name__) from error
        if response.status_code != 200:
            return None
        answer = read(_since(response.json().get("events") or [], question.id))
        return answer if answer.replies else None

    async def understand(self, text: str, explain: bool = False) -> Json:
        """One message understood, in the shape of /api/understand, with its tokens if `explain`; raises `RasaDown`."""
        clean = valid(text)
        asked = unforced(clean)
        parsed = await self._post("/model/parse", {"text": asked}, self._auth) if asked.strip() else {}
        result = understanding(clean, parsed, len(clean) - len(asked))
        return result | {"tokens": _tokens(parsed, asked)} if explain else result

    async def understand_all(self, texts: list[str], at_once: int = 8) -> list[Json]:
        """Many messages understood, in the same order."""
        gate = asyncio.Semaphore(at_once)

        async def one(text: str) -> Json:
            async with gate:
                return await self.understand(text)

        return list(await asyncio.gather(*(one(text) for text in texts)))

    async def ready(self) -> bool:
        """Whether a model is loaded."""
        response = await self._get(f"{self._url}/status", self._auth)
        return response is not None and response.status_code == 200

    async def actions_ready(self) -> bool:
        response = await self._get(f"{self._actions}/health", {})
        return response is not None and response.status_code == 200

    async def _get(self, url: str, params: Json) -> httpx.Response | None:
        try:
            return await self._client.get(url, params=params, timeout=3)
        except httpx.HTTPError:
            return None

    async def _post(self, path: str, body: Json, params: Json) -> Any:
        try:
            response = await self._client.post(self._url + path, json=body, params=params)
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, json.JSONDecodeError) as error:
            raise RasaDown(type(error).__name__) from error


def _since(events: list[Json], id: str) -> list[Json]:
    """What the bot said between the user's message with that id and the next one, as the REST channel gives it."""
    said: list[Json] = []
    heard = False
    for event in events:
        if event.get("event") == "user":
            heard = (event.get("metadata") or {}).get("message_id") == id
            said = [] if heard else said
        elif heard and event.get("event") == "bot":
            said.append(_as_rest(event))
    return said


def _as_rest(event: Json) -> Json:
    data = event.get("data") or {}
    return {"text": event.get("text"), "buttons": data.get("buttons"), "custom": data.get("custom")}


def read(messages: Iterable[Json]) -> Answer:
    """Rasa's messages as replies: texts are one reply until a `custom` closes it."""
    replies: list[Reply] = []
    about: Json = {}
    texts: list[str] = []
    buttons: list[Button] = []
    for message in messages:
        if message.get("text"):
            texts.append(str(message["text"]))
        buttons += [_button(one) for one in message.get("buttons") or []]
        if custom := message.get("custom"):
            replies.append(_reply(texts, buttons, custom))
            about |= {key: custom[key] for key in ABOUT if custom.get(key)}
            texts, buttons = [], []
    if texts or buttons:
        replies.append(_reply(texts, buttons, {}))
    spoken = tuple(reply for reply in replies if reply != Reply())
    return Answer(spoken, **about)


def _reply(texts: list[str], buttons: list[Button], custom: Json) -> Reply:
    listed = custom.get("list") or {}
    document = custom.get("document")
    return Reply(
        text="\n\n".join(texts),
        buttons=tuple(buttons),
        rows=tuple(Row(row["id"], row["title"], row.get("description") or "") for row in listed.get("rows") or []),
        list_button=listed.get("button") or "",
        document=Document(document["url"], document["filename"]) if document else None,
        speak=custom.get("speak"),
        request_location=bool(custom.get("request_location")),
    )


def _button(button: Json) -> Button:
    payload = str(button.get("payload") or button.get("title") or "")
    if payload.startswith(PRESS):
        try:
            payload = str(json.loads(payload[len(PRESS) :])["button"])
        except (ValueError, KeyError, TypeError):
            pass
    return Button(payload, str(button.get("title") or payload))


def understanding(text: str, parsed: Json, shift: int) -> Json:
    """Rasa's parse in the shape of /api/understand; `shift` is how many characters were taken off the front."""
    spoken = parsed.get("language") or {}
    best, found = _ranked(parsed.get("intent") or {}), parsed.get("entities") or []
    ranking = [_ranked(one) for one in (parsed.get("intent_ranking") or [])[:TOP]]
    return {
        "text": text,
        "language": spoken.get("language"),
        "script": spoken.get("script"),
        **best,
        "ranking": ranking or ([best] if best["intent"] else []),
        "entities": [_entity(one, text, shift) for one in found],
    }


def _tokens(parsed: Json, text: str) -> list[Any]:
    """What our own components say about each word, else just the words."""
    return parsed.get("tokens") or [text[start:end] for start, end in parsed.get("text_tokens") or []]


def _ranked(intent: Json) -> Json:
    label = intent.get("full_retrieval_intent_name") or intent.get("name") or ""
    kind, _, service = label.partition("/")
    confidence = round(float(intent.get("confidence") or 0.0), 4)
    return {"intent": kind or None, "service": service or None, "confidence": confidence}


def _entity(entity: Json, text: str, shift: int) -> Json:
    start, end = int(entity.get("start") or 0) + shift, int(entity.get("end") or 0) + shift
    return {
        "entity": entity.get("entity"),
        "value": entity.get("value"),
        "text": text[start:end],
        "start": start,
        "end": end,
    }
