"""One whole Mitra for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.catalog import Catalog, load
from tests.end_to_end.stack import ROOT, Stack, running


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load(ROOT / "nlu_data")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if not (ROOT / "models" / "mitra.tar.gz").exists():
        pytest.skip("no trained model: run `mitra train`")
    with running(Path(tmp_path_factory.mktemp("mitra"))) as stack:
        yield stack
