"""A gateway that is not set up right does not start, and says what is wrong."""

from __future__ import annotations

import pytest

from channels.errors import Misconfigured
from channels.settings import from_environment

WHATSAPP = {
    "WHATSAPP_APP_SECRET": "s-1",
    "WHATSAPP_VERIFY_TOKEN": "v-1",
    "WHATSAPP_ACCESS_TOKEN": "a-1",
    "WHATSAPP_PHONE_NUMBER_ID": "1055",
}


def test_without_a_secret_whatsapp_is_off() -> None:
    assert from_environment({}).whatsapp is None
    assert from_environment(WHATSAPP | {"WHATSAPP_APP_SECRET": ""}).whatsapp is None


def test_with_all_four_whatsapp_is_on() -> None:
    number = from_environment(WHATSAPP | {"WHATSAPP_GRAPH_URL": "http://x:1/", "WHATSAPP_API_VERSION": "24.0"}).whatsapp
    assert number and (number.graph_url, number.api_version) == ("http://x:1", "v24.0")


@pytest.mark.parametrize("name", WHATSAPP)
@pytest.mark.parametrize("value", ["changeme", "Secret", "test"])
def test_a_placeholder_stops_the_start_naming_it(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        from_environment(WHATSAPP | {name: value})


@pytest.mark.parametrize("name", ["WHATSAPP_VERIFY_TOKEN", "WHATSAPP_ACCESS_TOKEN", "WHATSAPP_PHONE_NUMBER_ID"])
def test_a_missing_one_stops_the_start_naming_it(name: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        from_environment({key: value for key, value in WHATSAPP.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"), [("MITRA_SECRET", "changeme"), ("RASA_URL", "rasa:5005"), ("WHATSAPP_API_VERSION", "latest")]
)
def test_other_settings_are_checked_too(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        from_environment(WHATSAPP | {name: value})


def test_postgresql_is_reached_through_psycopg() -> None:
    assert from_environment({"DATABASE_URL": "postgresql://u@h/d"}).database_url == "postgresql+psycopg://u@h/d"
    assert from_environment({"MITRA_VAR": "/tmp/v"}).database_url == "sqlite:////tmp/v/mitra.db"
