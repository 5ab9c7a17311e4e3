"""A citizen talking to the dialogue: understanding is given by the test, departments record what they are asked."""

import asyncio
import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

from actions import dialogue
from actions.catalog import Catalog
from actions.departments.results import Application, Bill, Booking, Complaint, Line, Option, Receipt, Request, Status
from actions.exchange import Exchange
from actions.replies import Reply
from actions.turn import Memory, Ranked, Turn

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=timezone.utc)

ANSWERS: dict[str, Any] = {
    "revenue.apply": Application("IC0000123", date(2026, 11, 30), Decimal(35)),
    "revenue.status": Status(
        "IC0000123", "income_certificate", "step_verified", ("step_submitted", "step_verified"), NOW
    ),
    "energy.bill": Bill(
        "1234567890123", Decimal("842.50"), (Line("line_energy_charges", Decimal("800")),), due=date(2026, 12, 5)
    ),
    "energy.pay": Receipt("R77", Decimal("842.50"), NOW, "1234567890123"),
    "energy.emergency": Complaint("EM1", NOW, helpline="1912"),
    "municipal.complain": Complaint("MC1", NOW),
    "apsrtc.fare": Bill("", Decimal(450)),
    "apsrtc.refund": Bill("", Decimal(400)),
    "apsrtc.book": Booking("TK1", Decimal(450)),
}
OPTIONS = {"apsrtc.buses": [Option("b1", {"": "21:00 Garuda"}), Option("b2", {"": "22:30 Express"})]}


@dataclass
class RecordingDepartments:
    """Answers from a table; an exception in the table is raised; every request is kept."""

    answers: dict[str, Any] = field(default_factory=lambda: dict(ANSWERS))
    asked: list[tuple[str, Request]] = field(default_factory=list)

    async def call(self, function: str, request: Request) -> Any:
        self.asked.append((function, request))
        answer = self.answers[function]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def options(self, function: str, request: Request) -> list[Option]:
        return OPTIONS[function]


@dataclass
class Citizen:
    """Says things as understanding would hand them on; `replies` are the last ones."""

    catalog: Catalog
    departments: RecordingDepartments = field(default_factory=RecordingDepartments)
    memory: Memory = field(default_factory=lambda: Memory(language="en", consent=True))
    replies: list[Reply] = field(default_factory=list)
    count: int = 0
    reconsider: str = ""
    retry: str = ""

    def says(
        self, text: str, intent: str = "inform", *entities: dict[str, Any], confidence: float = 0.9, **more: Any
    ) -> str:
        base, _, service = intent.partition("/")
        ranking = more.pop("ranking", (Ranked(base, service, confidence),))
        turn = Turn(text, base, service, confidence, ranking, entities, **more)
        return self._exchange(turn)

    def presses(self, button: str) -> str:
        return self._exchange(Turn("/press", "press", "", 1.0, button=button))

    def _exchange(self, turn: Turn) -> str:
        self.count += 1
        turn = Turn(**{**turn.__dict__, "sender": "c1", "message_id": f"m{self.count}"})
        exchange = Exchange(turn, copy.deepcopy(self.memory), self.catalog, self.departments)
        asyncio.run(dialogue.reply(exchange))
        self.memory, self.replies = exchange.memory, exchange.replies
        self.reconsider, self.retry = exchange.reconsider, exchange.retry
        return "\n".join(reply.text for reply in exchange.replies)

    def sentence(self, key: str, **values: object) -> str:
        return self.catalog.say(key, self.memory.speaks, **values)

    @property
    def asked(self) -> str:
        return (self.memory.form or {}).get("asked", "")

    @property
    def stage(self) -> str:
        return (self.memory.form or {}).get("stage", "")

    @property
    def buttons(self) -> list[str]:
        return [b.id for reply in self.replies for b in reply.buttons]


def entity(kind: str, value: Any, text: str | None = None, **more: Any) -> dict[str, Any]:
    return {"entity": kind, "value": value, "text": str(value if text is None else text), **more}
