"""Nothing is lost: slow, refused, unreachable and interrupted, against a stand-in for the gateway."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from .backend import Backend
from .chat import answer_after, ask, mine, replies, write
from .conftest import Opener


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
    answer_after(page, page.get_by_role("button", name="మళ్లీ ప్రయత్నించండి").click)
    expect(mine(page)).to_have_count(1)
    expect(mine(page).first).to_have_attribute("data-state", "sent")
    assert backend.said() == ["పోకూడని మాట"]
    assert backend.received[0]["id"] == mine(page).first.get_attribute("data-id")


def test_an_answer_lost_on_its_way_is_fetched_by_trying_again_under_the_same_id(
    open_page: Opener, backend: Backend
) -> None:
    page = open_page("en")
    backend.fail = 3
    write(page, "hello")
    expect(mine(page).first).to_have_attribute("data-state", "failed")
    answer_after(page, page.get_by_role("button", name="Try again").click)
    assert len(backend.received) == 4 and len({one["id"] for one in backend.received}) == 1


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


def test_a_language_choice_that_did_not_arrive_goes_before_the_next_message(
    open_page: Opener, backend: Backend
) -> None:
    page = open_page("te")
    backend.fail, backend.status = 1, 422
    with page.expect_response("**/api/messages"):
        page.get_by_role("radio", name="English").click()
    ask(page, "hello")
    assert backend.said() == ["language:en", "language:en", "hello"]


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


def test_an_unreachable_mitra_says_so_in_three_languages(browser: Browser, backend: Backend) -> None:
    page = browser.new_page()
    page.route("**/api/page-texts", lambda route: route.abort())
    page.goto(backend.url)
    expect(page.get_by_role("alert")).to_contain_text("Mitra cannot be reached")
    page.unroute("**/api/page-texts")
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    page.close()
