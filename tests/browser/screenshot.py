"""Takes the picture of the web page for the README: `python tests/browser/screenshot.py URL docs/web-page.png`."""

from __future__ import annotations

import argparse
import base64
import tempfile
from pathlib import Path
from typing import Any

from browser import chromium
from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1180, "height": 844}
ANSWERED = ".message.mitra:not(.typing)"
CHOICES = "button.option, button.row"
FRAME = """
<style>
  body {{ margin: 0; padding: 40px; display: inline-flex; gap: 32px; align-items: center; background: #dfe9e6 }}
  img {{ display: block; border-radius: 14px; box-shadow: 0 12px 40px #0b4f4c38; border: 1px solid #b9ccc8 }}
  img.phone {{ border-radius: 34px; border: 8px solid #14211f }}
</style>
<img width="{phone[width]}" class="phone" src="data:image/png;base64,{first}">
<img width="{desktop[width]}" src="data:image/png;base64,{second}">
"""


def open_page(browser: Browser, url: str, size: dict[str, int], language: str, scheme: str = "light") -> Page:
    """The page in a window of `size`, as a citizen of `language` first sees it."""
    look: dict[str, Any] = {"viewport": size, "color_scheme": scheme, "device_scale_factor": 2}
    page = browser.new_context(locale=f"{language}-IN", reduced_motion="reduce", **look).new_page()
    page.goto(url)
    page.locator("#start h2").wait_for()
    return page


def ask(page: Page, text: str) -> None:
    """Sends a sentence and waits for the answer."""
    before = page.locator(ANSWERED).count()
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")
    page.locator(ANSWERED).nth(before).wait_for(timeout=30_000)
    page.wait_for_timeout(400)


def press(page: Page, place: int) -> None:
    """Presses one of the last answer's buttons or rows, and waits for what comes."""
    before = page.locator(ANSWERED).count()
    page.locator(ANSWERED).last.locator(CHOICES).nth(place).click()
    page.locator(ANSWERED).nth(before).wait_for(timeout=30_000)
    page.wait_for_timeout(400)


def suggestion(page: Page, service: str) -> None:
    """Presses a suggestion of the start screen, and waits for the answer."""
    page.locator(f"[data-service={service}]").click()
    page.locator(ANSWERED).first.wait_for(timeout=30_000)
    page.wait_for_timeout(400)


def picture(browser: Browser, first: bytes, second: bytes) -> bytes:
    """Phone and desktop side by side, as a PNG."""
    page = browser.new_page(viewport={"width": 1760, "height": 960})
    coded = [base64.b64encode(one).decode() for one in (first, second)]
    page.set_content(FRAME.format(phone=PHONE, desktop=DESKTOP, first=coded[0], second=coded[1]))
    return page.locator("body").screenshot()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("url")
    arguments.add_argument("picture", type=Path, nargs="?", default=Path(tempfile.gettempdir()) / "web-page.png")
    chosen = arguments.parse_args()
    with chromium() as browser:
        phone = open_page(browser, chosen.url, PHONE, "te")
        suggestion(phone, "income_certificate")
        if phone.locator(ANSWERED).last.locator(CHOICES).count():
            press(phone, 0)
        desktop = open_page(browser, chosen.url, DESKTOP, "hi")
        chosen.picture.write_bytes(picture(browser, phone.screenshot(), desktop.screenshot()))


if __name__ == "__main__":
    main()
