"""Each department's contract is valid OpenAPI, and every code it may send has a sentence in three languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import validate

from actions.departments.sandbox.app import DEPARTMENTS
from actions.departments.sandbox.cases import STAGES
from actions.departments.sandbox.temples import data as temples
from actions.departments.sandbox.texts import Texts
from actions.departments.sandbox.towns import find

ROOT = Path(__file__).parents[3]
SANDBOX = ROOT / "actions" / "departments" / "sandbox"
SENTENCES = yaml.safe_load((ROOT / "nlu_data" / "talk" / "departments.yml").read_text("utf-8"))["sentences"]
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(SANDBOX.rglob("*.py")))


@pytest.mark.anyio
@pytest.mark.parametrize("department", DEPARTMENTS)
async def test_a_department_serves_a_valid_contract(http, department) -> None:
    contract = (await http.get(f"/{department}/openapi.json")).json()
    validate(contract)
    assert contract["servers"] == [{"url": f"/{department}"}]
    operations = [o for path in contract["paths"].values() for o in path.values()]
    assert all(operation.get("description") for operation in operations)
    assert all({"200", "404", "409", "422"} <= set(operation["responses"]) for operation in operations)
    assert "HTTPValidationError" not in contract["components"]["schemas"]


def _sent(pattern: str, prefix: str) -> set[str]:
    return {prefix + code.lower() for code in re.findall(pattern, SOURCE)}


def test_every_code_the_sandbox_sends_has_a_sentence() -> None:
    steps = {f"step_{stage.lower()}" for stages in STAGES.values() for stage in stages} | {"step_rejected"}
    lines = _sent(r'Charge\(code="(\w+)"', "line_")
    advice = _sent(r'_HELPLINE, "(\w+)"', "advice_")
    refusals = set(re.findall(r"denied_\w+", SOURCE))
    assert min(map(len, (steps, lines, advice, refusals))) >= 3
    assert steps | lines | advice | refusals <= set(SENTENCES)


def test_every_sentence_is_there_in_three_languages_with_the_same_placeholders() -> None:
    for key, texts in SENTENCES.items():
        assert set(texts) == {"te", "hi", "en"}, key
        assert re.search("[\u0c00-\u0c7f]", texts["te"]) and re.search("[\u0900-\u097f]", texts["hi"]), key
        assert len({frozenset(re.findall(r"{\w+}", text)) for text in texts.values()}) == 1, key


def test_a_refusal_gives_what_its_sentence_asks_for() -> None:
    given = {
        code: set(re.findall(r"(\w+)=", rest))
        for code, rest in re.findall(r'"(denied_\w+)"((?:, \w+=[^,)]+)*)\)', SOURCE)
    }
    assert len(given) > 5
    for code, values in given.items():
        asked = set(re.findall(r"{(\w+)}", SENTENCES[code]["en"]))
        assert asked <= values, code


def test_every_darshan_and_room_of_a_temple_has_a_name() -> None:
    for temple in temples()["temples"].values():
        assert set(temple["darshans"]) <= set(temples()["darshans"])
        assert set(temple["rooms"]) <= set(temples()["rooms"])


def test_every_town_with_a_canteen_is_on_the_map() -> None:
    canteens = yaml.safe_load((SANDBOX / "data" / "canteens.yml").read_text("utf-8"))["towns"]
    assert len(canteens) > 30 and all(find(town) for town in canteens)


def test_papers_have_words_for_everything_printed_on_them() -> None:
    texts = Texts()
    for kind in ("receipt", "ticket_bus", "ticket_darshan", "ticket_room", "ticket"):
        assert texts.knows(f"{kind}_note")
    for department in DEPARTMENTS:
        assert texts.knows(f"department_{department}")
    assert texts.label("bus_class", "te") != texts.label("bus_class", "en")
    assert texts.value("caste", "BC_B", "hi") != "BC_B"


def test_the_fonts_travel_with_their_licence() -> None:
    fonts = SANDBOX / "fonts"
    licence = (fonts / "OFL.txt").read_text("utf-8")
    assert all(font.name in licence for font in fonts.glob("*.ttf")) and "SIL OPEN FONT LICENSE" in licence


def test_every_place_of_the_gazetteer_is_somewhere_near_its_district() -> None:
    for path in sorted((ROOT / "nlu_data" / "places").glob("towns_*.yml")):
        for row in yaml.safe_load(path.read_text("utf-8"))["places"]:
            assert find(row["en"]) or find(row["district"]), row["en"]
