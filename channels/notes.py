"""Audio kept on disk: what citizens said, sealed and only until its turn is done; what Mitra said, for a day."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import regex

from .vault import Vault

KEPT_SECONDS = 24 * 3600
NAME = regex.compile(r"[0-9a-f]{32}")


class Notes:
    """Two folders of `var`: `heard` (sealed) and `audio` (served at /audio/<name>.ogg)."""

    def __init__(self, var: Path, vault: Vault) -> None:
        self._heard = var / "heard"
        self._audio = var / "audio"
        self._vault = vault
        for folder in (self._heard, self._audio):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, name: str, data: bytes) -> str:
        """Seal a citizen's note; durable when this returns."""
        _write(self._heard / name, self._vault.seal(data))
        return name

    def heard(self, name: str) -> bytes | None:
        path = self._heard / name
        return self._vault.open(path.read_bytes()) if path.exists() else None

    def drop(self, name: str) -> None:
        (self._heard / name).unlink(missing_ok=True)

    def publish(self, data: bytes) -> str:
        """Keep a spoken reply for a day under a name made of its content."""
        name = hashlib.sha256(data).hexdigest()[:32]
        _write(self._audio / f"{name}.ogg", data)
        return name

    def spoken(self, name: str) -> Path | None:
        """The file of a spoken reply, None when there is none or its day is over."""
        path = self._audio / f"{name}.ogg"
        return path if NAME.fullmatch(name) and path.exists() else None

    def sweep(self, now: float | None = None) -> int:
        """Remove spoken replies older than a day; how many."""
        before = (now or time.time()) - KEPT_SECONDS
        old = [path for path in self._audio.iterdir() if path.stat().st_mtime < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, also when two write the same file."""
    draft = path.with_name(f".{path.name}.{time.monotonic_ns()}")
    draft.write_bytes(data)
    draft.replace(path)
