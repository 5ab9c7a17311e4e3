"""Durable turns: a message is stored before it is acknowledged, and a turn cut by a crash goes on after it.

The engine is DBOS. Every stage of a turn is a step whose result is stored (sealed); a resumed turn skips the steps it
has done. One queue with a partition per citizen keeps a citizen's messages in order and everybody else's in parallel.
"""

from __future__ import annotations

import asyncio
import pickle
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from dbos import DBOS, DBOSConfig, Serializer, SetEnqueueOptions, SetWorkflowID, WorkflowHandleAsync

from .message import Answer, Message
from .settings import Settings
from .vault import Vault

T = TypeVar("T")

QUEUE = "turns"
WORKFLOW = "turn"
WAIT = "wait"
# A submission that a department could not take: after 15 seconds, then twice as long each time, for about two days.
AGAIN = ".again"
FIRST_RETRY, LONGEST_RETRY, MOST_RETRIES = 15.0, 1800.0, 100
# Never the hash of the code, which is the default: after a deploy, older turns would wait for ever.
APPLICATION_VERSION = "1"
# Meta redelivers for seven days: a turn is remembered a little longer.
REMEMBERED = timedelta(days=9)
FORGET_AT_ONCE = 500
# A turn that has not ended here after so many seconds may be running in another gateway.
ELSEWHERE_AFTER = 0.5
# Priorities run to 2**31: tenths of a second come round again after almost seven years.
PLACES = 2**31 - 1_000_000
REMEMBERED_PLACES = 50_000
# SQLite has one writer: a short fair queue for a connection beats many threads that poll for its lock.
SQLITE_POOL = {"pool_size": 2, "max_overflow": 0, "pool_timeout": 30}
DONE = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class Sealed(Serializer):
    """What DBOS stores, encrypted: messages and answers hold personal data."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def serialize(self, data: Any) -> str:
        return self._vault.seal(pickle.dumps(data)).decode()

    def deserialize(self, serialized_data: str) -> Any:
        # Safe to unpickle: the seal is a signature too, and only this gateway's secret makes it.
        return pickle.loads(self._vault.open(serialized_data.encode()))

    def name(self) -> str:
        return "mitra_sealed"


class Steps:
    """The durable steps of one running turn. `fresh`: no earlier process can have begun the next step.

    Of a resumed turn that is unknown for one step only: the first one whose result is not stored.
    """

    def __init__(self, id: str, fresh: bool, stopping: Callable[[], bool] = lambda: False) -> None:
        self.id = id
        self.fresh = fresh
        self._stopping = stopping

    async def step(self, name: str, func: Callable[..., Awaitable[T]], *args: object) -> T:
        """Run once and remember the result; run again only if a crash came before it was remembered."""

        async def run() -> T:
            self.fresh = True
            return await func(*args)

        try:
            return await DBOS.run_step_async({"name": name}, run)
        except Exception:
            if self._stopping():
                # The engine is gone, not the step wrong: the turn must not end, and resumes at the next start.
                await asyncio.Event().wait()
            raise

    async def pause(self, seconds: float) -> None:
        """Wait; after a restart, only what is left of it."""
        await DBOS.sleep_async(seconds)


Body = Callable[[Message, Steps], Awaitable[Answer]]


class Turns:
    """All turns of this gateway. `body` is what a turn does; it must be made of steps."""

    def __init__(self, settings: Settings, vault: Vault, body: Body) -> None:
        self._settings = settings
        self._vault = vault
        self._body = body
        self._boot = uuid.uuid4().hex
        self._stopping = False
        self._waiting: dict[str, asyncio.Future[Answer]] = {}
        self._places: dict[str, int] = {}

    async def start(self) -> None:
        """Open the database and resume what a crash cut short."""
        config: DBOSConfig = {
            "name": "mitra",
            "system_database_url": self._settings.database_url,
            "application_version": APPLICATION_VERSION,
            "executor_id": self._settings.executor,
            "serializer": Sealed(self._vault),
            "db_engine_kwargs": SQLITE_POOL if self._settings.database_url.startswith("sqlite") else {},
            "log_level": "WARNING",
            "console_log_level": "WARNING",
        }
        DBOS(config=config)
        self._workflow = DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)(self._turn_function())
        self._wait = DBOS.workflow(name=WAIT, max_recovery_attempts=None)(self._wait_function())
        DBOS.launch()
        await DBOS.register_queue_async(
            QUEUE, partition_concurrency=1, polling_interval_sec=self._settings.queue_poll, on_conflict="always_update"
        )

    async def stop(self) -> None:
        """Let go; turns at work are taken up again at the next start."""
        self._stopping = True
        threads = ThreadPoolExecutor(thread_name_prefix="gateway")
        loop = asyncio.get_running_loop()
        # DBOS made the loop's default threads its own and is about to end them.
        loop.set_default_executor(threads)
        await loop.run_in_executor(threads, partial(DBOS.destroy, destroy_registry=True))

    def id(self, message: Message) -> str:
        """The turn of a message: always the same for the same message. WhatsApp's own ids hold the phone number."""
        return f"{message.channel}-{self._vault.opaque('message', f'{message.citizen}/{message.id}')}"

    async def take(self, message: Message) -> str:
        """Store a message; when this returns it cannot be lost. A message taken before is not taken again."""
        id = self.id(message)
        options = SetEnqueueOptions(queue_partition_key=message.citizen, priority=self._place(message.citizen))
        with SetWorkflowID(id), options:
            await DBOS.enqueue_workflow_async(QUEUE, self._workflow, message, self._boot)
        return id

    def _place(self, citizen: str) -> int:
        """A message's place among the citizen's: tenths of a second, and always after the one before.

        The queue's own order is the time of storing, which SQLite may know to the second only; its priority goes first.
        """
        place = max(int(time.time() * 10) % PLACES + 1, self._places.pop(citizen, 0) + 1)
        if len(self._places) >= REMEMBERED_PLACES:
            self._places.clear()
        self._places[citizen] = place
        return place

    async def answer(self, message: Message, seconds: float) -> Answer:
        """Take a message and wait for its turn to end, wherever it runs. Raises `TimeoutError`."""
        id = self.id(message)
        here = self._waiting.setdefault(id, asyncio.get_running_loop().create_future())
        try:
            async with asyncio.timeout(seconds):
                await self.take(message)
                done, _ = await asyncio.wait({here}, timeout=ELSEWHERE_AFTER)
                return here.result() if done else await self._from_database(id, here)
        finally:
            self._waiting.pop(id, None)

    async def _from_database(self, id: str, here: asyncio.Future[Answer]) -> Answer:
        """The result of a turn that may have ended before, or may be running in another gateway."""
        handle: WorkflowHandleAsync[Answer] = await DBOS.retrieve_workflow_async(id)
        anywhere = asyncio.ensure_future(handle.get_result(polling_interval_sec=1.0))
        try:
            done, _ = await asyncio.wait({here, anywhere}, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        finally:
            anywhere.cancel()

    async def _press_later(self, message: Message, button: str) -> None:
        """Press a button for the citizen after a while, each time a longer one; other turns of theirs do not wait."""
        tried = message.id.count(AGAIN)
        if tried < MOST_RETRIES:
            id = message.id + AGAIN
            again = Message(id, message.sender, message.channel, message.citizen, button=button, phone=message.phone)
            with SetWorkflowID(f"{self.id(again)}-wait"):
                seconds = min(FIRST_RETRY * 2.0**tried, LONGEST_RETRY)
                await DBOS.start_workflow_async(self._wait, again, seconds)

    def _wait_function(self) -> Callable[[Message, float], Coroutine[Any, Any, None]]:
        async def wait(message: Message, seconds: float) -> None:
            await DBOS.sleep_async(seconds)
            await self.take(message)

        return wait

    def _turn_function(self) -> Callable[[Message, str], Coroutine[Any, Any, Answer]]:
        async def turn(message: Message, boot: str) -> Answer:
            id = str(DBOS.workflow_id)
            answer = await self._body(message, Steps(id, boot == self._boot, lambda: self._stopping))
            if answer.retry:
                await self._press_later(message, answer.retry)
            if (waiting := self._waiting.get(id)) and not waiting.done():
                waiting.set_result(answer)
            return answer

        return turn

    async def sweep(self) -> int:
        """Forget turns done long ago; how many."""
        before = (datetime.now(UTC) - REMEMBERED).isoformat()
        old = await DBOS.list_workflows_async(
            status=DONE, end_time=before, limit=FORGET_AT_ONCE, load_input=False, load_output=False
        )
        await DBOS.delete_workflows_async([one.workflow_id for one in old])
        return len(old)
