"""The actions Rasa knows: each hands the message to the dialogue and gives back what it said and what changed."""

from __future__ import annotations

import copy
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, UserUttered
from rasa_sdk.executor import CollectingDispatcher

from actions import dialogue
from actions.catalog import Catalog, load
from actions.departments.client import Settings as DepartmentSettings
from actions.departments.registry import Departments
from actions.exchange import Exchange
from actions.replies import Reply
from actions.turn import FORM, changes, read_memory, read_turn

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """What the action server is told by its environment."""

    rasa_url: str
    rasa_token: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Reads RASA_URL and RASA_TOKEN."""
        return cls(environment.get("RASA_URL", "http://127.0.0.1:5005"), environment.get("RASA_TOKEN", ""))


@cache
def catalog() -> Catalog:
    """The catalog, read once."""
    return load(ROOT / "nlu_data")


@cache
def departments() -> Departments:
    """The clients of all departments, opened once."""
    return Departments(DepartmentSettings.from_environment(os.environ))


@cache
def settings() -> Settings:
    """The settings, read once."""
    return Settings.from_environment(os.environ)


class _DialogueAction(Action, ABC):
    @abstractmethod
    def name(self) -> str:
        """As in domain.yml."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """One message through the dialogue."""
        memory = read_memory(tracker)
        before = copy.deepcopy(memory)
        exchange = Exchange(read_turn(tracker), memory, catalog(), departments())
        await dialogue.reply(exchange)
        for reply in exchange.replies:
            _send(dispatcher, reply, exchange)
        if not exchange.replies:
            dispatcher.utter_message(json_message=_closing(exchange))
        _keep(exchange)
        events = changes(before, memory, (tracker.active_loop or {}).get("name") == FORM)
        return events + await _again(exchange, tracker) if exchange.reconsider else events


def _send(dispatcher: CollectingDispatcher, reply: Reply, exchange: Exchange) -> None:
    buttons = [{"title": b.title, "payload": f"/press{json.dumps({'button': b.id})}"} for b in reply.buttons]
    closing = _closing(exchange)
    if reply.rows:
        closing["list"] = {"button": reply.list_title, "rows": [asdict(row) for row in reply.rows]}
    if reply.document_url:
        closing["document"] = {"url": reply.document_url, "filename": reply.filename}
    if reply.location:
        closing["request_location"] = True
    dispatcher.utter_message(text=reply.text, buttons=buttons, json_message=closing)


def _closing(exchange: Exchange) -> dict[str, Any]:
    """What the gateway needs to know beside the words; `retry` and `forget` are requests to it."""
    told: dict[str, Any] = {
        "language": exchange.language,
        "intent": _intent(exchange),
        "service": _service(exchange),
    }
    if exchange.retry:
        told["retry"] = exchange.retry
    if exchange.forget:
        told["forget"] = True
    return told


def _intent(exchange: Exchange) -> str:
    """What the message came to: for a button, what pressing it means."""
    action, _, value = exchange.turn.button.partition(":")
    if action == "language":
        return "change_language"
    if action == "service" and value in exchange.catalog.services:
        return exchange.catalog.services[value].kind
    return {"yes": "affirm", "confirm": "affirm", "no": "deny"}.get(action, exchange.turn.intent)


def _service(exchange: Exchange) -> str | None:
    open_form = (exchange.memory.form or {}).get("service")
    return open_form or exchange.turn.service or exchange.memory.service


def _keep(exchange: Exchange) -> None:
    """For "say that again"; a repetition is not kept over what it repeats."""
    if exchange.replies and exchange.turn.intent != "repeat":
        exchange.memory.said = [asdict(reply) for reply in exchange.replies]


async def _again(exchange: Exchange, tracker: Tracker) -> list[EventType]:
    """The transcript the citizen agreed to, as a message of its own: Rasa predicts anew after it."""
    async with httpx.AsyncClient(timeout=10) as client:
        answer = await client.post(
            f"{settings().rasa_url}/model/parse",
            params={"token": settings().rasa_token},
            json={"text": exchange.reconsider},
        )
    parsed = answer.raise_for_status().json()
    said = tracker.latest_message.get("metadata") or {}
    metadata = {key: value for key, value in said.items() if key in {"message_id", "phone", "channel"}}
    return [ActionExecuted("action_listen"), UserUttered(exchange.reconsider, {**parsed, "metadata": metadata})]


class ServiceForm(_DialogueAction):
    """The one form; Rasa's active loop."""

    def name(self) -> str:
        """As in domain.yml."""
        return FORM


class Answer(_DialogueAction):
    """Questions about a service."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_answer"


class Talk(_DialogueAction):
    """Everything that is not about one service."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_talk"


class Press(_DialogueAction):
    """Buttons and shared places."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_press"


class Restart(_DialogueAction):
    """In place of Rasa's own, which would forget the language too."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_restart"
