"""The gateway's one secret and what is derived from it: sealed storage and opaque citizen ids."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet


class Vault:
    """Seals what is stored and turns a phone number into an id that says nothing about it."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._fernet = Fernet(base64.urlsafe_b64encode(self._derive("store")))

    def seal(self, data: bytes) -> bytes:
        return self._fernet.encrypt(data)

    def open(self, sealed: bytes) -> bytes:
        """Raises `cryptography.fernet.InvalidToken` when it was sealed with another secret."""
        return self._fernet.decrypt(sealed)

    def opaque(self, kind: str, value: str) -> str:
        """The same 32 letters for the same value, and no way back."""
        text = f"{kind}\0{value}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._derive("names"), text, hashlib.sha256).hex()[:32]

    def _derive(self, use: str) -> bytes:
        return hmac.digest(self._secret, use.encode(), hashlib.sha256)


def open_vault(secret: str, var: Path) -> Vault:
    """The vault of the given secret, or of the one kept in `var` (made on the first start)."""
    return Vault(secret.encode() if secret else _kept(var / "secret"))


def _kept(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secret.{os.getpid()}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        try:
            os.link(draft, path)  # fails when another gateway was first: theirs counts
        except FileExistsError:
            pass
        draft.unlink()
    return path.read_text().strip().encode()
