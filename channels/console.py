"""`mitra`: one command whose verbs every folder brings itself, found by the entry-point group `mitra.commands`."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Any

import httpx
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

GROUP = "mitra.commands"
TIMEOUT = 100.0
out = Console()


def _address() -> str:
    return os.environ.get("MITRA_URL") or f"http://127.0.0.1:{os.environ.get('MITRA_PORT', '8000')}"


def _post(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The gateway's answer; ends the command with a clear line when it does not answer."""
    try:
        response = httpx.post(_address() + path, json=body, timeout=TIMEOUT)
    except httpx.HTTPError:
        out.print(f"[red]No gateway answers at {_address()}.[/] Start one with `make run`, or set MITRA_URL.")
        raise typer.Exit(1) from None
    if response.status_code != 200:
        out.print(f"[red]The gateway answered {response.status_code}:[/] {escape(response.text)}")
        raise typer.Exit(1)
    found: dict[str, Any] = response.json()
    return found


def try_text(text: str) -> None:
    """Show how one message is understood: language, tokens, the best services, entities."""
    result = _post("/api/understand", {"text": text, "explain": True})
    out.print(f"[bold]{escape(result['text'])}[/]  {result['language'] or '?'}, {result['script'] or '?'}")
    if result.get("tokens"):
        out.print(_table(("token", "language", "key"), [_token(one) for one in result["tokens"]]))
    ranking = [(_label(one), f"{one['confidence']:.3f}") for one in result["ranking"]]
    out.print(_table(("service", "confidence"), ranking))
    if result["entities"]:
        rows = [(one["entity"], one["text"], str(one["value"])) for one in result["entities"]]
        out.print(_table(("entity", "text", "value"), rows))


def _token(token: Any) -> tuple[str, str, str]:
    if not isinstance(token, dict):
        return str(token), "", ""
    return str(token.get("text", "")), str(token.get("language") or ""), str(token.get("key") or "")


def _label(one: dict[str, Any]) -> str:
    return f"{one['intent']}/{one['service']}" if one["service"] else str(one["intent"])


def _table(columns: tuple[str, ...], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    return table


def chat(sender: str = typer.Option("", help="who is talking; a new citizen when left out")) -> None:
    """Talk to Mitra; a number presses a button, an empty line ends."""
    sender = sender or f"console-{uuid.uuid4().hex[:8]}"
    choices: list[str] = []
    while said := typer.prompt(">", default="", show_default=False, prompt_suffix=" ").strip():
        answer = _post("/api/messages", {"sender": sender, **_typed(said, choices)})
        choices = [id for reply in answer["replies"] for id in _show(reply)]


def _typed(said: str, choices: list[str]) -> dict[str, str]:
    if said.isdecimal() and 0 < int(said) <= len(choices):
        return {"button": choices[int(said) - 1]}
    return {"text": said}


def _show(reply: dict[str, Any]) -> list[str]:
    """Print one reply; the ids of what can be chosen."""
    out.print(escape(reply["text"] or ""), style="green")
    options = [*(reply.get("buttons") or []), *(reply.get("list") or [])]
    for number, option in enumerate(options, start=1):
        out.print(f"  {number}. {escape(option['title'])}", style="cyan")
    if document := reply.get("document"):
        out.print(f"  {escape(document['filename'])}: {_address()}{document['url']}", style="blue")
    return [option["id"] for option in options]


def app() -> typer.Typer:
    """The command with the verbs of every folder."""
    command = typer.Typer(name="mitra", no_args_is_help=True, add_completion=False, help="Mitra from the terminal.")
    command.command("try")(try_text)
    command.command("chat")(chat)
    for entry in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        command.command(entry.name)(entry.load())
    return command


def main() -> None:
    """Run `mitra`."""
    app()()
