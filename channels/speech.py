"""Voice for the gateway: loaded in the background, so that text is answered while it loads, and without it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from voice.errors import Reason, Unheard, VoiceError

from .errors import BadMedia, Unsent
from .message import Transcript

log = logging.getLogger(__name__)
SPEAK_SECONDS = 20.0
BUSY_SECONDS = 3.0


class Hears(Protocol):
    @property
    def ready(self) -> bool: ...
    async def listen(self, audio: bytes, *, prior: str | None = None) -> Any: ...
    def close(self) -> None: ...


class Speaks(Protocol):
    async def speak(self, text: str, language: str, public: bool = False) -> Any: ...
    def close(self) -> None: ...


class Voice(NamedTuple):
    """Both directions."""

    listener: Hears
    speaker: Speaks


class Speech:
    """Listening and speaking; `load` blocks, and runs in a thread of its own."""

    def __init__(self, load: Callable[[], Voice]) -> None:
        self._load = load
        self._loading: asyncio.Task[Voice] | None = None

    def start(self) -> None:
        self._loading = asyncio.create_task(asyncio.to_thread(self._load))
        self._loading.add_done_callback(_report)

    async def _voice(self) -> Voice:
        assert self._loading, "not started"
        return await asyncio.shield(self._loading)

    async def hear(self, data: bytes, prior: str | None) -> Transcript:
        """What a note says; raises `BadMedia` with the reason of voice's `Unheard`, or `Unsent` when too many wait."""
        try:
            heard = await (await self._voice()).listener.listen(data, prior=prior)
        except Unheard as unheard:
            if unheard.reason == Reason.BUSY:
                raise Unsent("listening", 0, retry=BUSY_SECONDS) from unheard
            raise BadMedia(str(unheard.reason)) from unheard
        except (VoiceError, ImportError, OSError) as error:
            raise BadMedia("off") from error
        return Transcript(heard.text, heard.language, float(heard.confidence), tuple(heard.alternatives))

    async def say(self, text: str, language: str, public: bool = False) -> bytes | None:
        """A spoken text as OGG/Opus, or None: the text goes out anyway. `public` when nothing in it is personal."""
        try:
            async with asyncio.timeout(SPEAK_SECONDS):
                audio = await (await self._voice()).speaker.speak(text, language, public=public)
        except (VoiceError, ImportError, OSError):
            return None
        return bytes(audio.content)

    async def ready(self) -> bool:
        done = self._loading is not None and self._loading.done() and self._loading.exception() is None
        return done and (await self._voice()).listener.ready

    def close(self) -> None:
        if self._loading and self._loading.done() and self._loading.exception() is None:
            for part in self._loading.result():
                part.close()


def _report(loading: asyncio.Task[Voice]) -> None:
    if not loading.cancelled() and (error := loading.exception()):
        log.error("voice notes are off: %s: %s", type(error).__name__, error)


def load_voice() -> Voice:
    """Voice as the environment asks for it, its weights loaded."""
    from voice.listen import Listener
    from voice.speak import default_speaker

    voice = Voice(Listener(), default_speaker())
    voice.listener.warm()  # type: ignore[attr-defined]
    return voice
