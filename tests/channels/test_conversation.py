"""What a citizen gets back on WhatsApp for every kind of message; all tests share one gateway."""

from __future__ import annotations

import asyncio
import json

import pytest

pytestmark = pytest.mark.anyio


def texts(sent: list[dict]) -> list[str]:
    return [one["text"]["body"] for one in sent if one["type"] == "text"]


async def test_a_message_is_answered_on_whatsapp(citizen, eventually) -> None:
    assert (await citizen.writes(body="hello")).status_code == 200
    (sent,) = await eventually(citizen.sent, lambda sent: len(sent) == 1)
    assert sent["to"] == citizen.phone and sent["text"]["body"] == "heard: hello"
    assert citizen.world.graph.indicators[0]["typing_indicator"] == {"type": "text"}


async def test_rasa_never_learns_a_phone_number_as_the_name_of_a_citizen(citizen, eventually) -> None:
    await citizen.writes(body="hello")
    (heard,) = await eventually(citizen.heard, lambda heard: len(heard) == 1)
    assert citizen.phone not in heard["sender"] and citizen.phone not in heard["metadata"]["message_id"]
    assert heard["metadata"]["channel"] == "whatsapp"


async def test_a_redelivered_message_does_nothing_twice(citizen, eventually) -> None:
    for _ in range(3):
        assert (await citizen.writes(body="hello")).status_code == 200
    await citizen.writes(id="in2", body="bye")
    await eventually(citizen.sent, lambda sent: len(sent) == 2)
    await citizen.writes(body="hello")
    await asyncio.sleep(0.3)
    assert [one["message"] for one in citizen.heard()] == ["hello", "bye"] and len(citizen.sent()) == 2


async def test_one_citizens_messages_are_answered_in_order(citizen, eventually) -> None:
    said = [f"{number} {'slow' if number == 0 else 'quick'}" for number in range(5)]
    for number, text in enumerate(said):
        await citizen.writes(id=f"in{number}", body=text)
    await eventually(citizen.sent, lambda sent: len(sent) == 5)
    assert texts(citizen.sent()) == [f"heard: {text}" for text in said]


async def test_a_slow_citizen_does_not_hold_up_another(citizen, neighbour, eventually) -> None:
    await citizen.writes(body="slow")
    await neighbour.writes(body="quick")
    await eventually(neighbour.sent, lambda sent: len(sent) == 1)
    assert citizen.sent() == []
    await eventually(citizen.sent, lambda sent: len(sent) == 1)


async def test_buttons_lists_documents_and_several_replies_reach_the_phone(citizen, eventually) -> None:
    await citizen.writes(body="buttons")
    await citizen.writes(id="in2", body="twice")
    await citizen.writes(id="in3", body="list")
    sent = await eventually(citizen.sent, lambda sent: len(sent) == 4)
    assert [one["type"] for one in sent] == ["interactive", "text", "text", "interactive"]
    assert sent[0]["interactive"]["action"]["buttons"][0]["reply"] == {"id": "yes", "title": "Yes"}
    assert sent[3]["interactive"]["action"]["button"] == "Pick"


@pytest.mark.parametrize("name", ["button_reply", "list_reply", "location"])
async def test_presses_and_places_reach_rasa_as_such(name, citizen, webhook, eventually) -> None:
    await citizen.writes(webhook(name))
    (heard,) = await eventually(citizen.heard, lambda heard: len(heard) == 1)
    assert heard["message"].startswith("/locate{" if name == "location" else "/press{")


async def test_a_voice_note_is_fetched_heard_and_answered_in_text_and_voice(citizen, eventually) -> None:
    citizen.world.graph.media["voice1"] = b"hello from a note"
    await citizen.writes(voice("voice1"))
    sent = await eventually(citizen.sent, lambda sent: len(sent) == 2)
    await eventually(lambda: list((citizen.world.settings.var / "heard").iterdir()), lambda left: left == [])
    assert citizen.heard()[0]["metadata"]["confidence"] == 0.9
    assert sent[0]["text"]["body"] == "heard: hello from a note"
    assert (
        sent[1]["audio"]["voice"]
        and citizen.world.graph.media[sent[1]["audio"]["id"]] == b"en:heard: hello from a note"
    )


def voice(media: str, id: str = "note1") -> bytes:
    audio = {"id": media, "mime_type": "audio/ogg; codecs=opus", "voice": True}
    message = {"from": "919000000001", "id": f"wamid.{id}", "timestamp": "1", "type": "audio", "audio": audio}
    return json.dumps({"entry": [{"changes": [{"field": "messages", "value": {"messages": [message]}}]}]}).encode()


async def test_a_slow_note_does_not_hold_up_text(citizen, neighbour, eventually) -> None:
    citizen.world.graph.media["voice1"] = b"slow note"
    await citizen.writes(voice("voice1"))
    await neighbour.writes(body="quick")
    await eventually(neighbour.sent, lambda sent: len(sent) == 1)
    assert citizen.sent() == []
    await eventually(citizen.sent, lambda sent: len(sent) == 2)


@pytest.mark.parametrize("reason", ["silent", "noise", "too_long", "not_audio", "corrupt", "wrong_script", "uncertain"])
async def test_a_note_that_cannot_be_heard_gets_its_own_sentence(reason, citizen, eventually) -> None:
    citizen.world.graph.media["voice1"] = f"unheard {reason}".encode()
    await citizen.writes(voice("voice1"))
    (sent, *_) = await eventually(citizen.sent, lambda sent: len(sent) >= 1)
    wanted = citizen.say(f"unheard_{reason}", "te")
    assert sent["text"]["body"] == wanted and citizen.heard() == []


async def test_a_note_that_meta_no_longer_has_is_said_to_be_lost(citizen, eventually) -> None:
    await citizen.writes(voice("gone"))
    (sent, *_) = await eventually(citizen.sent, lambda sent: len(sent) >= 1)
    assert sent["text"]["body"] == citizen.say("unheard_lost", "te")


@pytest.mark.parametrize(
    "name", ["image", "video", "sticker", "document_pdf", "contacts", "edit", "unknown_type", "unsupported"]
)
async def test_what_cannot_be_read_gets_a_clear_answer(name, citizen, webhook, eventually) -> None:
    await citizen.writes(webhook(name))
    (sent,) = await eventually(citizen.sent, lambda sent: len(sent) == 1)
    assert sent["recipient"].startswith("IN.") and "to" not in sent and sent["text"]["body"]
    assert citizen.heard() == []


async def test_our_own_sentences_come_in_the_citizens_last_language(citizen, eventually) -> None:
    await citizen.writes(body="hindi please")
    await citizen.writes(id="in2", type="sticker")
    sent = await eventually(citizen.sent, lambda sent: len(sent) == 2)
    hindi, telugu = (citizen.say("unsupported_sticker", language) for language in ("hi", "te"))
    assert sent[1]["text"]["body"] == hindi != telugu
