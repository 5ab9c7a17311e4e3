"""The page's texts: complete in three languages, and every one of them in use."""

from __future__ import annotations

import re
from pathlib import Path

from channels.web.texts import page_texts

WEB = Path(__file__).parents[2] / "channels" / "web"
SCRIPTS = {"te": "[\u0c00-\u0c7f]", "hi": "[\u0900-\u097f]", "en": "[A-Za-z]"}


def test_every_text_stands_in_three_languages_and_in_its_script() -> None:
    texts = page_texts()
    assert set(texts) == {"te", "hi", "en"}
    assert set(texts["te"]) == set(texts["hi"]) == set(texts["en"])
    every = [(code, key, text) for code in texts for key, text in texts[code].items()]
    assert [(code, key) for code, key, text in every if not re.search(SCRIPTS[code], text)] == []


def test_every_text_is_used_by_the_page() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in [WEB / "index.html", *WEB.glob("static/*.js")])
    used = set(re.findall(r"[\"':.]([a-z_]+)[\"']", sources))
    assert {key for key in page_texts()["en"] if not key.startswith(("suggest_", "say_")) and key not in used} == set()


def test_every_suggestion_has_a_sentence_and_an_icon() -> None:
    page = (WEB / "index.html").read_text(encoding="utf-8")
    services = [key.removeprefix("suggest_") for key in page_texts()["en"] if key.startswith("suggest_")]
    assert [one for one in services if f"say_{one}" not in page_texts()["en"] or f'id="i-{one}"' not in page] == []
    assert 6 <= len(services) <= 8
