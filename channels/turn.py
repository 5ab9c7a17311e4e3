"""The stages of one turn; each is made of durable steps, so that a resumed turn does nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Any, Protocol, TypeVar

import regex

from .conversations import Conversations
from .errors import BadMedia, RasaDown, Speechless, Unsent
from .message import Answer, Heard, Later, Message, Reply
from .metrics import Metrics
from .notes import Notes
from .rasa import Question, Rasa, question, valid
from .sentences import DEFAULT, Sentences
from .speech import Speech
from .store import Store
from .turns import Steps

T = TypeVar("T")
LIMIT = 5000
HINDI = regex.compile(r"\p{Devanagari}")
WORDS = regex.compile(r"[\p{L}\p{N}]")
# Signs that are answers: thumbs up and down, folded hands, check and cross marks.
ANSWERING = set("\U0001f44d\U0001f44e\U0001f64f\u2705\u274c\u2714\u274e\u2716\U0001f44c")
# How long to go on trying: a day for a channel that can be written to later, a moment for one that waits.
PATIENT = (1, 2, 4, 8, 15, 30, 60, 120, *repeat(300.0, 280))
IMPATIENT = (0.5, 1.5)
TELL_AFTER = 2
# Why a note was waited for in vain, when it is not that Meta could not give it.
WAITED = {"listening": "busy"}


class Outlet(Protocol):
    """Where a channel's replies go."""

    patient: bool

    async def fetch(self, message: Message) -> bytes: ...
    async def working(self, message: Message) -> None: ...
    def parts(self, reply: Reply, language: str) -> list[Any]: ...
    async def send(self, message: Message, part: Any, key: str, fresh: bool) -> str: ...
    async def send_voice(self, message: Message, data: bytes, key: str, fresh: bool) -> str: ...


@dataclass(frozen=True)
class Kit:
    """What every turn works with."""

    rasa: Rasa
    speech: Speech
    notes: Notes
    store: Store
    sentences: Sentences
    metrics: Metrics
    conversations: Conversations
    outlets: dict[str, Outlet]


class Turn:
    """One message on its way through the stages."""

    def __init__(self, kit: Kit, message: Message, steps: Steps) -> None:
        self._kit = kit
        self._message = message
        self._steps = steps
        self._outlet = kit.outlets.get(message.channel)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Show the citizen that their message is being worked on."""
        task = asyncio.ensure_future(self._outlet.working(self._message)) if self._outlet else None
        try:
            yield
        finally:
            if task:
                task.cancel()

    async def listen(self) -> Heard:
        """The message as text for Rasa, or the sentence that says why not."""
        message = self._message
        with self._timed("listen"):
            if message.unsupported is not None:
                return self._unsupported(message.unsupported)
            if message.media is not None:
                heard = await self._until("listen", self._hear)
                if isinstance(heard, Later):
                    return Heard(trouble=f"unheard_{WAITED.get(heard.reason, 'lost')}")
                return heard
            return typed(message.text) if message.text is not None else Heard()

    def _unsupported(self, kind: str) -> Heard:
        self._kit.metrics.failures.labels(kind="unsupported").inc()
        key = f"unsupported_{kind}"
        return Heard(trouble=key if key in self._kit.sentences else "unsupported_other")

    async def _hear(self, _fresh: bool) -> Heard | Later:
        try:
            data = await self._note()
            transcript = await self._kit.speech.hear(data, await self._language())
        except BadMedia as unheard:
            self._kit.metrics.failures.labels(kind=f"unheard_{unheard.reason}").inc()
            return Heard(trouble=f"unheard_{unheard.reason}")
        except Unsent as error:
            return Later(error.kind, error.retry) if error.retry else Heard(trouble="unheard_lost")
        return Heard(transcript.text, transcript)

    async def _note(self) -> bytes:
        """The citizen's note, from our own disk once it has been fetched."""
        name = self._steps.id
        data = await asyncio.to_thread(self._kit.notes.heard, name)
        if data is None:
            if self._outlet is None:
                raise BadMedia("lost")
            data = await self._outlet.fetch(self._message)
            await asyncio.to_thread(self._kit.notes.keep, name, data)
        return data

    async def ask(self, heard: Heard) -> Answer:
        """What Rasa says to it, or our own sentence when there is nothing to ask."""
        if heard.trouble:
            return await self._own(heard.trouble)
        asked = question(self._steps.id, self._message, heard)
        with self._timed("ask"):
            answer = await self._until("ask", lambda fresh: self._ask(asked, fresh), tell=True)
        if isinstance(answer, Later):
            return await self._own("trouble" if answer.reason == "speechless" else "down")
        await self._remember(answer)
        return replace(answer, transcript=heard.transcript)

    async def _ask(self, asked: Question, fresh: bool) -> Answer | Later:
        """Rasa never hears one message twice: a question that may have been put before is looked up first."""
        try:
            said = None if fresh else await self._kit.rasa.said(asked)
            return said or await self._kit.rasa.ask(asked)
        except RasaDown:
            self._kit.metrics.failures.labels(kind="rasa_down").inc()
            return Later("rasa")
        except Speechless:
            reason = "speechless" if await self._kit.rasa.actions_ready() else "actions"
            self._kit.metrics.failures.labels(kind=reason).inc()
            return Later(reason)

    async def write(self, answer: Answer) -> None:
        """Send every reply, one after the other: Meta keeps no order between two that are under way."""
        if self._outlet is None:
            return
        language = answer.language or await self._language()
        parts = chain.from_iterable(self._outlet.parts(reply, language) for reply in answer.replies)
        with self._timed("write"):
            for number, part in enumerate(parts):
                await self._send(f"send-{number}", part)

    async def _send(self, name: str, part: Any) -> None:
        outlet, key = self._outlet, f"{self._steps.id}.{name}"
        if outlet:
            await self._until(name, lambda fresh: self._sent(outlet.send(self._message, part, key, fresh)))

    async def speak(self, answer: Answer, heard: Heard) -> Answer:
        """The same answer with every reply spoken too, for a citizen who spoke."""
        if self._message.media is None:
            return answer
        language = answer.language or await self._language()
        with self._timed("speak"):
            replies = [
                replace(reply, audio=await self._steps.step(f"speak-{number}", self._spoken, reply, language, heard))
                for number, reply in enumerate(answer.replies)
            ]
        return replace(answer, replies=tuple(replies))

    async def _spoken(self, reply: Reply, language: str, heard: Heard) -> str | None:
        """The name of a spoken reply; our own sentences hold nothing personal."""
        text = (reply.speak or reply.text).strip()
        data = await self._kit.speech.say(text, language, public=heard.trouble is not None) if text else None
        return await asyncio.to_thread(self._kit.notes.publish, data) if data else None

    async def write_spoken(self, answer: Answer) -> None:
        """Send what was spoken, after all texts."""
        outlet = self._outlet
        for number, reply in enumerate(answer.replies):
            path = self._kit.notes.spoken(reply.audio) if reply.audio else None
            if outlet and path:
                data, key = await asyncio.to_thread(path.read_bytes), f"{self._steps.id}.voice-{number}"
                await self._until(f"voice-{number}", self._voice_sender(outlet, data, key))

    def _voice_sender(self, outlet: Outlet, data: bytes, key: str) -> Callable[[bool], Awaitable[str | Later]]:
        return lambda fresh: self._sent(outlet.send_voice(self._message, data, key, fresh))

    async def done(self, answer: Answer) -> None:
        """The note is no longer needed; nor is anything else, if the citizen said so."""
        await asyncio.to_thread(self._kit.notes.drop, self._steps.id)
        if answer.forget:
            await asyncio.to_thread(self._kit.conversations.forget, self._message.citizen)

    async def trouble(self) -> Answer:
        """What is said when a stage failed in a way nobody foresaw."""
        answer = await self._own("trouble")
        if self._outlet:
            await self._send("trouble", self._outlet.parts(answer.replies[0], answer.language or DEFAULT)[0])
        return answer

    async def _sent(self, sending: Awaitable[str]) -> str | Later:
        try:
            return await sending
        except Unsent as error:
            self._kit.metrics.failures.labels(kind=f"send_{error.kind}").inc()
            return Later(error.kind, error.retry, error.unknown) if error.retry else f"dropped: {error.kind}"

    async def _until(self, name: str, act: Callable[[bool], Awaitable[T | Later]], tell: bool = False) -> T | Later:
        """Act, as a durable step, until it is no longer `Later`; in between wait, longer and longer.

        `act` is told whether this is certainly the first time: if not, it has to look before it leaps.
        """
        patient = self._outlet is not None and self._outlet.patient
        last, sure = Later("never tried"), self._steps.fresh
        for attempt, wait in enumerate(chain(PATIENT if patient else IMPATIENT, [0.0])):
            result = await self._steps.step(f"{name}.{attempt}", act, sure)
            if not isinstance(result, Later) or (result.reason == "speechless" and attempt > 0):
                return result
            last, sure = result, not result.unknown
            if tell and patient and attempt == TELL_AFTER:
                await self._tell_down()
            await self._steps.pause(max(wait, last.seconds) if patient else wait)
        return last

    async def _tell_down(self) -> None:
        answer = await self._own("down_kept")
        if self._outlet:
            part = self._outlet.parts(answer.replies[0], answer.language or DEFAULT)[0]
            await self._steps.step("tell-down", self._try_to_send, part, f"{self._steps.id}.down")

    async def _try_to_send(self, part: Any, key: str) -> str | Later:
        assert self._outlet
        return await self._sent(self._outlet.send(self._message, part, key, fresh=True))

    async def _own(self, key: str) -> Answer:
        language = await self._language()
        return Answer((Reply(self._kit.sentences.say(key, language, limit=LIMIT)),), language)

    async def _language(self) -> str:
        """The language of the citizen's last turn; of somebody new, what their letters say."""
        known = await asyncio.to_thread(self._kit.store.language, self._message.citizen)
        return known or ("hi" if HINDI.search(self._message.text or "") else DEFAULT)

    async def _remember(self, answer: Answer) -> None:
        if answer.language:
            await asyncio.to_thread(self._kit.store.remember, self._message.citizen, answer.language)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        with self._kit.metrics.stage_seconds.labels(stage=stage).time():
            yield


def typed(text: str) -> Heard:
    """Typed text for Rasa, or why it is not worth asking."""
    clean = valid(text)
    if len(clean) > LIMIT:
        return Heard(trouble="too_long")
    if not clean.strip().strip("/"):
        return Heard(trouble="empty")
    if not WORDS.search(clean) and not set(clean) & ANSWERING:
        return Heard(trouble="only_signs")
    return Heard(clean)
