"""Papers of the departments, passed on: a citizen's phone reaches the gateway, not the departments."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import regex

from .errors import Unsent

# A paper's address holds an unguessable token; nothing else of a department is passed on.
PAPER = regex.compile(r"/[a-z0-9_]+/papers/[A-Za-z0-9_-]{16,}\.pdf")
PUBLIC = "/documents"
MAX_FILE = 20 * 1024 * 1024


@dataclass(frozen=True)
class File:
    data: bytes
    mime: str


class Documents:
    """The papers behind one departments' address."""

    def __init__(self, client: httpx.AsyncClient, departments_url: str) -> None:
        self._client = client
        self._url = departments_url

    def path(self, url: str) -> str | None:
        """The paper's path when it lies with our departments."""
        path = url.removeprefix(self._url)
        return path if PAPER.fullmatch(path) else None

    def public(self, url: str) -> str:
        """The address for a browser: ours for a paper of ours, else as it is."""
        path = self.path(url)
        return PUBLIC + path if path else url

    def link(self, url: str) -> str | None:
        """The address to give to Meta for a paper that lies elsewhere in public."""
        return url if self.path(url) is None and urlsplit(url).scheme == "https" else None

    async def fetch(self, url: str) -> File:
        """The paper itself; raises `Unsent`, with `retry` when the department does not answer."""
        path = self.path(url)
        if path is None:
            raise Unsent("no_such_paper", 0)
        try:
            response = await self._client.get(self._url + path)
        except httpx.HTTPError as error:
            raise Unsent("department_down", 0, retry=5.0) from error
        if response.status_code != 200 or len(response.content) > MAX_FILE:
            raise Unsent("no_such_paper", response.status_code, 5.0 if response.status_code >= 500 else None)
        return File(response.content, response.headers.get("Content-Type", "application/pdf").split(";")[0])

    async def verification(self, number: str, query: str, accept: str) -> httpx.Response:
        """What the departments say about a certificate's number; raises `httpx.HTTPError`."""
        url = httpx.URL(f"{self._url}/verify/").copy_with(path=f"/verify/{number}", query=query.encode())
        return await self._client.get(url, headers={"Accept": accept})
