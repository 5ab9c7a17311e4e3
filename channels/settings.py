"""Settings of the gateway, read once from the environment at the process edge."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import Misconfigured

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDERS = {"changeme", "change-me", "changethis", "secret", "password", "placeholder", "example", "test", "todo"}
META = "https://graph.facebook.com"


@dataclass(frozen=True)
class WhatsApp:
    """One WhatsApp number of the Cloud API."""

    verify_token: str
    app_secret: str
    access_token: str
    phone_number_id: str
    graph_url: str = META
    api_version: str = "v25.0"


@dataclass(frozen=True)
class Settings:
    """Everything the gateway can be told; URLs without a slash at the end."""

    var: Path
    data: Path = ROOT / "nlu_data"
    web: Path = ROOT / "channels" / "web"
    database_url: str = ""
    conversations_url: str = "sqlite://"
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: str = ""
    actions_url: str = "http://127.0.0.1:5055"
    departments_url: str = "http://127.0.0.1:8010"
    secret: str = ""
    executor: str = "gateway"
    whatsapp: WhatsApp | None = None
    queue_poll: float = 0.05
    patience: float = 60.0


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    """The settings in the environment; raises `Misconfigured` naming the first one that will not do."""
    var = Path(env.get("MITRA_VAR") or ROOT / "var").resolve()
    return Settings(
        var=var,
        database_url=_database(env.get("DATABASE_URL", ""), var),
        conversations_url=env.get("CONVERSATIONS_URL") or f"sqlite:///{var / 'conversations.db'}",
        rasa_url=_url(env, "RASA_URL", Settings.rasa_url),
        rasa_token=env.get("RASA_TOKEN", ""),
        actions_url=_url(env, "ACTIONS_URL", Settings.actions_url),
        departments_url=_url(env, "DEPARTMENTS_URL", Settings.departments_url),
        secret=_secret(env, "MITRA_SECRET") if env.get("MITRA_SECRET") else "",
        executor=env.get("MITRA_EXECUTOR") or Settings.executor,
        whatsapp=_whatsapp(env),
    )


def _whatsapp(env: Mapping[str, str]) -> WhatsApp | None:
    """None without an app secret: the channel is off, and nothing unsigned is ever let in."""
    if not env.get("WHATSAPP_APP_SECRET"):
        return None
    return WhatsApp(
        app_secret=_secret(env, "WHATSAPP_APP_SECRET"),
        verify_token=_secret(env, "WHATSAPP_VERIFY_TOKEN"),
        access_token=_secret(env, "WHATSAPP_ACCESS_TOKEN"),
        phone_number_id=_secret(env, "WHATSAPP_PHONE_NUMBER_ID"),
        graph_url=_url(env, "WHATSAPP_GRAPH_URL", META),
        api_version=_version(env.get("WHATSAPP_API_VERSION") or WhatsApp.api_version),
    )


def _secret(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value or value.lower() in PLACEHOLDERS:
        raise Misconfigured(f"{name} is {'still a placeholder' if value else 'missing'}")
    return value


def _url(env: Mapping[str, str], name: str, default: str) -> str:
    value = (env.get(name) or default).rstrip("/")
    if not value.startswith(("http://", "https://")):
        raise Misconfigured(f"{name} is not an http or https address")
    return value


def _version(value: str) -> str:
    version = value if value.startswith("v") else f"v{value}"
    try:
        float(version[1:])
    except ValueError:
        raise Misconfigured("WHATSAPP_API_VERSION is not a version like v25.0") from None
    return version


def _database(url: str, var: Path) -> str:
    """An SQLAlchemy URL; PostgreSQL is always reached through psycopg."""
    if not url:
        return f"sqlite:///{var / 'mitra.db'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url[len(short) :]
    return url
