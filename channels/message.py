"""What passes between the stages of one turn: plain frozen values, no channel's JSON, no Rasa's JSON."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Media:
    """A sound to listen to, by the channel's id of it; `mime` is what the sender says, not to be trusted."""

    id: str
    mime: str = ""


@dataclass(frozen=True)
class Location:
    """A shared place, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Message:
    """One thing a citizen sent; exactly one of text, button, media, location and unsupported is set.

    `sender` and `phone` are the channel's own ids: they never leave the gateway. `sent_at` is in epoch seconds.
    """

    id: str
    sender: str
    channel: str
    citizen: str = ""
    text: str | None = None
    button: str | None = None
    media: Media | None = None
    location: Location | None = None
    unsupported: str | None = None
    sent_at: float = 0.0
    phone: str | None = None

    @property
    def kind(self) -> str:
        """What sort of message it is, for metrics: never anything personal."""
        for name in ("text", "button", "media", "location"):
            if getattr(self, name) is not None:
                return name
        return "unsupported"


@dataclass(frozen=True)
class Transcript:
    """What a voice note said; confidence from 0 to 1."""

    text: str
    language: str
    confidence: float
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heard:
    """A message ready for Rasa, or the key of the sentence that says why it is not."""

    text: str | None = None
    transcript: Transcript | None = None
    trouble: str | None = None

    @property
    def spoken(self) -> bool:
        return self.transcript is not None


@dataclass(frozen=True)
class Button:
    id: str
    title: str


@dataclass(frozen=True)
class Row:
    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Document:
    url: str
    filename: str


@dataclass(frozen=True)
class Reply:
    """One thing Mitra says; `speak` is said aloud instead of `text`, `audio` names a spoken reply kept in `Notes`.

    `request_location`: a shared place would answer it.
    """

    text: str = ""
    buttons: tuple[Button, ...] = ()
    rows: tuple[Row, ...] = ()
    list_button: str = ""
    document: Document | None = None
    speak: str | None = None
    audio: str | None = None
    request_location: bool = False


@dataclass(frozen=True)
class Answer:
    """All that one turn says, and what was understood.

    `retry`: a button to press by ourselves later, when a department was down. `forget`: delete the citizen's data.
    """

    replies: tuple[Reply, ...]
    language: str | None = None
    intent: str | None = None
    service: str | None = None
    transcript: Transcript | None = None
    retry: str | None = None
    forget: bool = False


@dataclass(frozen=True)
class Later:
    """Not possible now; worth trying again after so many seconds. `unknown`: it may have been done all the same."""

    reason: str
    seconds: float = 0.0
    unknown: bool = True
