"""What Mitra says in one message, before any channel gives it a shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Button:
    """A short answer to press."""

    id: str
    title: str


@dataclass(frozen=True)
class Row:
    """A line of a list to choose from."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Reply:
    """Text with at most one of: buttons (up to 3), rows (up to 10) under `list_title`, a document.

    `location`: a shared place would answer it.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    rows: tuple[Row, ...] = ()
    list_title: str = ""
    document_url: str = ""
    filename: str = ""
    location: bool = False


def restored(stored: Mapping[str, Any]) -> Reply:
    """A reply from what `dataclasses.asdict` made of it."""
    buttons = tuple(Button(**button) for button in stored["buttons"])
    rows = tuple(Row(**row) for row in stored["rows"])
    return Reply(**{**stored, "buttons": buttons, "rows": rows})
