"""Voice off the event loop: a few notes at a time in threads of their own, so that no text turn waits for one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol

from .errors import BadMedia
from .message import Transcript

AT_ONCE = 1
SPEAK_SECONDS = 20.0


class Hears(Protocol):
    def listen(self, data: bytes, prior: str | None = None) -> Any: ...


class Speaks(Protocol):
    def speak(self, text: str, language: str, public: bool = False) -> Awaitable[Any]: ...


class Speech:
    """Listening and speaking; either may be missing (None), and is then said to be off."""

    def __init__(self, listener: Hears | None, speaker: Speaks | None, unheard: type[Any] = BadMedia) -> None:
        self._listener = listener
        self._unheard = unheard
        self._speaker = speaker
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="listen")

    async def hear(self, data: bytes, prior: str | None) -> Transcript:
        """What a note says; raises `BadMedia` with the reason of voice's `Unheard`."""
        if self._listener is None:
            raise BadMedia("off")
        listen = partial(self._listener.listen, data, prior=prior)
        try:
            heard = await asyncio.get_running_loop().run_in_executor(self._threads, listen)
        except self._unheard as unheard:
            raise BadMedia(str(unheard.reason)) from unheard
        return Transcript(heard.text, heard.language, float(heard.confidence), tuple(heard.alternatives))

    async def say(self, text: str, language: str, public: bool = False) -> bytes | None:
        """A spoken text as OGG/Opus, or None: the text goes out anyway. `public` when nothing in it is personal."""
        if self._speaker is None:
            return None
        try:
            async with asyncio.timeout(SPEAK_SECONDS):
                audio = await self._speaker.speak(text, language, public=public)
        except Exception:  # noqa: BLE001 - speech is an extra: nothing in it may cost the citizen their answer
            return None
        return bytes(audio.data) if audio else None

    async def ready(self) -> bool:
        return self._listener is not None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
