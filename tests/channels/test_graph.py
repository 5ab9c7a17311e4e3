"""Meta's Graph API through its stand-in, without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.responses import RedirectResponse, Response

from channels.errors import BadMedia, Unsent
from channels.graph import Graph
from channels.message import Media
from channels.settings import WhatsApp

from .conftest import stand_in

pytestmark = pytest.mark.anyio
URL = "http://graph.test"
TEXT = ("text", {"body": "hello"})


@pytest.fixture
def meta(tmp_path):
    return stand_in("graph").StandIn(tmp_path)


@pytest.fixture
async def graph(meta) -> AsyncIterator[Graph]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(meta.app())) as client:
        yield Graph(WhatsApp("v", "s", meta.token, meta.number, URL), client)


async def test_a_note_comes_in_two_steps_with_token_and_agent(graph, meta) -> None:
    meta.media["a"] = b"sound"
    assert await graph.download(Media("a")) == b"sound"
    assert meta.agents == ["mitra"] * 2


async def test_a_note_that_was_altered_on_the_way_is_corrupt(graph, meta, monkeypatch) -> None:
    meta.media["a"] = b"sound"

    async def other(request):
        return Response(b"noise")

    monkeypatch.setattr(meta, "moved", other)
    graph._client._transport = httpx.ASGITransport(meta.app())
    with pytest.raises(BadMedia, match="corrupt"):
        await graph.download(Media("a"))


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/x",
        "http://lookaside.fbsbx.com/x",
        "https://fbsbx.com.evil.test/x",
        "https://a@lookaside.fbsbx.com/x",
    ],
)
async def test_the_token_never_leaves_for_another_host(graph, meta, monkeypatch, target) -> None:
    meta.media["a"] = b"sound"

    async def away(request):
        return RedirectResponse(target)

    monkeypatch.setattr(meta, "moved", away)
    graph._client._transport = httpx.ASGITransport(meta.app())
    with pytest.raises(BadMedia, match="lost"):
        await graph.download(Media("a"))


@pytest.mark.parametrize(
    "url", ["https://lookaside.fbsbx.com/a?b=c", "https://scontent.whatsapp.net/x", f"{URL}/files/1"]
)
async def test_metas_own_hosts_get_the_token(graph, url) -> None:
    assert graph._is_metas(url)


async def test_a_note_that_is_too_big_is_cut_off(graph, meta) -> None:
    meta.media["a"] = b"x" * (16 * 1024 * 1024 + 1)
    with pytest.raises(BadMedia, match="too_big"):
        await graph.download(Media("a"))


async def test_a_note_that_meta_does_not_know_is_lost(graph) -> None:
    with pytest.raises(BadMedia, match="lost"):
        await graph.download(Media("nowhere"))


async def test_a_message_goes_to_the_lasting_id_or_to_the_phone(graph, meta) -> None:
    assert await graph.send("IN.13491208655302741918", "919000000001", TEXT, "k1") == "wamid.out1"
    await graph.send("919000000001", "919000000001", TEXT, "k2")
    lasting, phone = meta.sent
    assert lasting["recipient"] == "IN.13491208655302741918" and "to" not in lasting
    assert phone["to"] == "919000000001" and "recipient" not in phone and phone["biz_opaque_callback_data"] == "k2"


@pytest.mark.parametrize(
    ("code", "kind", "again"),
    [
        (4, "busy", True),
        (130429, "busy", True),
        (131056, "busy", True),
        (131000, "busy", True),
        (131016, "busy", True),
        (131047, "window_closed", False),
        (131026, "recipient", False),
        (190, "number_stopped", False),
        (100, "refused", False),
    ],
)
async def test_metas_errors_are_told_apart_by_their_code(graph, meta, code, kind, again) -> None:
    meta.failures.append(code)
    with pytest.raises(Unsent) as unsent:
        await graph.send("919000000001", None, TEXT, "k")
    assert (unsent.value.kind, unsent.value.retry is not None, unsent.value.unknown) == (kind, again, False)


@pytest.mark.parametrize(
    ("error", "unknown"), [(httpx.ReadTimeout, True), (httpx.ConnectError, False), (httpx.RemoteProtocolError, True)]
)
async def test_a_send_nobody_answered_may_have_gone_out(graph, error, unknown) -> None:
    def fail(request):
        raise error("no")

    graph._client._transport = httpx.MockTransport(fail)
    with pytest.raises(Unsent) as unsent:
        await graph.send("919000000001", None, TEXT, "k")
    assert unsent.value.unknown is unknown and unsent.value.retry


async def test_a_server_error_without_json_is_worth_another_try(graph) -> None:
    graph._client._transport = httpx.MockTransport(lambda request: httpx.Response(502, text="<html>"))
    with pytest.raises(Unsent) as unsent:
        await graph.send("919000000001", None, TEXT, "k")
    assert unsent.value.retry


async def test_a_failed_typing_indicator_does_not_matter(graph) -> None:
    graph._client._transport = httpx.MockTransport(lambda request: httpx.Response(500, json={}))
    await graph.read_and_type("wamid.in1")
