"""What Mitra says in one message, before any channel gives it a shape."""

from __future__ import annotations

from dataclasses import dataclass


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
    """Text with at most one of: buttons (up to 3), rows (up to 10) under `list_title`, a document."""

    text: str
    buttons: tuple[Button, ...] = ()
    rows: tuple[Row, ...] = ()
    list_title: str = ""
    document_url: str = ""
    filename: str = ""
