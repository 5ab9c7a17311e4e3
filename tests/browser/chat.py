"""What a citizen does on the page, and what they see, by its roles and names."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

MITRAS = "article.mitra"
MINE = "article.me"
OVERFLOWS = """() => {
  const conversation = document.querySelector("main");
  return document.documentElement.scrollWidth > innerWidth || conversation.scrollWidth > conversation.clientWidth;
}"""


def write(page: Page, text: str) -> None:
    """Types a sentence and sends it with Enter."""
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")


def replies(page: Page) -> Locator:
    return page.locator(MITRAS)


def mine(page: Page) -> Locator:
    return page.locator(MINE)


def answer_after(page: Page, act: object, timeout: float = 10_000) -> Locator:
    """Does something and returns the first reply that comes after it."""
    before = replies(page).count()
    act()  # type: ignore[operator]
    reply = replies(page).nth(before)
    expect(reply).to_be_visible(timeout=timeout)
    return reply


def ask(page: Page, text: str, timeout: float = 10_000) -> Locator:
    """Sends a sentence and returns the reply."""
    return answer_after(page, lambda: write(page, text), timeout)


def attach(page: Page, name: str, mime: str, content: bytes) -> None:
    """Picks a file through the button for it."""
    with page.expect_file_chooser() as chooser:
        page.locator("#attach").click()
    chooser.value.set_files({"name": name, "mimeType": mime, "buffer": content})


def overflows(page: Page) -> bool:
    """Whether anything is wider than the screen."""
    return bool(page.evaluate(OVERFLOWS))
