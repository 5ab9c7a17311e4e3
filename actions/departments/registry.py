"""Department functions by the names that service and slot files use, such as `revenue.apply`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from purgatory import AsyncCircuitBreakerFactory

from actions.departments import anna_canteens, apsrtc, cmrf, endowments, energy, generic, municipal, revenue
from actions.departments.client import Department, Settings
from actions.departments.results import Option, Request, Result

Function = Callable[[Department, Request], Awaitable[Any]]

_MODULES = {
    "revenue": revenue,
    "municipal": municipal,
    "energy": energy,
    "apsrtc": apsrtc,
    "endowments": endowments,
    "anna_canteens": anna_canteens,
    "cmrf": cmrf,
    "generic": generic,
}


def functions() -> frozenset[str]:
    """Every name that a service or slot file may use."""
    return frozenset(f"{name}.{function}" for name, module in _MODULES.items() for function in module.__all__)


def resolve(function: str) -> Function:
    """The function of that name; LookupError when there is none."""
    if function not in functions():
        raise LookupError(function)
    module, _, name = function.partition(".")
    found: Function = getattr(_MODULES[module], name)
    return found


class Departments:
    """All departments behind one connection pool; one circuit breaker for each."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._http = httpx.AsyncClient(base_url=settings.departments_url, timeout=settings.timeout, transport=transport)
        breakers = AsyncCircuitBreakerFactory(settings.breaker_threshold, settings.breaker_seconds)
        self._departments = {name: Department(name, self._http, breakers, settings) for name in _MODULES}

    async def call(self, function: str, request: Request) -> Result:
        """What the department answers; raises the errors of `actions.errors`."""
        result: Result = await self._run(function, request)
        return result

    async def options(self, function: str, request: Request) -> list[Option]:
        """The rows a department offers for a slot, given what has been collected so far."""
        rows: list[Option] = await self._run(function, request)
        return rows

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _run(self, function: str, request: Request) -> Any:
        return await resolve(function)(self._departments[function.partition(".")[0]], request)
