"""A Chromium, a stand-in for the gateway, and pages that must not complain."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from .backend import Backend, running
from .browser import CHROMIUM, chromium

GATEWAY = os.environ.get("MITRA_TEST_URL", "").rstrip("/")
PHONE = {"width": 390, "height": 844}

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def stand_in() -> Iterator[Backend]:
    with running() as backend:
        yield backend


@pytest.fixture
def backend(stand_in: Backend) -> Backend:
    """The stand-in for the gateway, without memory of other tests."""
    stand_in.reset()
    return stand_in


@pytest.fixture
def pages(browser: Browser) -> Iterator[Opener]:
    """Opens pages; a page that logged an error, other than a refused message, fails its test."""
    complaints: list[str] = []
    contexts = []

    def open_page(url: str, language: str = "te", **options: object) -> Page:
        chosen: dict[str, Any] = {"viewport": PHONE, "reduced_motion": "reduce", **options}
        context = browser.new_context(locale=f"{language}-IN", **chosen)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [line for line in complaints if not line.startswith("Failed to load resource")] == []


@pytest.fixture
def open_page(pages: Opener, backend: Backend) -> Opener:
    """Opens the page of the stand-in: `open_page("hi", viewport=...)`."""
    return lambda language="te", **options: pages(backend.url, language, **options)


@pytest.fixture
def open_site(pages: Opener, backend: Backend) -> Opener:
    """Opens the page of the gateway at MITRA_TEST_URL, else of the stand-in."""
    return lambda language="te", **options: pages(GATEWAY or backend.url, language, **options)
