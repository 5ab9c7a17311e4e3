"""Settings of the sandbox, read from the environment where it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where state is kept, how fast applications move, and the address that a printed QR code leads to."""

    var: Path = Path("var")
    step_seconds: float = 20.0
    public_url: str = "http://127.0.0.1:8010"
    slow_seconds: float = 6.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read `MITRA_VAR`, `SANDBOX_STEP_SECONDS`, `SANDBOX_PUBLIC_URL` and `SANDBOX_SLOW_SECONDS`."""
        return cls(
            var=Path(environment.get("MITRA_VAR", cls.var)),
            step_seconds=float(environment.get("SANDBOX_STEP_SECONDS", cls.step_seconds)),
            public_url=environment.get("SANDBOX_PUBLIC_URL", cls.public_url).rstrip("/"),
            slow_seconds=float(environment.get("SANDBOX_SLOW_SECONDS", cls.slow_seconds)),
        )
