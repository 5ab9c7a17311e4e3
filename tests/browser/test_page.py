"""What the page does with every part of an answer, and when things go wrong, against a stand-in for the gateway."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from .backend import Backend, tone
from .chat import answer_after, ask, attach, mine, overflows, replies, write
from .conftest import Opener

AADHAAR = "234123412346"
LISTEN_IN = """() => {
  window.heard = [];
  const play = Audio.prototype.play;
  Audio.prototype.play = function () { heard.push(this.src); return play.call(this) };
}"""
SMALL = {"width": 320, "height": 640}


def test_a_message_carries_a_sender_and_an_id_of_its_own(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    ask(page, "hello there")
    ask(page, "once more")
    first, second = backend.received
    assert re.fullmatch(r"web-[0-9a-f]{32}", first["sender"]) and first["sender"] == second["sender"]
    assert first["id"] != second["id"]
    assert first["text"] == "hello there"


def test_the_send_button_sends_and_empty_text_does_not_go(open_page: Opener, backend: Backend) -> None:
    page = open_page("en", viewport={"width": 1280, "height": 800})
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    page.get_by_role("textbox").fill("   ")
    page.get_by_role("textbox").press("Enter")
    page.get_by_role("textbox").fill("hello")
    answer_after(page, page.get_by_role("button", name="Send", exact=True).click)
    assert backend.said() == ["hello"]


def test_shift_enter_makes_a_line_and_the_box_grows(open_page: Opener, backend: Backend) -> None:
    page = open_page("te")
    box = page.get_by_role("textbox")
    low = box.bounding_box()["height"]  # type: ignore[index]
    box.type("ఒకటి")
    for _ in range(3):
        box.press("Shift+Enter")
    assert box.bounding_box()["height"] > low + 40  # type: ignore[index]
    assert backend.received == []


def test_a_pressed_button_is_sent_by_its_id_and_cannot_be_pressed_again(open_page: Opener, backend: Backend) -> None:
    page = open_page("te")
    reply = ask(page, "నాకు ఆదాయ ధృవీకరణ పత్రం కావాలి")
    answer_after(page, reply.get_by_role("button", name="నా కోసం").click)
    assert backend.received[-1]["button"] == "self" and "text" not in backend.received[-1]
    expect(mine(page).last).to_contain_text("నా కోసం")
    for button in reply.get_by_role("button").all():
        expect(button).to_be_disabled()
    expect(reply.locator(".chosen")).to_have_text(re.compile("నా కోసం"))


def test_a_list_row_is_sent_by_its_id_and_the_list_folds_to_it(open_page: Opener, backend: Backend) -> None:
    page = open_page("hi")
    reply = ask(page, "कल की बस चाहिए")
    expect(reply).to_contain_text("बसें देखें")
    expect(reply.get_by_role("listitem")).to_have_count(3)
    answer_after(page, reply.get_by_role("button", name="सुपर लग्ज़री").click)
    assert backend.received[-1]["button"] == "bus:2107"
    expect(reply.get_by_role("listitem")).to_have_count(1)
    reply.get_by_role("button", name="सभी दिखाएँ").click()
    expect(reply.get_by_role("listitem")).to_have_count(3)


def test_a_document_is_a_card_that_downloads(open_page: Opener) -> None:
    page = open_page("en")
    answer_after(page, lambda: attach(page, "note.wav", "audio/wav", tone()))
    with page.expect_download() as download:
        page.get_by_role("link", name="IC-2026-004217.pdf").click()
    assert download.value.suggested_filename == "IC-2026-004217.pdf"


def test_an_uploaded_note_is_answered_aloud_with_its_transcript(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    page.evaluate(LISTEN_IN)
    reply = answer_after(page, lambda: attach(page, "note.wav", "audio/wav", tone()))
    assert backend.received[0] | {"id": "", "sender": ""} == {"id": "", "sender": "", "audio": len(tone()), "type": "audio/wav", "filename": "note.wav"}
    expect(mine(page).first).to_contain_text("where is my application")
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


@pytest.mark.parametrize(("failure", "words"), [("NotAllowedError", "not allowed"), ("NotFoundError", "No microphone"), ("NotReadableError", "did not start")])
def test_a_microphone_that_does_not_start_is_explained(open_page: Opener, failure: str, words: str) -> None:
    page = open_page("en")
    page.evaluate("name => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name)) }", failure)
    page.get_by_role("button", name="Speak").click()
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("textbox")).to_be_visible()


def test_one_failure_is_retried_without_a_word_under_the_same_id(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    backend.fail = 1
    ask(page, "hello")
    first, second = backend.received
    assert first == second


def test_a_message_that_fails_is_kept_and_sent_again_under_the_same_id(open_page: Opener, backend: Backend) -> None:
    page = open_page("te")
    page.route("**/api/messages", lambda route: route.abort())
    write(page, "పోకూడని మాట")
    expect(mine(page).first).to_have_attribute("data-state", "failed")
    expect(mine(page).first).to_contain_text("పోకూడని మాట")
    page.unroute("**/api/messages")
    backend.fail, backend.status = 1, 500
    answer_after(page, page.get_by_role("button", name="మళ్లీ ప్రయత్నించండి").click)
    expect(mine(page)).to_have_count(1)
    expect(mine(page).first).to_have_attribute("data-state", "sent")
    assert backend.said() == ["పోకూడని మాట"] * 2 and len({one["id"] for one in backend.received}) == 1


def test_a_refused_message_is_not_repeated_by_itself(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    backend.fail, backend.status = 1, 422
    write(page, "hello")
    expect(mine(page).first).to_have_attribute("data-state", "failed")
    assert len(backend.received) == 1


def test_messages_written_offline_go_when_the_network_returns(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline")).to_be_visible()
    write(page, "one")
    write(page, "two")
    expect(mine(page).last).to_have_attribute("data-state", "failed", timeout=15_000)
    page.context.set_offline(False)
    expect(replies(page)).to_have_count(2)
    assert backend.said() == ["one", "two"]


def test_messages_go_in_the_order_they_were_written(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    backend.delay = 0.2
    for word in ("one", "two", "three"):
        write(page, word)
    expect(replies(page)).to_have_count(3)
    assert backend.said() == ["one", "two", "three"]


def test_waiting_is_shown_and_over_with_the_answer(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    backend.delay = 0.6
    write(page, "hello")
    expect(page.get_by_text("Mitra is looking into it")).to_be_visible()
    expect(replies(page)).to_have_count(1)
    expect(page.get_by_text("Mitra is looking into it")).to_be_hidden()


def test_an_answer_without_replies_is_owned_up_to(open_page: Opener) -> None:
    page = open_page("en")
    write(page, "silence please")
    expect(page.get_by_role("log")).to_contain_text("no answer came")


def test_markup_is_shown_as_text_and_only_safe_links_are_links(open_page: Opener) -> None:
    page = open_page("en")
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    write(page, "<b>markup</b>")
    reply = replies(page).first
    expect(reply).to_contain_text("<img src=x onerror=alert(1)> <b>bold</b>")
    expect(reply.get_by_role("button")).to_have_text("<script>alert(1)</script>")
    expect(mine(page).first).to_contain_text("<b>markup</b>")
    assert page.locator("#log img, #log b, #log script").count() == 0
    assert [link.get_attribute("href") for link in reply.get_by_role("link").all()] == ["https://example.org/verify"]
    expect(reply).to_contain_text("This link is not safe")


def test_scripts_from_elsewhere_are_refused(pages: Opener, backend: Backend) -> None:
    page = pages(backend.url, "en")
    refused = "Array.from(document.querySelectorAll('script'), one => one.src).every(src => src.startsWith(location.origin))"
    assert page.evaluate(refused)
    policy = page.request.get(backend.url).headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy


def test_a_language_chosen_before_the_first_word_is_told_without_a_bubble(open_page: Opener, backend: Backend) -> None:
    page = open_page("te")
    page.get_by_role("radio", name="हिन्दी").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("नमस्ते")
    ask(page, "नमस्ते")
    assert backend.said() == ["language:hi", "नमस्ते"]
    expect(replies(page)).to_have_count(1)
    page.reload()
    expect(page.get_by_role("radio", name="हिन्दी")).to_be_checked()


def test_a_language_choice_that_did_not_arrive_goes_before_the_next_message(open_page: Opener, backend: Backend) -> None:
    page = open_page("te")
    backend.fail, backend.status = 1, 422
    with page.expect_response("**/api/messages"):
        page.get_by_role("radio", name="English").click()
    ask(page, "hello")
    assert backend.said() == ["language:en", "language:en", "hello"]


def test_arrow_keys_choose_the_language(open_page: Opener) -> None:
    page = open_page("te")
    page.get_by_role("radio", name="తెలుగు").press("ArrowRight")
    expect(page.get_by_role("radio", name="हिन्दी")).to_be_focused()
    expect(page.locator("html")).to_have_attribute("lang", "hi")


def test_every_message_says_its_language(open_page: Opener) -> None:
    page = open_page("en")
    reply = ask(page, "నాకు ఆదాయ ధృవీకరణ పత్రం కావాలి")
    assert mine(page).first.locator("p.words").get_attribute("lang") == "te"
    assert reply.locator("p.words").get_attribute("lang") == "te"
    expect(reply.locator("strong")).to_have_text("ఆదాయ ధృవీకరణ పత్రం")


def test_a_reload_keeps_the_conversation_and_sends_nothing_twice(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    reply = ask(page, "I need an income certificate")
    answer_after(page, reply.get_by_role("button", name="For me").click)
    page.reload()
    expect(replies(page)).to_have_count(2)
    expect(replies(page).first.get_by_role("button", name="For me")).to_be_disabled()
    assert len(backend.received) == 2


def test_a_message_on_its_way_at_a_reload_goes_again_under_its_id(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    backend.delay = 2
    write(page, "hello")
    page.wait_for_function("sessionStorage['mitra.messages']?.includes('hello')")
    backend.delay = 0
    page.reload()
    expect(replies(page)).to_have_count(1)
    assert len({one["id"] for one in backend.received}) == 1


def test_a_new_conversation_starts_with_a_new_sender_and_a_clean_page(open_page: Opener, backend: Backend) -> None:
    page = open_page("en")
    ask(page, "hello")
    page.get_by_role("button", name="New conversation").click()
    page.get_by_role("button", name="No, carry on").click()
    expect(mine(page)).to_have_count(1)
    page.get_by_role("button", name="New conversation").click()
    page.get_by_role("button", name="Yes, start afresh").click()
    expect(mine(page)).to_have_count(0)
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    ask(page, "again")
    assert backend.received[0]["sender"] != backend.received[1]["sender"]
    assert "hello" not in kept(page)


def kept(page: Page) -> str:
    return str(page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})"))


@pytest.mark.parametrize("number", [AADHAAR, "2341 2341 2346", "౨౩౪౧౨౩౪౧౨౩౪౬", "२३४१-२३४१-२३४६"])
def test_an_aadhaar_number_is_sent_whole_and_shown_and_kept_masked(open_page: Opener, backend: Backend, number: str) -> None:
    page = open_page("en")
    ask(page, f"my number: {number}, please")
    assert backend.received[0]["text"] == f"my number: {number}, please"
    expect(mine(page).first).to_contain_text(f"my number: XXXX XXXX {number[-4:]}, please")
    assert number not in json.loads(kept(page))["mitra.messages"].split('"from":"mitra"')[0]


def test_a_number_that_is_no_aadhaar_number_is_left_alone(open_page: Opener) -> None:
    page = open_page("en")
    ask(page, "service number 234123412345")
    expect(mine(page).first).to_contain_text("234123412345")


def test_the_place_is_shared_when_it_is_asked_for(open_page: Opener, backend: Backend) -> None:
    page = open_page("en", geolocation={"latitude": 16.5062, "longitude": 80.648}, permissions=["geolocation"])
    reply = ask(page, "where")
    answer_after(page, reply.get_by_role("button", name="Share my location").click)
    assert backend.received[-1]["location"] == {"latitude": 16.5062, "longitude": 80.648}


def test_a_refused_place_is_explained(open_page: Opener) -> None:
    page = open_page("en", permissions=[])
    page.evaluate("() => { navigator.geolocation.getCurrentPosition = (found, refused) => refused({code: 1}) }")
    reply = ask(page, "where")
    reply.get_by_role("button", name="Share my location").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be read")


@pytest.mark.parametrize("language", ["te", "hi", "en"])
def test_every_part_of_an_answer_fits_a_small_screen(open_page: Opener, language: str) -> None:
    page = open_page(language, viewport=SMALL)
    sentence = {"te": "బస్సు", "hi": "बस", "en": "bus"}[language]
    ask(page, sentence)
    answer_after(page, lambda: attach(page, "note.wav", "audio/wav", tone()))
    write(page, "w" * 400)
    expect(replies(page).last).to_contain_text("www")
    assert not overflows(page)
    small = "nodes => nodes.filter(n => n.offsetParent && (n.offsetHeight < 40 || n.offsetWidth < 40)).map(n => n.outerHTML)"
    assert page.locator("button, a.document").evaluate_all(small) == []


def test_a_conversation_can_be_had_with_the_keyboard_alone(open_page: Opener, backend: Backend) -> None:
    page = open_page("en", viewport={"width": 1280, "height": 800})
    first = page.locator(".suggestion").first
    for _ in range(20):
        page.keyboard.press("Tab")
        if first.evaluate("node => node === document.activeElement"):
            break
    answer_after(page, lambda: page.keyboard.press("Enter"))
    replies(page).first.get_by_role("button", name="For me").focus()
    answer_after(page, lambda: page.keyboard.press("Space"))
    assert backend.received[-1]["button"] == "self"


def test_an_unreachable_mitra_says_so_in_three_languages(browser, backend: Backend) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page()
    page.route("**/api/page-texts", lambda route: route.abort())
    page.goto(backend.url)
    expect(page.get_by_role("alert")).to_contain_text("Mitra cannot be reached")
    page.unroute("**/api/page-texts")
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    page.close()
