"""Rasa's stored conversations, for the one thing its API cannot do: forgetting a citizen."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

EVENTS = sa.table("events", sa.column("sender_id"))


class Conversations:
    """The tracker store that channels/endpoints.yml names; blocking calls, milliseconds each."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url, poolclass=NullPool)

    def forget(self, citizen: str) -> None:
        """Delete every event of a citizen; nothing happens where none was stored yet."""
        if sa.inspect(self._engine).has_table(EVENTS.name):
            with self._engine.begin() as connection:
                connection.execute(sa.delete(EVENTS).where(EVENTS.c.sender_id == citizen))
