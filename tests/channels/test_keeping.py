"""What the gateway keeps: its secret, notes, and the three small tables."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from channels.notes import KEPT_SECONDS, Notes
from channels.store import Store
from channels.vault import Vault, open_vault


@given(st.binary())
def test_what_is_sealed_opens_with_the_same_secret_only(data: bytes) -> None:
    sealed = Vault(b"one").seal(data)
    assert Vault(b"one").open(sealed) == data
    with pytest.raises(InvalidToken):
        Vault(b"two").open(sealed)


def test_an_opaque_name_depends_on_kind_value_and_secret() -> None:
    names = {
        Vault(secret).opaque(kind, value)
        for secret in (b"1", b"2")
        for kind in ("p", "q")
        for value in ("91", "92", "\ud800")
    }
    assert len(names) == 12 and all(len(name) == 32 for name in names)


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, second = open_vault("", tmp_path), open_vault("", tmp_path)
    assert second.open(first.seal(b"x")) == b"x"
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_note_is_sealed_on_disk_until_it_is_dropped(tmp_path: Path) -> None:
    notes = Notes(tmp_path, Vault(b"one"))
    notes.keep("t1", b"a citizen's voice")
    assert notes.heard("t1") == b"a citizen's voice" and b"voice" not in (tmp_path / "heard" / "t1").read_bytes()
    notes.drop("t1")
    assert notes.heard("t1") is None
    notes.drop("t1")


def test_a_spoken_reply_is_kept_for_a_day(tmp_path: Path) -> None:
    notes = Notes(tmp_path, Vault(b"one"))
    name = notes.publish(b"sound")
    assert notes.publish(b"sound") == name and (path := notes.spoken(name)) and path.read_bytes() == b"sound"
    assert notes.sweep() == 0
    os.utime(path, (0, time.time() - KEPT_SECONDS - 1))
    assert notes.sweep() == 1 and notes.spoken(name) is None


@pytest.mark.parametrize("name", ["../secret", "", "x" * 32, "0" * 31])
def test_no_other_file_is_a_spoken_reply(name: str, tmp_path: Path) -> None:
    assert Notes(tmp_path, Vault(b"one")).spoken(name) is None


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(f"sqlite:///{tmp_path / 'small.db'}")
    store.open()
    return store


def reopened(store: Store) -> Store:
    return Store(str(store._engine.url))


def test_a_citizen_known_by_phone_keeps_their_conversation_when_the_lasting_id_appears(store: Store) -> None:
    before = store.citizen(None, "p1")
    assert (
        store.citizen("l1", "p1")
        == before
        == reopened(store).citizen("l1", None)
        == reopened(store).citizen(None, "p1")
    )


def test_a_phone_that_changed_hands_brings_no_conversation_along(store: Store) -> None:
    before = store.citizen(None, "p1")
    store.citizen("l1", "p1")
    assert store.citizen("l2", "p1") == "l2" != before == reopened(store).citizen("l1", "p1")


def test_the_last_language_is_remembered(store: Store) -> None:
    assert store.language("c") is None
    for language in ("hi", "hi", "te"):
        store.remember("c", language)
    assert store.language("c") == reopened(store).language("c") == "te"


def test_what_meta_confirmed_is_known(store: Store) -> None:
    store.confirm(["k1", "k2", "k1"])
    assert store.confirmed("k1") and not store.confirmed("k3")
    store.sweep()
    assert store.confirmed("k1")


def test_a_database_that_cannot_be_reached_is_not_ready(tmp_path: Path, store: Store) -> None:
    assert store.ready() and not Store(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}").ready()
