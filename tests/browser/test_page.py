"""What the page does with every part of an answer, against a stand-in for the gateway."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .backend import Backend, tone
from .chat import answer_after, ask, attach, mine, overflows, replies, write
from .conftest import Opener

AADHAAR = "234123412346"
SMALL = {"width": 320, "height": 640}
TOO_SMALL = """nodes => nodes
  .filter(node => node.offsetParent && (node.offsetHeight < 40 || node.offsetWidth < 40))
  .map(node => node.outerHTML)"""
INJECT = """script => {
  const node = document.createElement("script");
  if (script === "src") node.src = "https://example.org/x.js"; else node.textContent = script;
  document.head.append(node);
}"""


def kept(page: Page) -> str:
    return str(page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})"))


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


@pytest.mark.parametrize("script", ["window.ran = true", "src"])
def test_scripts_that_are_not_the_pages_own_do_not_run(browser: Browser, backend: Backend, script: str) -> None:
    page = browser.new_page()
    page.goto(backend.url)
    page.route("https://example.org/*", lambda route: route.fulfill(body="window.ran = true"))
    page.evaluate(INJECT, script)
    ask(page, "hello")
    assert page.evaluate("window.ran") is None
    page.close()


def test_a_language_chosen_before_the_first_word_is_told_without_a_bubble(open_page: Opener, backend: Backend) -> None:
    page = open_page("te")
    page.get_by_role("radio", name="हिन्दी").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("नमस्ते")
    ask(page, "नमस्ते")
    assert backend.said() == ["language:hi", "नमस्ते"]
    expect(replies(page)).to_have_count(1)
    page.reload()
    expect(page.get_by_role("radio", name="हिन्दी")).to_be_checked()


def test_a_language_button_of_mitra_changes_the_page_too(open_page: Opener) -> None:
    page = open_page("en")
    reply = ask(page, "which language")
    answer_after(page, reply.get_by_role("button", name="తెలుగు").click)
    expect(page.get_by_role("radio", name="తెలుగు")).to_be_checked()


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


@pytest.mark.parametrize("number", [AADHAAR, "2341 2341 2346", "౨౩౪౧౨౩౪౧౨౩౪౬", "२३४१-२३४१-२३४६"])
def test_an_aadhaar_number_is_sent_whole_and_shown_and_kept_masked(
    open_page: Opener, backend: Backend, number: str
) -> None:
    page = open_page("en")
    ask(page, f"my number: {number}, please")
    assert backend.received[0]["text"] == f"my number: {number}, please"
    expect(mine(page).first).to_contain_text(f"my number: XXXX XXXX {number[-4:]}, please")
    assert number not in json.loads(kept(page))["mitra.messages"].split('"from":"mitra"')[0]


def test_a_number_that_is_no_aadhaar_number_is_left_alone(open_page: Opener) -> None:
    page = open_page("en")
    ask(page, "service number 234123412345")
    expect(mine(page).first).to_contain_text("234123412345")


def test_an_application_number_is_never_broken_over_two_lines(open_page: Opener) -> None:
    page = open_page("en", viewport=SMALL)
    reply = answer_after(page, lambda: attach(page, "note.wav", "audio/wav", tone()))
    number = reply.get_by_text("IC-2026-004217", exact=True)
    expect(number).to_be_visible()
    assert number.evaluate("node => node.getClientRects().length") == 1


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
    assert page.locator("button, a.document").evaluate_all(TOO_SMALL) == []


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
