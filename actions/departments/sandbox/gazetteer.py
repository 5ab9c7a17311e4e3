"""Names of places in three languages and the district each lies in, from `nlu_data/places`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_PLACES = Path(__file__).parents[3] / "nlu_data" / "places"


def folded(name: str) -> str:
    """A name without case, spaces and marks."""
    return "".join(filter(str.isalnum, name.casefold()))


def names(place: str) -> dict[str, str]:
    """A place by its English name in every language we know it in; a place we do not know as it is."""
    row = _rows().get(folded(place), {})
    return {language: str(row.get(language) or place) for language in ("te", "hi", "en")}


def district(place: str) -> str:
    """The district a place lies in; empty for one we do not know."""
    return str(_rows().get(folded(place), {}).get("district") or "")


@cache
def _rows() -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(_PLACES.glob("*.yml")):
        for row in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader).get("places") or ():
            found.setdefault(folded(str(row["en"])), row)
    return found
