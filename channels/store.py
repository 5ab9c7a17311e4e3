"""Three small tables beside the durable turns: who is who, who speaks what, and what Meta has confirmed as sent."""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy import Column, Float, String, Table
from sqlalchemy.pool import NullPool

META = sa.MetaData()
ALIASES = Table(
    "mitra_aliases",
    META,
    Column("alias", String(40), primary_key=True),
    Column("citizen", String(40), nullable=False),
    Column("claimed", String(40)),
)
LANGUAGES = Table(
    "mitra_languages",
    META,
    Column("citizen", String(40), primary_key=True),
    Column("language", String(8), nullable=False),
)
CONFIRMED = Table(
    "mitra_confirmed",
    META,
    Column("key", String(80), primary_key=True),
    Column("at", Float, nullable=False),
)
CONFIRMED_DAYS = 2
CACHED = 50_000


class Store:
    """Blocking calls, milliseconds each; everything in it is opaque ids."""

    def __init__(self, url: str) -> None:
        # Without a pool no connection outlives its call, whichever thread made it.
        waits = {"timeout": 30} if url.startswith("sqlite") else {}
        self._engine = sa.create_engine(url, poolclass=NullPool, connect_args=waits)
        self._cache: dict[str, str] = {}
        self._languages: dict[str, str] = {}

    def open(self) -> None:
        """Make the tables. SQLite is put into its write-ahead mode, where a commit costs one sync."""
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        META.create_all(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def ready(self) -> bool:
        try:
            with self._engine.connect() as connection:
                connection.execute(sa.select(1))
        except sa.exc.SQLAlchemyError:
            return False
        return True

    def citizen(self, lasting: str | None, phone: str | None) -> str:
        """The citizen behind a lasting id and a phone (both already opaque; at least one given).

        A citizen first known by phone alone keeps their conversation when the lasting id appears; a phone that already
        belongs to another lasting id has changed hands.
        """
        key = lasting or phone
        assert key, "neither id is known"
        if key in self._cache:
            return self._cache[key]
        with self._engine.begin() as connection:
            found = self._find(connection, lasting, phone) or key
        if len(self._cache) >= CACHED:
            self._cache.clear()
        self._cache[key] = found
        return found

    def _find(self, connection: sa.Connection, lasting: str | None, phone: str | None) -> str | None:
        rows = {row.alias: row for row in self._rows(connection, [one for one in (lasting, phone) if one])}
        if lasting in rows:
            return str(rows[lasting].citizen)
        known = rows.get(phone) if phone else None
        if lasting is None:
            if known is None:
                connection.execute(_upsert(self._engine, ALIASES, alias=phone, citizen=phone))
            return str(known.citizen) if known else None
        if known is None or known.claimed:
            return None
        connection.execute(ALIASES.update().where(ALIASES.c.alias == phone).values(claimed=lasting))
        connection.execute(_upsert(self._engine, ALIASES, alias=lasting, citizen=known.citizen))
        return str(known.citizen)

    def _rows(self, connection: sa.Connection, aliases: list[str]) -> list[sa.Row[tuple[str, str, str]]]:
        return list(connection.execute(sa.select(ALIASES).where(ALIASES.c.alias.in_(aliases))))

    def language(self, citizen: str) -> str | None:
        """The language of the citizen's last turn."""
        if citizen in self._languages:
            return self._languages[citizen]
        query = sa.select(LANGUAGES.c.language).where(LANGUAGES.c.citizen == citizen)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def remember(self, citizen: str, language: str) -> None:
        if self.language(citizen) == language:
            return
        if len(self._languages) >= CACHED:
            self._languages.clear()
        self._languages[citizen] = language
        with self._engine.begin() as connection:
            connection.execute(LANGUAGES.delete().where(LANGUAGES.c.citizen == citizen))
            connection.execute(_upsert(self._engine, LANGUAGES, citizen=citizen, language=language))

    def confirm(self, keys: list[str]) -> None:
        """Meta has told us about these sent messages: they did go out."""
        with self._engine.begin() as connection:
            for key in keys:
                connection.execute(_upsert(self._engine, CONFIRMED, key=key, at=time.time()))

    def confirmed(self, key: str) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(sa.select(CONFIRMED.c.key).where(CONFIRMED.c.key == key)).first() is not None

    def sweep(self) -> None:
        before = time.time() - CONFIRMED_DAYS * 24 * 3600
        with self._engine.begin() as connection:
            connection.execute(CONFIRMED.delete().where(CONFIRMED.c.at < before))


def _upsert(engine: sa.Engine, table: Table, **values: object) -> sa.Executable:
    """An insert that leaves an existing row alone, in the words of either database."""
    if engine.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgres_insert

        return postgres_insert(table).values(**values).on_conflict_do_nothing()
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert(table).values(**values).on_conflict_do_nothing()
