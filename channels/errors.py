"""What can go wrong in the gateway.

GatewayError
├── Misconfigured      a setting is missing or still a placeholder; names it
├── BadSignature       a webhook that Meta did not sign
├── BadWebhook         a signed body that is not the JSON we know
├── RasaDown           Rasa or its action server does not answer
├── Speechless         Rasa answered with nothing: something failed inside
├── BadMedia           a note that cannot be had or heard; carries the reason
└── Unsent             Meta did not take a message; `retry` says whether to try again
"""

from __future__ import annotations


class GatewayError(Exception):
    """Anything the gateway knows by name."""


class Misconfigured(GatewayError):
    """A setting is missing or still a placeholder."""


class BadSignature(GatewayError):
    """A webhook without Meta's signature; `missing` when there was none at all."""

    def __init__(self, missing: bool) -> None:
        super().__init__("no signature" if missing else "wrong signature")
        self.missing = missing


class BadWebhook(GatewayError):
    """A signed body that is not the JSON we know."""


class RasaDown(GatewayError):
    """Rasa or its action server does not answer."""


class Speechless(GatewayError):
    """Rasa answered with nothing: something failed inside."""


class BadMedia(GatewayError):
    """A note that cannot be had (too_big, corrupt, lost) or heard (silent, ...); `unheard_<reason>` is a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unsent(GatewayError):
    """Meta did not take a message. `retry` in seconds, or None: never; `unknown`: it may have gone out."""

    def __init__(self, kind: str, code: int, retry: float | None = None, unknown: bool = False) -> None:
        super().__init__(f"{kind} ({code})")
        self.kind = kind
        self.code = code
        self.retry = retry
        self.unknown = unknown
