"""Ed25519 signatures over what a certificate says, short enough for a QR code and checked without a network."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from unicodedata import normalize
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


class Seal:
    """The departments' signing key, made on first use and kept in a file that only its owner reads."""

    def __init__(self, path: Path) -> None:
        self._key = _load(path)

    def sign(self, claims: Mapping[str, str]) -> str:
        """The signature over the claims, base64url."""
        return encode(self._key.sign(canonical(claims)))

    def public_pem(self) -> str:
        """The public key."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def public(self) -> Ed25519PublicKey:
        """The public key."""
        return self._key.public_key()


def canonical(claims: Mapping[str, str]) -> bytes:
    """The one way to write the claims down: sorted, composed, UTF-8."""
    composed = {name: normalize("NFC", claim) for name, claim in claims.items()}
    return json.dumps(composed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def address(public_url: str, number: str, claims: Mapping[str, str], signature: str) -> str:
    """What the QR code holds: where to check online, and all that is needed to check offline."""
    return f"{public_url}/verify/{number}?c={encode(canonical(claims))}&s={signature}"


def check(scanned: str, public: Ed25519PublicKey) -> dict[str, str] | None:
    """The claims of a scanned QR code when its signature holds, without a network; else None."""
    query = parse_qs(urlsplit(scanned).query)
    try:
        signed = decode(query["c"][0])
        public.verify(decode(query["s"][0]), signed)
        claims: dict[str, str] = json.loads(signed)
    except (KeyError, ValueError, InvalidSignature):
        return None
    return claims


def encode(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of `encode`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _load(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        _create(path)
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the signing key is not Ed25519")
    return key


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
