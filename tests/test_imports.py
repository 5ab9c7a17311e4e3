"""Who may import whom, read from the syntax trees: the table in docs/architecture.md."""

import ast
from pathlib import Path

import pytest
import regex

ROOT = Path(__file__).resolve().parent.parent
OURS = {"actions", "channels", "voice", "nlu_data", "tests"}
MAY_IMPORT = {
    "nlu_data/components": {"nlu_data"},
    "voice": {"voice"},
    "channels": {"channels", "voice"},
    "actions": {"actions"},
}
ONLY_IN = {
    "rasa": {"nlu_data/components"},
    "spacy": {"nlu_data/components"},
    "whisper": {"voice"},
    "gtts": {"voice"},
    "torch": {"voice"},
    "dbos": {"channels"},
    "pywa": {"channels"},
    "rasa_sdk": {"actions"},
    "fastapi": {"channels", "actions/departments/sandbox"},
}
WITHOUT_RASA_SDK = ["actions/departments", "actions/checks.py", "actions/catalog.py", "actions/errors.py"]


def sources() -> list[Path]:
    folders = ["actions", "channels", "voice", "nlu_data"]
    return sorted(p.relative_to(ROOT) for folder in folders for p in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def inside(path: Path, folder: str) -> bool:
    return path.as_posix() == folder or path.as_posix().startswith(folder + "/")


@pytest.mark.parametrize("path", sources(), ids=str)
def test_a_module_imports_only_what_its_folder_may(path: Path) -> None:
    names = imported(path)
    allowed = next(may for folder, may in MAY_IMPORT.items() if inside(path, folder))
    assert names & OURS <= allowed
    for library, folders in ONLY_IN.items():
        if library in names:
            assert any(inside(path, folder) for folder in folders), f"{library} belongs in {folders}"
    if any(inside(path, place) for place in WITHOUT_RASA_SDK):
        assert "rasa_sdk" not in names


def test_the_check_sees_a_planted_import(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("def late():\n    from voice.listen import listen\n    return listen\n")
    assert "voice" in imported(planted)


@pytest.mark.parametrize("path", [p for p in sources() if not inside(p, "nlu_data")], ids=str)
def test_no_sentence_in_an_indian_language_stands_in_python(path: Path) -> None:
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not regex.search(r"[\p{L}&&[\p{Devanagari}\p{Telugu}]]", node.value, regex.V1), node.value
