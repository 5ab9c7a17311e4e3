"""The microphone, recordings from a file, and replies read aloud, against a stand-in for the gateway."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .backend import Backend, tone
from .chat import answer_after, ask, attach, mine
from .conftest import Opener

LISTEN_IN = """() => {
  window.heard = [];
  const play = Audio.prototype.play;
  Audio.prototype.play = function () { heard.push(this.src); return play.call(this) };
}"""


def test_an_uploaded_note_is_answered_aloud_with_its_transcript(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    page.evaluate(LISTEN_IN)
    reply = answer_after(page, lambda: attach(page, "note.wav", "audio/wav", tone()))
    assert backend.received[0] | {"id": "", "sender": ""} == {
        "id": "",
        "sender": "",
        "audio": len(tone()),
        "type": "audio/wav",
        "filename": "note.wav",
    }
    expect(mine(page).first).to_contain_text("నా దరఖాస్తు ఎంతవరకు వచ్చింది")
    page.wait_for_function("heard.length === 1 && heard[0].endsWith('/media/reply.wav')")
    expect(reply.get_by_role("button", name="Listen")).to_be_visible()


def test_a_typed_question_is_not_answered_aloud(open_page: Opener) -> None:
    page = open_page("en")
    page.evaluate(LISTEN_IN)
    ask(page, "hello")
    assert page.evaluate("heard") == []


def test_a_file_that_is_no_sound_is_turned_away(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    attach(page, "form.pdf", "application/pdf", b"%PDF-1.4")
    expect(page.get_by_role("alert")).to_contain_text("not an audio file")
    assert backend.received == []


def test_a_tap_on_the_microphone_records_until_it_is_sent(open_page: Opener, backend: Backend) -> None:
    page = open_page("te")
    page.get_by_role("button", name="మాట్లాడండి").click()
    expect(page.get_by_role("timer")).to_have_text("0:01")
    answer_after(page, page.get_by_role("button", name="ఆపి పంపండి").click)
    sent = backend.received[0]
    assert sent["audio"] > 500 and sent["type"].startswith("audio/webm") and sent["filename"] == "voice.webm"
    expect(mine(page).first).to_contain_text("నా దరఖాస్తు ఎంతవరకు వచ్చింది")


def test_a_finger_on_the_microphone_records_once(open_page: Opener, backend: Backend) -> None:
    page = open_page("en", has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Speak").tap()
    expect(page.get_by_role("timer")).to_have_text("0:01")
    answer_after(page, page.get_by_role("button", name="Stop and send").tap)
    assert len(backend.received) == 1


def test_a_held_microphone_sends_when_it_is_let_go(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    page.get_by_role("button", name="Speak").hover()
    page.mouse.down()
    expect(page.get_by_role("timer")).to_have_text("0:01")
    answer_after(page, page.mouse.up)
    assert backend.received[0]["audio"] > 500


def test_the_microphone_works_from_the_keyboard_and_escape_cancels(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    page.get_by_role("button", name="Speak").press("Enter")
    expect(page.get_by_role("timer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox")).to_be_visible()
    assert backend.received == []


def test_a_very_short_recording_is_not_sent(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    page.get_by_role("button", name="Speak").click()
    page.get_by_role("button", name="Stop and send").click()
    expect(page.get_by_role("alert")).to_contain_text("too short")
    assert backend.received == []


def test_a_recording_stops_at_five_minutes_and_waits(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    page.get_by_role("button", name="Speak").click()
    expect(page.get_by_role("timer")).to_be_visible()
    page.evaluate("() => { const now = performance.now.bind(performance); performance.now = () => now() + 300_000 }")
    expect(page.get_by_role("alert")).to_contain_text("5 minutes")
    expect(page.get_by_role("timer")).to_have_text("5:00")
    assert backend.received == []
    answer_after(page, page.get_by_role("button", name="Stop and send").click)
    assert backend.received[0]["audio"] > 100


@pytest.mark.parametrize(
    ("failure", "words"),
    [("NotAllowedError", "not allowed"), ("NotFoundError", "No microphone"), ("NotReadableError", "did not start")],
)
def test_a_microphone_that_does_not_start_is_explained(open_page: Opener, failure: str, words: str) -> None:
    page = open_page("en")
    page.evaluate(
        "name => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name)) }", failure
    )
    page.get_by_role("button", name="Speak").click()
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("textbox")).to_be_visible()
