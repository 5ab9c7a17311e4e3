"""The message API, the understanding API, the page's routes and the webhook's edges; all tests share one gateway."""

from __future__ import annotations

import asyncio
import json

import pytest

from channels.limits import Pace

pytestmark = pytest.mark.anyio


@pytest.fixture
def client(shared):
    return shared[1]


async def say(client, sender: str, **said):
    response = await client.post("/api/messages", json={"sender": sender, **said})
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_message_is_answered_in_the_documented_shape(client) -> None:
    answer = await say(client, "shape", text="buttons list paper")
    assert {key: answer[key] for key in ("language", "transcript", "intent", "service")} == {
        "language": "en",
        "transcript": None,
        "intent": "greet",
        "service": None,
    }
    (reply,) = answer["replies"]
    assert reply["text"] == "heard: buttons list paper" and reply["audio"] is None
    assert reply["buttons"] == [{"id": "yes", "title": "Yes"}]
    assert reply["list"] == [{"id": "a", "title": "A", "description": "first"}]
    assert reply["document"] == {"url": "/documents/revenue/papers/0123456789abcdefXY.pdf", "filename": "income.pdf"}


async def test_a_spoken_message_is_heard_and_answered_aloud(client) -> None:
    files = {"audio": ("note.ogg", b"hello there", "audio/ogg")}
    response = await client.post("/api/messages", data={"sender": "spoken"}, files=files)
    answer = response.json()
    assert answer["transcript"] == {"text": "hello there", "language": "en", "confidence": 0.9}
    sound = await client.get(answer["replies"][0]["audio"]["url"])
    assert sound.content == b"en:heard: hello there" and sound.headers["Content-Type"] == "audio/ogg"


async def test_a_reply_that_cannot_be_spoken_still_comes_as_text(client) -> None:
    files = {"audio": ("note.ogg", b"mute please", "audio/ogg")}
    answer = (await client.post("/api/messages", data={"sender": "mute"}, files=files)).json()
    assert answer["replies"][0]["text"] == "heard: mute please" and answer["replies"][0]["audio"] is None


async def test_a_button_and_a_place_reach_rasa_as_such(shared) -> None:
    world, client = shared
    pressed = await say(client, "press", button="confirm:yes")
    shared_place = await say(client, "press", location={"latitude": 16.5, "longitude": 80.6})
    assert pressed["replies"][0]["text"] == 'heard: /press{"button": "confirm:yes"}'
    assert shared_place["replies"][0]["text"] == 'heard: /locate{"latitude": 16.5, "longitude": 80.6}'


@pytest.mark.parametrize("text", ["/restart", "  //apply{}", "\u200b/apply", "\ufeff / /apply", "\x00/apply"])
async def test_typed_text_can_never_name_an_intent(text, shared) -> None:
    world, client = shared
    await say(client, f"slash{ascii(text)}", text=text)
    assert not world.texts()[-1].startswith("/") and "/" not in world.texts()[-1][:2]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "empty"),
        (" \n\u200b ", "only_signs"),
        ("///", "empty"),
        ("\U0001f600\U0001f389", "only_signs"),
        ("?!", "only_signs"),
        ("a" * 5001, "too_long"),
    ],
)
async def test_text_that_says_nothing_gets_a_clear_answer(text, key, shared) -> None:
    world, client = shared
    before = len(world.heard())
    answer = await say(client, f"odd-{key}-{len(text)}", text=text)
    sentences = client.app.state.gateway.kit.sentences
    assert answer["replies"][0]["text"] == sentences.say(key, "te", limit=5000) and len(world.heard()) == before


@pytest.mark.parametrize(
    "text", ["a" * 5000, "\U0001f44d", "\ud83d\ude00 ok", "\ud800 ok", "\x00 ok", "\u202eok\u0c4d"]
)
async def test_any_other_text_reaches_rasa(text, client) -> None:
    body = json.dumps({"sender": f"any{len(text)}{ascii(text)[:9]}", "text": text})
    response = await client.post("/api/messages", content=body)
    assert response.json()["replies"][0]["text"].startswith("heard: ")


async def test_the_same_id_is_one_message(shared) -> None:
    world, client = shared
    answers = [await say(client, "twice", text="once", id="m1") for _ in range(2)]
    assert answers[0] == answers[1] and world.texts().count("once") == 1


async def test_messages_sent_at_once_are_answered_one_after_the_other(shared) -> None:
    world, client = shared
    first = asyncio.create_task(say(client, "queue", text="slow first"))
    await asyncio.sleep(0.1)
    await say(client, "queue", text="second")
    assert first.done() and world.texts()[-2:] == ["slow first", "second"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"text": "no sender"}',
        b'{"sender": "a"}',
        b'{"sender": 1, "text": "a"}',
        b'{"sender": "", "text": "a"}',
        b'{"sender": "a", "text": 1}',
        b'{"sender": "a", "text": "b", "button": "c"}',
        b'{"sender": "a", "location": {"latitude": 91, "longitude": 0}}',
        b'{"sender": "a", "location": 3}',
        b'{"sender": "a", "audio": "x"}',
        b"\xff",
    ],
)
async def test_a_malformed_request_is_refused_as_json(body, client) -> None:
    response = await client.post("/api/messages", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400 and response.json()["error"] == "bad_request" and response.json()["message"]


async def test_a_broken_form_is_refused_as_json(client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = await client.post("/api/messages", content=b"--x\r\nnonsense", headers=headers)
    assert response.status_code == 400 and response.json()["error"] == "bad_request"


async def test_a_body_that_is_too_big_is_refused(client) -> None:
    response = await client.post("/api/messages", content=b"x" * (17 * 1024 * 1024))
    assert response.status_code == 413 and response.json() == {"error": "too_big"}


async def test_a_body_that_hides_its_size_is_cut_off(client) -> None:
    async def endless():
        for _ in range(20):
            yield b"x" * 1024 * 1024

    response = await client.post("/api/messages", content=endless(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413


async def test_somebody_who_sends_without_end_is_slowed_down_and_others_are_not(client) -> None:
    client.app.state.pace = Pace(count=3)
    answers = [await client.post("/api/messages", json={"sender": "flood", "text": "x1"}) for _ in range(4)]
    other = await client.post("/api/messages", json={"sender": "calm", "text": "x1"})
    client.app.state.pace = Pace()
    assert [one.status_code for one in answers] == [200, 200, 200, 429] and other.status_code == 200
    assert answers[3].headers["Retry-After"] and answers[3].json()["message"]


async def test_understanding_gives_the_documented_shape(client) -> None:
    result = (await client.post("/api/understand", json={"text": "/1 paper"})).json()
    assert result["intent"] == "apply" and result["service"] == "income_certificate" and result["confidence"] == 0.9
    assert result["ranking"][1] == {"intent": "greet", "service": None, "confidence": 0.1}
    assert result["entities"] == [{"entity": "number", "value": 1, "text": "1", "start": 1, "end": 2}]
    assert (result["text"], result["language"], result["script"]) == ("/1 paper", "en", "Latn")


async def test_many_texts_are_understood_in_their_order(client) -> None:
    texts = [f"text {number}" for number in range(40)] + ["", "\ud800", "\U0001f600"]
    response = await client.post("/api/understand", content=json.dumps({"texts": texts}))
    found = [result["text"] for result in response.json()["results"]]
    assert found[:41] == texts[:41] and len(found) == 43


@pytest.mark.parametrize("body", [{}, {"text": 1}, {"texts": "a"}, {"texts": [1]}, {"text": None}])
async def test_understanding_refuses_what_is_no_text(body, client) -> None:
    assert (await client.post("/api/understand", json=body)).status_code == 400


async def test_health_readiness_and_metrics(shared) -> None:
    world, client = shared
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    ready = await client.get("/readyz")
    assert ready.status_code == 200 and ready.json() == dict.fromkeys(("rasa", "actions", "database", "speech"), True)
    (world.folder / "down").touch()
    down = await client.get("/readyz")
    (world.folder / "down").unlink()
    assert down.status_code == 503 and down.json()["rasa"] is False
    assert "mitra_turns_total" in (await client.get("/metrics")).text


async def test_while_rasa_is_down_a_waiting_page_is_told_so(shared) -> None:
    world, client = shared
    (world.folder / "down").touch()
    answer = await say(client, "down", text="hello")
    hindi = await say(client, "down-hindi", text="\u0928\u092e\u0938\u094d\u0924\u0947")
    understood = await client.post("/api/understand", json={"text": "hello"})
    (world.folder / "down").unlink()
    assert hindi["language"] == "hi"
    assert answer["replies"][0]["text"] == client.app.state.gateway.kit.sentences.say("down", "te")
    assert understood.status_code == 503


async def test_every_answer_carries_the_security_headers(client) -> None:
    for path in ("/", "/healthz", "/nowhere", "/api/page-texts"):
        headers = (await client.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff" and "Content-Security-Policy" in headers


async def test_the_page_and_its_texts_are_served(client) -> None:
    page = await client.get("/")
    assert page.status_code == 200 and "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert set((await client.get("/api/page-texts")).json()) == {"te", "hi", "en"}


@pytest.mark.parametrize(
    "path",
    [
        "/documents/revenue/applications",
        "/documents/_faults",
        "/documents/revenue/papers/../x.pdf",
        "/audio/x.ogg",
        "/audio/" + "0" * 32 + ".ogg",
    ],
)
async def test_nothing_but_papers_and_spoken_replies_is_handed_out(path, client) -> None:
    assert (await client.get(path)).status_code == 404


async def test_metas_handshake_gives_the_challenge_back_as_it_is(client) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "verify-1", "hub.challenge": "1158201444"}
    right = await client.get("/webhooks/whatsapp", params=asked)
    wrong = await client.get("/webhooks/whatsapp", params=asked | {"hub.verify_token": "v\u00e9rify"})
    assert (right.status_code, right.text) == (200, "1158201444") and wrong.status_code == 403


async def test_an_unsigned_or_wrongly_signed_webhook_is_refused(shared, webhook) -> None:
    world, client = shared
    body, before = webhook("text_latin"), len(world.heard())
    unsigned = await client.post("/webhooks/whatsapp", content=body)
    wrong = await client.post(
        "/webhooks/whatsapp", content=body, headers={"X-Hub-Signature-256": "sha256=\u00e9".encode()}
    )
    assert (unsigned.status_code, wrong.status_code) == (401, 403)
    await asyncio.sleep(0.2)
    assert len(world.heard()) == before


async def test_signed_nonsense_is_refused_as_malformed(client, deliver) -> None:
    assert (await deliver(client, b"{")).status_code == 400
    assert (await deliver(client, b'{"object": "page"}')).status_code == 200


@pytest.mark.parametrize(
    "name", ["status_sent", "status_read", "reaction", "account_error", "other_field", "system_number_changed"]
)
async def test_what_is_no_message_is_acknowledged_and_starts_nothing(name, shared, webhook, deliver) -> None:
    world, client = shared
    before = len(world.sent())
    assert (await deliver(client, webhook(name))).status_code == 200
    await asyncio.sleep(0.1)
    assert len(world.sent()) == before
