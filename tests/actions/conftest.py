"""A catalog read once, and a citizen for each test."""

from pathlib import Path

import pytest

from actions.catalog import Catalog, load
from tests.actions.citizen import Citizen

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load(ROOT / "nlu_data")


@pytest.fixture
def citizen(catalog: Catalog) -> Citizen:
    return Citizen(catalog)
