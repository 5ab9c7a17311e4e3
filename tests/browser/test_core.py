"""The core of the page in three languages; with MITRA_TEST_URL set the same runs against a real gateway."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
from playwright.sync_api import expect

from .backend import tone
from .chat import answer_after, ask, attach, mine, overflows, replies
from .conftest import Opener

PATIENCE_MS = 60_000 if os.environ.get("MITRA_TEST_URL") else 10_000
SCRIPTS = {"te": re.compile("[\u0c00-\u0c7f]"), "hi": re.compile("[\u0900-\u097f]"), "en": re.compile("[A-Za-z]")}
NAMES = {"te": "తెలుగు", "hi": "हिन्दी", "en": "English"}
INCOME = {"te": "నాకు ఆదాయ ధృవీకరణ పత్రం కావాలి", "hi": "मुझे आय प्रमाण पत्र चाहिए", "en": "I need an income certificate"}
SPOKEN = {"te": "నా దరఖాస్తు ఎంతవరకు వచ్చింది", "hi": "मेरे आवेदन की स्थिति क्या है", "en": "what is the status of my application"}

each_language = pytest.mark.parametrize("language", ["te", "hi", "en"])


def voice_note(language: str) -> bytes:
    """The sentence as espeak-ng says it; a tone where espeak-ng is missing, which the stand-in takes as well."""
    if not shutil.which("espeak-ng"):
        return tone(2)
    command = ["espeak-ng", "-v", language, "--stdout", SPOKEN[language]]
    return subprocess.run(command, check=True, capture_output=True).stdout


@each_language
def test_the_page_greets_in_the_citizens_language(open_site: Opener, language: str) -> None:
    page = open_site(language)
    expect(page.get_by_role("heading", level=2)).to_have_text(SCRIPTS[language])
    assert page.locator("html").get_attribute("lang") == language
    assert 6 <= page.get_by_role("main").get_by_role("listitem").count() <= 8


@each_language
def test_a_typed_sentence_is_answered_in_its_language(open_site: Opener, language: str) -> None:
    page = open_site(language)
    reply = ask(page, INCOME[language], PATIENCE_MS)
    expect(reply).to_have_text(SCRIPTS[language])
    expect(mine(page).first).to_have_attribute("data-state", "sent")


@each_language
def test_a_suggestion_says_a_sentence(open_site: Opener, language: str) -> None:
    page = open_site(language)
    answer_after(page, page.get_by_role("main").get_by_role("listitem").first.get_by_role("button").click, PATIENCE_MS)
    expect(mine(page).first).to_have_text(SCRIPTS[language])
    expect(page.locator("#start")).to_be_hidden()


@each_language
def test_an_uploaded_voice_note_is_answered(open_site: Opener, language: str) -> None:
    page = open_site(language)
    answer_after(page, lambda: attach(page, "note.wav", "audio/wav", voice_note(language)), PATIENCE_MS)
    expect(mine(page).first.get_by_role("button")).to_be_visible()
    expect(replies(page).first).to_have_text(SCRIPTS[language])


@each_language
def test_the_language_choice_changes_the_page_and_reaches_mitra(open_site: Opener, language: str) -> None:
    page = open_site("hi" if language == "te" else "te")
    ask(page, INCOME["hi" if language == "te" else "te"], PATIENCE_MS)
    reply = answer_after(page, page.get_by_role("radio", name=NAMES[language]).click, PATIENCE_MS)
    expect(page.get_by_role("radio", name=NAMES[language])).to_be_checked()
    expect(page.get_by_role("textbox")).to_have_attribute("placeholder", SCRIPTS[language])
    expect(reply).to_have_text(SCRIPTS[language])


@each_language
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(open_site: Opener, language: str, width: int) -> None:
    page = open_site(language, viewport={"width": width, "height": 640})
    expect(page.get_by_role("textbox")).to_be_visible()
    assert not overflows(page)
    ask(page, INCOME[language], PATIENCE_MS)
    assert not overflows(page)
