"""Only what Meta signed comes in."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import BadSignature
from channels.whatsapp import check_signature

SECRET = "app-secret-1"


def sign(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@given(st.binary())
def test_what_meta_signed_is_accepted(body: bytes) -> None:
    check_signature(body, sign(body), SECRET)


@given(st.binary(), st.binary())
def test_one_changed_byte_is_refused(body: bytes, other: bytes) -> None:
    if body != other:
        with pytest.raises(BadSignature):
            check_signature(other, sign(body), SECRET)


@given(st.binary(max_size=20), st.text(min_size=1))
def test_any_other_header_is_refused_and_never_breaks(body: bytes, header: str) -> None:
    with pytest.raises(BadSignature) as refused:
        check_signature(body, header, SECRET)
    assert not refused.value.missing


@pytest.mark.parametrize("header", [None, ""])
def test_a_missing_header_is_told_apart(header: str | None) -> None:
    with pytest.raises(BadSignature) as refused:
        check_signature(b"{}", header, SECRET)
    assert refused.value.missing


def test_another_apps_signature_is_refused() -> None:
    with pytest.raises(BadSignature):
        check_signature(b"{}", sign(b"{}", "another"), SECRET)
