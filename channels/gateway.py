"""Everything one gateway is made of, and how a request finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import httpx
from fastapi import Request

from .documents import Documents
from .settings import Settings
from .turn import Kit
from .turns import Turns
from .vault import Vault


@dataclass(frozen=True)
class Gateway:
    """One running gateway."""

    settings: Settings
    vault: Vault
    kit: Kit
    turns: Turns
    documents: Documents
    clients: tuple[httpx.AsyncClient, ...]


def of(request: Request) -> Gateway:
    """The gateway that a request came to."""
    return cast(Gateway, request.app.state.gateway)
