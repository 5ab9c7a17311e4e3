"""Places in three scripts, with case endings, old names and near misses."""

from __future__ import annotations

from typing import Any

import pytest

from nlu_data.components.normalizer import normalize
from nlu_data.components.pieces import cut
from nlu_data.components.places import find, load_gazetteer


def places(text: str) -> list[tuple[str, Any]]:
    found = find(cut(normalize(text).text), load_gazetteer())
    return [(f.value, f.extra.get("role")) for f in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("విజయవాడలో", [("Vijayawada", None)]),
        ("గుంటూరుకి", [("Guntur", "to")]),
        ("vijayawada nunchi", [("Vijayawada", "from")]),
        ("हैदराबाद में", [("Hyderabad", None)]),
        ("हैदराबाद से", [("Hyderabad", "from")]),
        ("శ్రీకాకుళం నుంచి విశాఖపట్నంకి", [("Srikakulam", "from"), ("Visakhapatnam", "to")]),
        ("tirupati nundi hyderabad ki bus", [("Tirupati", "from"), ("Hyderabad", "to")]),
        ("bus from Guntur to Ongole", [("Guntur", "from"), ("Ongole", "to")]),
        ("Nandyal to Vijayawada", [("Nandyal", "from"), ("Vijayawada", "to")]),
        ("विशाखापट्टनम से हैदराबाद", [("Visakhapatnam", "from"), ("Hyderabad", "to")]),
        ("vizag", [("Visakhapatnam", None)]),
        ("బెజవాడ", [("Vijayawada", None)]),
        ("Rajahmundry", [("Rajamahendravaram", None)]),
        ("bangalore", [("Bengaluru", None)]),
        ("ద్వారకా తిరుమల", [("Dwaraka Tirumala", None)]),
        ("visakapatanam", [("Visakhapatnam", None)]),
        ("కృష్ణా జిల్లా", [("Krishna", None)]),
        ("ntr district", [("NTR", None)]),
    ],
)
def test_a_place_is_known_in_every_script_and_case(text: str, expected: list[tuple[str, Any]]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    "text",
    ["naku certificate kavali", "నాకు సర్టిఫికెట్ కావాలి", "it is done", "both of them", "daily wage", "reply in English",
     "కరెంటు లేదు", "मुझे चाहिए", "krishna came", "NTR bharosa pension", "property tax", "मंदिर"],
)  # fmt: skip
def test_ordinary_words_are_no_places(text: str) -> None:
    assert places(text) == []


def test_a_town_knows_its_district_and_its_kinds() -> None:
    (tenali,) = find(cut("tenali"), load_gazetteer())
    assert tenali.extra["district"] == "Guntur"
    assert tenali.extra["kinds"] == ["town", "stop"]


def test_all_61_districts_are_known() -> None:
    districts = {place.english for place in load_gazetteer().by_keys.values() if "district" in place.kinds}
    assert len(districts) == 61
