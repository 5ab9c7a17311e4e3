"""One message being answered: what came in, what is remembered, what will be said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from actions.catalog import Catalog, Service, Slot, pick
from actions.checks import Answer
from actions.departments.results import Option, Request, Result
from actions.present import INDIA, Presenter
from actions.replies import Button, Reply, Row
from actions.turn import Memory, Turn

SURE = 0.55
"""From this probability a label counts as understood."""

POSSIBLE = 0.25
"""From this probability a label is worth offering as a choice."""


class Departments(Protocol):
    """The departments as the dialogue sees them (actions/departments/client.py)."""

    async def call(self, function: str, request: Request) -> Result: ...

    async def options(self, function: str, request: Request) -> list[Option]: ...


@dataclass
class Exchange:
    """A turn and its answer in the making; `reconsider` is a transcript to be understood as if just said.

    `retry` is a button for the gateway to press later by itself: a submission that a department could not take.
    """

    turn: Turn
    memory: Memory
    catalog: Catalog
    departments: Departments
    replies: list[Reply] = field(default_factory=list)
    reconsider: str = ""
    retry: str = ""
    forget: bool = False

    @property
    def language(self) -> str:
        """The language of the replies."""
        return self.memory.speaks

    @property
    def today(self) -> date:
        """The day in India."""
        return datetime.now(INDIA).date()

    @property
    def answer(self) -> Answer:
        """The turn as an answer to a question."""
        return Answer(self.turn.text, self.turn.entities, self.turn.location)

    def words(self, key: str, **values: object) -> str:
        """A sentence in the citizen's language."""
        return self.catalog.say(key, self.language, **values)

    def say(self, key: str, **values: object) -> None:
        """Adds a message."""
        self.replies.append(Reply(self.words(key, **values)))

    def ask(self, text: str, *buttons: tuple[str, str]) -> None:
        """Adds a message with buttons, each (id, key of its title)."""
        self.replies.append(Reply(text, buttons=tuple(Button(i, self.words(key)) for i, key in buttons)))

    def offer(self, text: str, rows: Iterable[Row]) -> None:
        """Adds a message with a list to choose from."""
        self.replies.append(Reply(text, rows=tuple(rows), list_title=self.words("list_button")))

    def name(self, service: Service | str) -> str:
        """A service's name in the citizen's language."""
        found = self.catalog.services.get(service) if isinstance(service, str) else service
        return pick(found.name, self.language) if found else str(service)

    def label(self, slot: Slot) -> str:
        """A slot's label in the citizen's language."""
        return pick(slot.label, self.language)

    def presenter(self, service: str = "") -> Presenter:
        """Writes values and results in the citizen's language."""
        return Presenter(self.catalog, self.language, service)

    def candidates(self) -> list[Service]:
        """The services this message may mean: one when it is clear, else up to three that are likely."""
        likely = [r for r in self.turn.ranking if r.service in self.catalog.services and r.confidence >= POSSIBLE]
        if self.turn.service in self.catalog.services and self.turn.confidence >= SURE:
            return [self.catalog.services[self.turn.service]]
        return [self.catalog.services[r.service] for r in likely[:3]]
