"""Rasa's JSON as questions and answers."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import RasaDown, Speechless
from channels.message import Button, Document, Heard, Location, Message, Row, Transcript
from channels.rasa import Question, Rasa, question, read, understanding, unforced, valid

MESSAGE = Message("m1", "IN.1", "whatsapp", citizen="c1", text="hello", phone="919000000001")


def rasa(answer) -> Rasa:
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return Rasa(client, "http://rasa.test", "t", "http://actions.test")


def test_texts_are_one_reply_until_a_custom_closes_it() -> None:
    answer = read(
        [
            {"recipient_id": "c", "text": "one"},
            {"recipient_id": "c", "text": "two", "buttons": [{"title": "Yes", "payload": '/press{"button": "yes"}'}]},
            {"recipient_id": "c", "custom": {"language": "te", "intent": "apply", "service": "income_certificate"}},
            {"recipient_id": "c", "text": "three"},
            {
                "recipient_id": "c",
                "custom": {
                    "language": "te",
                    "speak": "3",
                    "document": {"url": "/a.pdf", "filename": "a.pdf"},
                    "list": {"button": "Pick", "rows": [{"id": "r", "title": "R"}]},
                },
            },
        ]
    )
    first, second = answer.replies
    assert first.text == "one\n\ntwo" and first.buttons == (Button("yes", "Yes"),)
    assert second.rows == (Row("r", "R"),) and second.list_button == "Pick" and second.speak == "3"
    assert second.document == Document("/a.pdf", "a.pdf")
    assert (answer.language, answer.intent, answer.service) == ("te", "apply", "income_certificate")


def test_texts_that_nothing_closes_are_a_reply_too() -> None:
    assert [reply.text for reply in read([{"text": "a"}, {"custom": {"language": "en"}}, {"text": "b"}]).replies] == [
        "a",
        "b",
    ]


def test_a_custom_without_content_is_no_reply() -> None:
    assert read([{"custom": {"language": "en", "intent": "greet"}}]).replies == ()


@pytest.mark.parametrize("payload", ["yes", "/press", "/press[]", '/press{"other": 1}', "/greet"])
def test_a_button_with_any_other_payload_keeps_it_as_its_id(payload: str) -> None:
    (reply,) = read([{"text": "?", "buttons": [{"title": "T", "payload": payload}]}]).replies
    assert reply.buttons == (Button(payload, "T"),)


def test_a_transcript_brings_its_language_confidence_and_alternatives() -> None:
    heard = Heard("hello", Transcript("hello", "te", 0.4, ("hallo",)))
    asked = question("t1", MESSAGE, heard)
    assert asked == Question(
        "t1",
        "c1",
        "hello",
        {
            "message_id": "t1",
            "channel": "whatsapp",
            "phone": "919000000001",
            "language": "te",
            "confidence": 0.4,
            "alternatives": ["hallo"],
        },
    )


def test_a_press_and_a_place_are_sent_as_such() -> None:
    pressed = question("t", Message("m", "s", "web", button='a"b'), Heard())
    placed = question("t", Message("m", "s", "web", location=Location(1.5, 2.5)), Heard())
    assert pressed.text == '/press{"button": "a\\"b"}' and placed.text == '/locate{"latitude": 1.5, "longitude": 2.5}'


@given(st.text())
def test_no_typed_text_ever_starts_with_a_slash(text: str) -> None:
    sent = unforced(valid(text))
    assert not sent.lstrip().startswith("/")


@given(st.text(alphabet=st.characters(), max_size=50))
def test_any_text_becomes_one_that_utf8_can_carry(text: str) -> None:
    assert valid(text).encode() is not None and "\0" not in valid(text)


@given(st.text(max_size=30), st.text(max_size=10))
def test_entities_point_into_the_text_as_it_was_typed(text: str, slashes: str) -> None:
    typed = valid("/" * len(slashes) + text)
    asked = unforced(typed)
    parsed = {"entities": [{"entity": "name", "value": "v", "start": 0, "end": len(asked)}]}
    (entity,) = understanding(typed, parsed, len(typed) - len(asked))["entities"]
    assert entity["text"] == asked == typed[entity["start"] : entity["end"]]


def test_nothing_understood_has_the_same_shape() -> None:
    assert understanding("", {}, 0) == {
        "text": "",
        "language": None,
        "script": None,
        "intent": None,
        "service": None,
        "confidence": 0.0,
        "ranking": [],
        "entities": [],
    }


@pytest.mark.anyio
async def test_an_empty_answer_is_a_failure() -> None:
    with pytest.raises(Speechless):
        await rasa(lambda request: httpx.Response(200, json=[])).ask(Question("t", "c", "x", {}))


@pytest.mark.anyio
@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(200, text="<html>")])
async def test_a_broken_answer_means_rasa_is_down(answer: httpx.Response) -> None:
    with pytest.raises(RasaDown):
        await rasa(lambda request: answer).ask(Question("t", "c", "x", {}))


@pytest.mark.anyio
async def test_what_was_said_before_is_found_in_the_tracker() -> None:
    def event(id: str, said: str) -> list[dict]:
        return [
            {"event": "user", "text": "x", "metadata": {"message_id": id}},
            {"event": "action", "name": "action_listen"},
            {
                "event": "bot",
                "text": said,
                "data": {"buttons": [{"title": "Y", "payload": '/press{"button": "y"}'}], "custom": None},
            },
            {"event": "bot", "text": None, "data": {"custom": {"language": "te"}}},
        ]

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/conversations/c/tracker" and request.url.params["token"] == "t"
        return httpx.Response(
            200, content=json.dumps({"events": event("t1", "one") + event("t2", "two") + event("t3", "three")})
        )

    found = await rasa(answer).said(Question("t2", "c", "x", {}))
    assert found and [reply.text for reply in found.replies] == ["two"] and found.language == "te"
    assert found.replies[0].buttons == (Button("y", "Y"),)
    assert await rasa(answer).said(Question("t4", "c", "x", {})) is None
