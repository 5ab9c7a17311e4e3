"""One message as the dialogue sees it, and what is remembered between messages: Rasa's tracker ends here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.catalog import LANGUAGES

FORM = "service_form"


@dataclass(frozen=True)
class Ranked:
    """A label of understanding and its probability, 0 to 1; `service` is empty for a dialogue act."""

    intent: str
    service: str
    confidence: float


@dataclass(frozen=True)
class Turn:
    """One message: what was said, how it was understood, and where it came from.

    `language` is the one the message is in, empty where nothing tells. `heard` is how sure the voice is of the
    transcript, 0 to 1; None when the message was typed.
    """

    text: str
    intent: str
    service: str
    confidence: float
    ranking: tuple[Ranked, ...] = ()
    entities: tuple[Mapping[str, Any], ...] = ()
    button: str = ""
    location: Mapping[str, float] | None = None
    heard: float | None = None
    sender: str = ""
    message_id: str = ""
    phone: str = ""
    channel: str = ""
    language: str = ""
    language_confidence: float = 0.0
    script: str = ""

    @property
    def named_language(self) -> str:
        """The language the citizen named ("in Hindi please"), or empty."""
        return next((str(e["value"]) for e in self.entities if e["entity"] == "language"), "")

    @property
    def key(self) -> str:
        """A key for whatever this message sets off; the same when the turn runs again."""
        return hashlib.sha256(f"{self.sender}\0{self.message_id}".encode()).hexdigest()[:32]


@dataclass
class Memory:
    """The slots of the conversation; every field is a slot of domain.yml."""

    language: str | None = None
    language_choice: str | None = None
    letters: str | None = None
    service: str | None = None
    form: dict[str, Any] | None = None
    details: dict[str, Any] = field(default_factory=dict)
    parked: list[dict[str, Any]] = field(default_factory=list)
    consent: bool | None = None
    asked: dict[str, Any] | None = None
    misses: int = 0
    said: list[dict[str, Any]] = field(default_factory=list)
    news: list[dict[str, Any]] = field(default_factory=list)

    @property
    def speaks(self) -> str:
        """The language of the replies: the one asked for, else the one written in, else the first."""
        return next((x for x in (self.language_choice, self.language) if x in LANGUAGES), LANGUAGES[0])

    def forget(self) -> None:
        """Everything but the language is as on the first day."""
        kept = self.language, self.language_choice, self.letters
        self.__init__(*kept)  # type: ignore[misc]


def read_turn(tracker: Tracker) -> Turn:
    """The latest user message of a tracker."""
    message = tracker.latest_message or {}
    entities = tuple(e for e in message.get("entities") or () if "entity" in e and "value" in e)
    metadata = message.get("metadata") or {}
    ranking = tuple(_ranked(item) for item in message.get("intent_ranking") or ())
    intent = message.get("intent") or {}
    found = message.get("language") or {}
    top = _ranked(
        {
            "name": intent.get("full_retrieval_intent_name") or intent.get("name") or "",
            "confidence": intent.get("confidence") or 0.0,
        }
    )
    values = {e["entity"]: e["value"] for e in entities}
    return Turn(
        text=str(message.get("text") or ""),
        intent=top.intent,
        service=top.service,
        confidence=top.confidence,
        ranking=ranking,
        entities=entities,
        button=str(values.get("button", "")) if top.intent == "press" else "",
        location=_location(values) if top.intent == "locate" else None,
        heard=metadata.get("confidence"),
        sender=tracker.sender_id,
        message_id=str(metadata.get("message_id") or message.get("message_id") or ""),
        phone=str(metadata.get("phone") or ""),
        channel=str(metadata.get("channel") or ""),
        language=found.get("language") or "",
        language_confidence=float(found.get("confidence") or 0.0),
        script=found.get("script") or "",
    )


def _ranked(item: Mapping[str, Any]) -> Ranked:
    intent, _, service = str(item.get("name") or "").partition("/")
    return Ranked(intent, service, float(item.get("confidence") or 0.0))


def _location(values: Mapping[str, Any]) -> Mapping[str, float] | None:
    try:
        return {axis: float(values[axis]) for axis in ("latitude", "longitude")}
    except (KeyError, TypeError, ValueError):
        return None


def read_memory(tracker: Tracker) -> Memory:
    """The slots of a tracker."""
    values = {f.name: tracker.get_slot(f.name) for f in fields(Memory)}
    return Memory(**{name: value for name, value in values.items() if value is not None})


def changes(before: Memory, after: Memory, form_was_open: bool) -> list[EventType]:
    """The events that turn one memory into the other; the form is Rasa's active loop while it is open."""
    events: list[EventType] = [
        SlotSet(f.name, getattr(after, f.name))
        for f in fields(Memory)
        if getattr(before, f.name) != getattr(after, f.name)
    ]
    if after.form and not form_was_open:
        events.append(ActiveLoop(FORM))
    if not after.form and form_was_open:
        events += [ActiveLoop(None), SlotSet("requested_slot", None)]
    if after.form:
        events.append(SlotSet("requested_slot", after.form.get("asked") or after.form.get("stage")))
    return [*events, FollowupAction("action_listen")]
