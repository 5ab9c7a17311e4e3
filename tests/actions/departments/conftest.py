"""A sandbox with its own state and a clock that tests move, and the clients that ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

import httpx
import pytest
import yaml
from fastapi import FastAPI

from actions.departments import client
from actions.departments.registry import Departments
from actions.departments.results import Request
from actions.departments.sandbox.app import create_app
from actions.departments.sandbox.desk import INDIA
from actions.departments.sandbox.settings import Settings

STEP = 20
ADDRESS = "http://departments.test"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Clock:
    """Ten in the morning of a Tuesday until a test moves it."""

    time: datetime = datetime(2026, 3, 10, 10, 0, tzinfo=INDIA)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **amount: float) -> None:
        self.time += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(tmp_path: Path, clock: Clock) -> FastAPI:
    return create_app(Settings(var=tmp_path, step_seconds=STEP, slow_seconds=0.4), clock)


@pytest.fixture
async def departments(sandbox: FastAPI) -> AsyncIterator[Departments]:
    settings = client.Settings(departments_url=ADDRESS, timeout=0.3, backoff=0.01, breaker_seconds=0.2)
    departments = Departments(settings, httpx.ASGITransport(sandbox))
    yield departments
    await departments.aclose()


@pytest.fixture
async def http(sandbox: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox), base_url=ADDRESS) as opened:
        yield opened


Ask = Callable[..., Awaitable[object]]


@pytest.fixture
def ask(departments: Departments) -> Ask:
    """Call a department function; every call has a key of its own unless one is given; every code has a sentence."""
    keys = count()

    async def call(
        function: str, service: str = "a_service", language: str = "te", key: str = "", **values: object
    ) -> object:
        request = Request(service, values, language, key or f"key-{next(keys)}")
        result = await departments.call(function, request)
        assert set(_codes(result)) <= sentences(), result
        return result

    return call


@cache
def sentences() -> frozenset[str]:
    """The keys of what departments say."""
    path = Path(__file__).parents[3] / "nlu_data" / "talk" / "departments.yml"
    return frozenset(yaml.safe_load(path.read_text("utf-8"))["sentences"])


def _codes(result: object) -> Iterator[str]:
    """Every code in a result that must have a sentence."""
    rows = getattr(result, "rows", ()) + (getattr(result, "facts", ()),)
    yield from (fact.label for row in rows for fact in row)
    yield from (line.code for line in getattr(result, "lines", ()))
    yield from getattr(result, "steps", ())
    yield from filter(None, [getattr(result, "advice", "")])


@pytest.fixture
def offer(departments: Departments) -> Ask:
    """The rows a department offers for a slot."""

    async def call(function: str, **values: object) -> object:
        return await departments.options(function, Request("", values, "te", ""))

    return call
