"""One department over HTTP: time limits, retries, a circuit breaker, and its faults as the errors of `actions.errors`.

Bodies are never logged and personal data never stands in an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urljoin

import httpx
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from actions.departments.answer import Answer
from actions.departments.results import Document, Request
from actions.errors import DepartmentDown, NotFound, NothingDue, Refused, SoldOut


@dataclass(frozen=True)
class Settings:
    """Where the departments are and how patient we are; times in seconds."""

    departments_url: str = "http://127.0.0.1:8010"
    timeout: float = 2.5
    attempts: int = 3
    backoff: float = 0.2
    breaker_threshold: int = 5
    breaker_seconds: float = 5.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read `DEPARTMENTS_URL` and `DEPARTMENTS_TIMEOUT`."""
        return cls(
            departments_url=environment.get("DEPARTMENTS_URL", cls.departments_url).rstrip("/"),
            timeout=float(environment.get("DEPARTMENTS_TIMEOUT", cls.timeout)),
        )


class _Fault(Exception):
    """The department answered with a fault of its own: worth another try."""


class Department:
    """One department's API; `name` is its folder on the server."""

    def __init__(
        self, name: str, http: httpx.AsyncClient, breakers: AsyncCircuitBreakerFactory, settings: Settings
    ) -> None:
        self.name = name
        self._http = http
        self._breakers = breakers
        self._settings = settings

    async def get(self, path: str, request: Request, **query: object) -> Answer:
        """Ask for something; never changes anything, so it is retried."""
        asked = {name: str(value) for name, value in query.items() if value is not None}
        return await self._ask("GET", path, request, self._settings.attempts, params=asked)

    async def fetch(self, path: str, request: Request, body: Mapping[str, object]) -> Answer:
        """Ask with a body, because the question is personal; changes nothing, so it is retried."""
        return await self._ask("POST", path, request, self._settings.attempts, json=dict(body))

    async def submit(self, path: str, request: Request, body: Mapping[str, object]) -> Answer:
        """Submit something once: retried only under the request's key."""
        attempts = self._settings.attempts if request.key else 1
        return await self._ask("POST", path, request, attempts, json=dict(body), key=request.key)

    def document(self, answer: Answer) -> Document | None:
        """The file an answer names, with a whole address; None when it names none."""
        if not answer.has("document"):
            return None
        file = answer.part("document")
        return Document(
            url=urljoin(self._settings.departments_url + "/", file.text("url")), filename=file.text("filename")
        )

    async def _ask(
        self, method: str, path: str, request: Request, attempts: int, key: str = "", **content: object
    ) -> Answer:
        headers = {"Accept-Language": request.language} | ({"Idempotency-Key": key} if key else {})
        try:
            async with await self._breakers.get_breaker(self.name):
                response = await self._try(method, path, attempts, headers, content)
        except (httpx.TransportError, OpenedState, _Fault):
            raise DepartmentDown(self.name) from None
        if response.is_success:
            return Answer(self.name, self._read(response))
        self._refuse(response)

    async def _try(
        self, method: str, path: str, attempts: int, headers: Mapping[str, str], content: Mapping[str, object]
    ) -> httpx.Response:
        async for attempt in AsyncRetrying(
            stop=stop_after_attempt(attempts),
            wait=wait_random_exponential(multiplier=self._settings.backoff, max=1),
            retry=retry_if_exception_type((httpx.TransportError, _Fault)),
            reraise=True,
        ):
            with attempt:
                response = await self._http.request(method, f"/{self.name}{path}", headers=dict(headers), **content)  # type: ignore[arg-type]
                if response.status_code == 429 or response.status_code >= 500:
                    raise _Fault
        return response

    def _read(self, response: httpx.Response) -> Mapping[str, object]:
        try:
            data = response.json()
        except ValueError:
            data = None
        if not isinstance(data, dict):
            raise DepartmentDown(self.name)
        return data

    def _refuse(self, response: httpx.Response) -> NoReturn:
        """Raise what a 4xx means."""
        if response.status_code == 404:
            raise NotFound
        if response.status_code == 402:
            raise NothingDue
        if response.status_code not in (400, 409, 422):
            raise DepartmentDown(self.name)
        error = self._read(response).get("error")
        if not isinstance(error, dict) or not isinstance(error.get("code"), str):
            raise DepartmentDown(self.name)
        if error["code"] in _CONFLICTS:
            raise _CONFLICTS[error["code"]]
        raise Refused(error["code"], **error.get("details", {}))


_CONFLICTS = {"nothing_due": NothingDue, "sold_out": SoldOut, "not_found": NotFound}


def body(request: Request, **names: str) -> dict[str, object]:
    """A body with the values given: `body(request, applicantName="applicant_name")`; absent values are left out."""
    values = {field: request.values.get(slot) for field, slot in names.items()}
    return {field: value for field, value in values.items() if value not in (None, "")}


def value(request: Request, slot: str) -> str:
    """A value the call cannot do without."""
    found = request.values.get(slot)
    if found in (None, ""):
        raise Refused("denied_missing", field=slot)
    return str(found)
