"""Turns through the WhatsApp webhook: stored first, done once, in order per citizen, resumed after a stop."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

pytestmark = pytest.mark.anyio


def texts(sent: list[dict]) -> list[str]:
    return [one["text"]["body"] for one in sent if one["type"] == "text"]


async def test_a_message_is_answered_on_whatsapp(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        assert (await deliver(client, body="hello")).status_code == 200
        (sent,) = await eventually(world.sent, lambda sent: len(sent) == 1)
    assert sent["to"] == "919000000001" and sent["text"]["body"] == "heard: hello"
    assert world.graph.indicators[0]["typing_indicator"] == {"type": "text"}


async def test_rasa_never_learns_a_phone_number_as_the_name_of_a_citizen(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, body="hello")
        (heard,) = await eventually(world.heard, lambda heard: len(heard) == 1)
    assert "919000000001" not in heard["sender"] and "919000000001" not in heard["metadata"]["message_id"]
    assert heard["metadata"]["channel"] == "whatsapp" and heard["metadata"]["phone"] == "919000000001"


async def test_a_redelivered_message_does_nothing_twice(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        for _ in range(3):
            assert (await deliver(client, body="hello")).status_code == 200
        await deliver(client, id="in2", body="bye")
        await eventually(world.sent, lambda sent: len(sent) == 2)
        await deliver(client, body="hello")
        await asyncio.sleep(0.3)
    assert world.texts() == ["hello", "bye"] and len(world.sent()) == 2


async def test_a_redelivery_after_a_restart_does_nothing_twice(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, body="hello")
        await eventually(world.sent, lambda sent: len(sent) == 1)
    async with world.gateway() as client:
        await deliver(client, body="hello")
        await asyncio.sleep(0.3)
    assert len(world.heard()) == len(world.sent()) == 1


async def test_one_citizens_messages_are_answered_in_order(world, deliver, eventually) -> None:
    said = [f"{number} {'slow' if number == 0 else 'quick'}" for number in range(5)]
    async with world.gateway() as client:
        for number, text in enumerate(said):
            await deliver(client, id=f"in{number}", body=text)
        await eventually(world.sent, lambda sent: len(sent) == 5)
    assert texts(world.sent()) == [f"heard: {text}" for text in said]


async def test_a_slow_citizen_does_not_hold_up_another(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, body="slow")
        await deliver(client, id="in2", sender="919000000002", body="quick")
        (first, *_) = await eventually(world.sent, lambda sent: len(sent) == 1)
        assert first["to"] == "919000000002"
        await eventually(world.sent, lambda sent: len(sent) == 2)


async def test_a_batch_of_messages_starts_one_turn_each(world, webhook, deliver, eventually) -> None:
    async with world.gateway() as client:
        assert (await deliver(client, webhook("batch"))).status_code == 200
        await eventually(world.sent, lambda sent: len(sent) == 3)
    mine = [one["text"]["body"] for one in world.sent() if one["to"] == "919000000001"]
    assert mine == ["heard: first", "heard: third"]


async def test_a_turn_cut_by_a_stop_goes_on_after_it_and_rasa_hears_it_once(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, body="slow one")
        await deliver(client, id="in2", body="after it")
        await eventually(world.heard, lambda heard: len(heard) == 1)
    assert world.sent() == []
    await asyncio.sleep(2.2)
    async with world.gateway():
        await eventually(world.sent, lambda sent: len(sent) == 2, 15)
    assert texts(world.sent()) == ["heard: slow one", "heard: after it"]
    assert world.texts() == ["slow one", "after it"]


async def test_a_reply_that_meta_confirmed_before_the_stop_is_not_sent_again(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        gateway = client.app.state.gateway
        await deliver(client, body="hello")
        (sent,) = await eventually(world.sent, lambda sent: len(sent) == 1)
        status = {"id": "wamid.out1", "status": "sent", "biz_opaque_callback_data": sent["biz_opaque_callback_data"]}
        value = {"metadata": {"phone_number_id": "1055"}, "statuses": [status]}
        news = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
        await deliver(client, json.dumps(news).encode())
        outlet = gateway.kit.outlets["whatsapp"]
        again = await outlet.send(None, ("text", {"body": "again"}), sent["biz_opaque_callback_data"], fresh=False)
    assert again == "sent before" and len(world.sent()) == 1


async def test_while_rasa_is_down_the_citizen_is_told_and_the_message_is_answered_later(world, deliver, eventually) -> None:
    (world.folder / "down").touch()
    async with world.gateway() as client:
        await deliver(client, body="hello")
        (told,) = await eventually(world.sent, lambda sent: len(sent) == 1, 15)
        assert "heard" not in told["text"]["body"]
        (world.folder / "down").unlink()
        sent = await eventually(world.sent, lambda sent: len(sent) == 2, 15)
    assert sent[1]["text"]["body"] == "heard: hello" and world.texts() == ["hello"]


async def test_when_rasa_has_nothing_to_say_the_citizen_is_told(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, body="silent")
        (told,) = await eventually(world.sent, lambda sent: len(sent) == 1)
    assert told["text"]["body"] and len(world.heard()) == 2


async def test_a_busy_meta_is_tried_again_and_a_closed_window_is_not(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        world.graph.failures[:] = [131000]
        await deliver(client, body="hello")
        await eventually(world.sent, lambda sent: len(sent) == 1, 15)
        world.graph.failures[:] = [131047]
        await deliver(client, id="in2", body="closed")
        await deliver(client, id="in3", body="open")
        await eventually(world.sent, lambda sent: len(sent) == 2, 15)
        assert texts(world.sent()) == ["heard: hello", "heard: open"]
        assert 'kind="send_window_closed"' in (await client.get("/metrics")).text


async def test_what_citizens_say_is_nowhere_in_the_database(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, body="my name is Lakshmi")
        await eventually(world.sent, lambda sent: len(sent) == 1)
    stored = b"".join(path.read_bytes() for path in world.settings.var.glob("mitra.db*"))
    assert len(stored) > 10_000 and b"Lakshmi" not in stored and b"919000000001" not in stored


async def test_buttons_lists_documents_and_several_replies_reach_the_phone(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, body="buttons")
        await deliver(client, id="in2", body="twice")
        await deliver(client, id="in3", body="list")
        sent = await eventually(world.sent, lambda sent: len(sent) == 4)
    assert [one["type"] for one in sent] == ["interactive", "text", "text", "interactive"]
    assert sent[0]["interactive"]["action"]["buttons"][0]["reply"] == {"id": "yes", "title": "Yes"}
    assert sent[3]["interactive"]["action"]["button"] == "Pick"


@pytest.mark.parametrize("name", ["button_reply", "list_reply", "location"])
async def test_presses_and_places_reach_rasa_as_such(name, world, webhook, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, webhook(name))
        (heard,) = await eventually(world.heard, lambda heard: len(heard) == 1)
    assert heard["message"].startswith("/locate{" if name == "location" else "/press{")


async def test_a_voice_note_is_fetched_heard_and_answered_in_text_and_voice(world, deliver, eventually) -> None:
    world.graph.media["voice1"] = b"hello from a note"
    async with world.gateway() as client:
        await deliver(client, voice("voice1"))
        sent = await eventually(world.sent, lambda sent: len(sent) == 2)
        await eventually(lambda: list((world.settings.var / "heard").iterdir()), lambda left: left == [])
    assert world.heard()[0]["metadata"]["confidence"] == 0.9
    assert sent[0]["text"]["body"] == "heard: hello from a note"
    assert sent[1]["audio"]["voice"] and world.graph.media[sent[1]["audio"]["id"]] == b"en:heard: hello from a note"


def voice(media: str, id: str = "note1") -> bytes:
    audio = {"id": media, "mime_type": "audio/ogg; codecs=opus", "voice": True}
    message = {"from": "919000000001", "id": f"wamid.{id}", "timestamp": "1", "type": "audio", "audio": audio}
    return json.dumps({"entry": [{"changes": [{"field": "messages", "value": {"messages": [message]}}]}]}).encode()


async def test_a_slow_note_does_not_hold_up_text(world, deliver, eventually) -> None:
    world.graph.media["voice1"] = b"slow note"
    async with world.gateway() as client:
        await deliver(client, voice("voice1"))
        began = time.monotonic()
        await deliver(client, sender="919000000002", body="quick")
        await eventually(world.sent, lambda sent: len(sent) == 1)
        assert time.monotonic() - began < 1.2
        await eventually(world.sent, lambda sent: len(sent) == 3)


@pytest.mark.parametrize("reason", ["silent", "noise", "too_long", "not_audio", "corrupt", "wrong_script", "uncertain"])
async def test_a_note_that_cannot_be_heard_gets_its_own_sentence(reason, world, deliver, eventually) -> None:
    world.graph.media["voice1"] = f"unheard {reason}".encode()
    async with world.gateway() as client:
        await deliver(client, voice("voice1"))
        (sent, *_) = await eventually(world.sent, lambda sent: len(sent) >= 1)
        wanted = client.app.state.gateway.kit.sentences.say(f"unheard_{reason}", "te")
    assert sent["text"]["body"] == wanted and world.heard() == []


async def test_a_note_that_meta_no_longer_has_is_said_to_be_lost(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, voice("gone"))
        (sent, *_) = await eventually(world.sent, lambda sent: len(sent) >= 1)
        assert sent["text"]["body"] == client.app.state.gateway.kit.sentences.say("unheard_lost", "te")


@pytest.mark.parametrize("name", ["image", "video", "sticker", "document_pdf", "contacts", "edit", "unknown_type", "unsupported"])
async def test_what_cannot_be_read_gets_a_clear_answer(name, world, webhook, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, webhook(name))
        (sent,) = await eventually(world.sent, lambda sent: len(sent) == 1)
    assert sent["recipient"].startswith("IN.") and "to" not in sent and sent["text"]["body"]
    assert world.heard() == []


async def test_our_own_sentences_come_in_the_citizens_last_language(world, webhook, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, body="hindi please")
        await deliver(client, id="in2", type="sticker")
        sent = await eventually(world.sent, lambda sent: len(sent) == 2)
        say = client.app.state.gateway.kit.sentences.say
    assert sent[1]["text"]["body"] == say("unsupported_sticker", "hi") != say("unsupported_sticker", "te")
