"""What every department's desk shares: the store, the clock, the seal, the texts; and calls that happen once."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from actions.departments.sandbox.refusal import Refusal
from actions.departments.sandbox.seal import Seal
from actions.departments.sandbox.settings import Settings
from actions.departments.sandbox.store import Store
from actions.departments.sandbox.texts import LANGUAGES, Texts

INDIA = timezone(timedelta(hours=5, minutes=30))

Json = dict[str, Any]


def india_now() -> datetime:
    """The time in India."""
    return datetime.now(INDIA)


class Body(BaseModel):
    """What a caller sends: camelCase in JSON, anything unknown is ignored."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", coerce_numbers_to_str=True
    )


class Reply(BaseModel):
    """What a department answers: camelCase in JSON."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


@dataclass(frozen=True)
class Desk:
    """The parts that all departments use."""

    settings: Settings
    store: Store
    now: Callable[[], datetime]
    seal: Seal
    texts: Texts


@dataclass(frozen=True)
class Counter:
    """One call at a department's desk: who is asked, in which language, and under which key."""

    desk: Desk
    department: str
    language: str
    key: str
    path: str

    @property
    def now(self) -> datetime:
        """The time of the call."""
        return self.desk.now()

    def once(self, body: BaseModel, act: Callable[[sqlite3.Connection], Reply]) -> Json:
        """Act in a transaction; the same key again gets the same answer and nothing happens twice."""
        sent = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
        with self.desk.store.transaction() as db:
            known = self._known(db, sent)
            if known is not None:
                return known
            answer = act(db).model_dump(mode="json", by_alias=True, exclude_none=True)
            if self.key:
                row = (self.path, self.key, sent, json.dumps(answer))
                db.execute("INSERT INTO replies VALUES (?, ?, ?, ?)", row)
            return answer

    def _known(self, db: sqlite3.Connection, sent: str) -> Json | None:
        row = db.execute(
            "SELECT body, answer FROM replies WHERE path = ? AND key = ?", (self.path, self.key)
        ).fetchone()
        if row is None:
            return None
        if row["body"] != sent:
            raise Refusal(422, "denied_key_reused")
        answer: Json = json.loads(row["answer"])
        return answer


def _counter(request: Request) -> Counter:
    language = request.headers.get("Accept-Language", "en")[:2].lower()
    return Counter(
        desk=request.app.state.desk,
        department=request.app.state.department,
        language=language if language in LANGUAGES else "en",
        key=request.headers.get("Idempotency-Key", ""),
        path=request.url.path,
    )


At = Annotated[Counter, Depends(_counter)]


def masked(values: Mapping[str, Any]) -> Json:
    """The values as they may be kept: of an Aadhaar number only the last four digits."""
    return {
        name: f"XXXX XXXX {str(given)[-4:]}" if name == "aadhaar" and given else given for name, given in values.items()
    }
