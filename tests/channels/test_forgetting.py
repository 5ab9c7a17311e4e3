"""A citizen's stored conversation is gone after they say so, and nobody else's."""

import sqlite3
from pathlib import Path

from channels.conversations import Conversations


def test_only_the_citizens_own_events_are_deleted(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    with sqlite3.connect(path) as database:
        database.execute("create table events (id integer primary key, sender_id text, data text)")
        database.executemany("insert into events (sender_id, data) values (?, 'x')", [("a",), ("b",), ("a",)])
    Conversations(f"sqlite:///{path}").forget("a")
    with sqlite3.connect(path) as database:
        assert database.execute("select sender_id from events").fetchall() == [("b",)]


def test_forgetting_somebody_who_never_wrote_is_fine(tmp_path: Path) -> None:
    Conversations(f"sqlite:///{tmp_path / 'none.db'}").forget("a")
