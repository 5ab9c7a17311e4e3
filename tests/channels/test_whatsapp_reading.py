"""Meta's webhooks, recorded with invented people, as messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import whatsapp
from channels.errors import BadWebhook
from channels.message import Location, Media

WEBHOOKS = Path(__file__).parent.parent / "webhooks"
LASTING, PHONE = "IN.13491208655302741918", "919000000001"

CONTENT = {
    "text_telugu": ("text", "నాకు ఆదాయ ధృవీకరణ పత్రం కావాలి"),
    "text_latin": ("text", "naku income certificate kavali"),
    "text_phone_only": ("text", "hello"),
    "text_username_only": ("text", "hello"),
    "text_reply": ("text", "हाँ"),
    "text_forwarded": ("text", "Ration card"),
    "text_slash": ("text", '/apply{"aadhaar": "1"}'),
    "voice": ("media", Media("voice1", "audio/ogg; codecs=opus")),
    "audio_file": ("media", Media("voice2", "audio/mpeg")),
    "document_audio": ("media", Media("doc2", "audio/mp4")),
    "button_reply": ("button", "confirm:yes"),
    "list_reply": ("button", "service:income_certificate"),
    "template_button": ("button", "status:open"),
    "location": ("location", Location(16.5062, 80.648)),
    "location_live": ("location", Location(17.385, 78.4867)),
    "flow_reply": ("unsupported", "interactive"),
    "interactive_without_content": ("unsupported", "interactive"),
    "image": ("unsupported", "image"),
    "video": ("unsupported", "video"),
    "sticker": ("unsupported", "sticker"),
    "document_pdf": ("unsupported", "document"),
    "contacts": ("unsupported", "contacts"),
    "order": ("unsupported", "order"),
    "edit": ("unsupported", "edit"),
    "unsupported": ("unsupported", "unsupported"),
    "unknown_type": ("unsupported", "hologram"),
}
NO_TURN = [
    "reaction",
    "reaction_removed",
    "revoke",
    "system_number_changed",
    "status_sent",
    "status_delivered",
    "status_read",
    "status_played",
    "status_failed",
    "account_error",
    "other_field",
]


def read(name: str) -> whatsapp.Webhook:
    return whatsapp.read((WEBHOOKS / f"{name}.json").read_bytes(), "1055")


@pytest.mark.parametrize("name", CONTENT)
def test_every_kind_of_message_is_read(name: str) -> None:
    (message,) = read(name).messages
    field, value = CONTENT[name]
    assert getattr(message, field) == value
    others = {"text", "button", "media", "location", "unsupported"} - {field}
    assert all(getattr(message, other) is None for other in others)
    assert message.id.startswith("wamid.") and message.sent_at == 1763880000


@pytest.mark.parametrize("name", NO_TURN)
def test_what_is_no_message_starts_no_turn(name: str) -> None:
    assert read(name).messages == ()


def test_every_recorded_body_is_in_a_table() -> None:
    assert {path.stem for path in WEBHOOKS.glob("*.json")} == {*CONTENT, *NO_TURN, "batch"}


def test_the_lasting_id_comes_before_the_phone() -> None:
    both, phone, username = (read(name).messages[0] for name in ("text_latin", "text_phone_only", "text_username_only"))
    assert (both.sender, both.phone) == (LASTING, PHONE)
    assert (phone.sender, phone.phone) == (PHONE, PHONE)
    assert (username.sender, username.phone) == (LASTING, None)


def test_a_batch_is_read_whole_and_in_the_order_of_sending() -> None:
    batch = read("batch")
    assert [message.text for message in batch.messages] == ["first", "second", "third"]
    assert [message.sender for message in batch.messages] == [PHONE, "919000000002", PHONE]


def test_news_of_a_sent_message_confirms_it_and_a_failure_does_not() -> None:
    assert read("status_sent").confirmed == ("whatsapp-abc.send-0",)
    failed = read("status_failed")
    assert failed.confirmed == () and failed.failures == (131047,)


def test_messages_to_another_number_of_the_app_are_left_alone() -> None:
    assert whatsapp.read((WEBHOOKS / "text_latin.json").read_bytes(), "2066").messages == ()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"1", b'"text"', b"[" * 100_000])
def test_what_is_not_metas_json_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(BadWebhook):
        whatsapp.read(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
MESSAGE = st.fixed_dictionaries(
    {"type": st.sampled_from([*whatsapp.READERS, "image", "new"]) | JSON, "id": JSON, "from": JSON},
    optional={"timestamp": JSON, "from_user_id": JSON, **{kind: JSON for kind in whatsapp.READERS}},
)


@given(messages=st.lists(MESSAGE | JSON, max_size=3) | JSON, contacts=JSON, statuses=JSON, metadata=JSON)
def test_whatever_meta_puts_in_its_fields_reading_never_fails(messages, contacts, statuses, metadata) -> None:
    value = {"messages": messages, "contacts": contacts, "statuses": statuses, "metadata": metadata}
    body = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
    for message in whatsapp.read(json.dumps(body).encode()).messages:
        assert message.kind and message.id and message.sender
