"""Turns through the WhatsApp webhook: stored first, done once, in order per citizen, resumed after a stop."""

from __future__ import annotations

import asyncio
import json

import pytest

pytestmark = pytest.mark.anyio


def texts(sent: list[dict]) -> list[str]:
    return [one["text"]["body"] for one in sent if one["type"] == "text"]


async def test_a_redelivery_after_a_restart_does_nothing_twice(world, deliver, eventually) -> None:
    async with world.gateway() as client:
        await deliver(client, body="hello")
        await eventually(world.sent, lambda sent: len(sent) == 1)
    async with world.gateway() as client:
        await deliver(client, body="hello")
        await asyncio.sleep(0.3)
    assert len(world.heard()) == len(world.sent()) == 1


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
    await asyncio.sleep(1.1)
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


async def test_while_rasa_is_down_the_citizen_is_told_and_is_answered_later(world, deliver, eventually) -> None:
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
