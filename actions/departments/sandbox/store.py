"""The sandbox's state in SQLite: every change is one transaction, and changes happen one after another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS cases (
    number TEXT PRIMARY KEY, department TEXT NOT NULL, service TEXT NOT NULL, kind TEXT NOT NULL,
    language TEXT NOT NULL, body TEXT NOT NULL, filed_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS payments (
    number TEXT PRIMARY KEY, department TEXT NOT NULL, account TEXT NOT NULL, period TEXT NOT NULL,
    amount INTEGER NOT NULL, paid_at TEXT NOT NULL, UNIQUE (department, account, period));
CREATE TABLE IF NOT EXISTS bookings (
    number TEXT PRIMARY KEY, department TEXT NOT NULL, amount INTEGER NOT NULL, body TEXT NOT NULL,
    booked_at TEXT NOT NULL, cancelled_at TEXT);
CREATE TABLE IF NOT EXISTS holds (
    resource TEXT NOT NULL, number TEXT NOT NULL REFERENCES bookings, units INTEGER NOT NULL CHECK (units > 0),
    PRIMARY KEY (resource, number));
CREATE TABLE IF NOT EXISTS certificates (
    number TEXT PRIMARY KEY, case_number TEXT NOT NULL UNIQUE, service TEXT NOT NULL, holder TEXT NOT NULL,
    issued TEXT NOT NULL, signature TEXT NOT NULL, token TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS log (
    position INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, leaf BLOB NOT NULL);
CREATE TRIGGER IF NOT EXISTS log_keeps_entries BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS log_keeps_leaves BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TABLE IF NOT EXISTS papers (
    token TEXT PRIMARY KEY, filename TEXT NOT NULL, paper TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS replies (
    path TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (path, key));
"""


class Store:
    """One database file; a connection for each transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction that no other overlaps; kept when the block ends, undone when it raises."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=20, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        try:
            yield connection
        finally:
            connection.close()
