"""`mitra try` and `mitra chat` against a gateway that answers from a table."""

from __future__ import annotations

import httpx
import pytest
from typer.testing import CliRunner

from channels import console

UNDERSTOOD = {
    "text": "income certificate",
    "language": "en",
    "script": "Latn",
    "tokens": [{"text": "income", "language": "en", "key": "INKM"}],
    "ranking": [
        {"intent": "apply", "service": "income_certificate", "confidence": 0.91},
        {"intent": "greet", "service": None, "confidence": 0.01},
    ],
    "entities": [{"entity": "place", "text": "guntur", "value": "Guntur"}],
}
ANSWER = {
    "replies": [{"text": "Which [one]?", "buttons": [{"id": "a", "title": "First"}, {"id": "b", "title": "Second"}]}]
}


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    posted: list[dict] = []

    def post(url: str, json: dict, timeout: float) -> httpx.Response:
        posted.append(json)
        return httpx.Response(200, json=UNDERSTOOD if "understand" in url else ANSWER)

    monkeypatch.setattr(console.httpx, "post", post)
    return posted


def test_try_shows_tokens_services_and_entities(posted: list[dict]) -> None:
    shown = CliRunner().invoke(console.app(), ["try", "income certificate"])
    assert shown.exit_code == 0
    assert all(word in shown.output for word in ("apply/income_certificate", "0.910", "INKM", "Guntur"))


def test_in_a_chat_a_number_presses_a_button(posted: list[dict]) -> None:
    shown = CliRunner().invoke(console.app(), ["chat", "--sender", "me"], input="hello\n2\n\n")
    assert shown.exit_code == 0 and "Which [one]?" in shown.output
    assert posted == [{"sender": "me", "text": "hello"}, {"sender": "me", "button": "b"}]


def test_without_a_gateway_the_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MITRA_URL", "http://127.0.0.1:9")
    shown = CliRunner().invoke(console.app(), ["try", "x"])
    assert shown.exit_code == 1 and "No gateway answers" in shown.output
