"""The README stays true: its example is a service, its verbs exist, its settings are read."""

import re
import shutil
import subprocess
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from actions.catalog import load
from actions.examples import problems

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
VERBS = {entry.name for entry in entry_points(group="mitra.commands")} | {"try", "chat"}


def example() -> str:
    found = re.search(r"## Add a service.*?```yaml\n(.*?)```", README, re.S)
    assert found
    return found[1]


def test_a_service_takes_about_twelve_lines() -> None:
    assert len(example().strip().splitlines()) <= 13


def test_the_example_is_a_service_that_only_wants_more_examples(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "nlu_data", tmp_path / "nlu_data", ignore=shutil.ignore_patterns("*.py", "*.json"))
    path = tmp_path / "nlu_data" / "services" / "revenue" / "solvency_certificate.yml"
    path.write_text(example(), "utf-8")
    service = load(tmp_path / "nlu_data").services["solvency_certificate"]
    assert service.intent == "apply/solvency_certificate" and service.days == 15
    assert {problem.cure for problem in problems(tmp_path, path)} <= {"write at least 15"}


@pytest.mark.parametrize("verb", sorted(set(re.findall(r"\.venv/bin/mitra (\w+)", README))))
def test_every_verb_of_the_readme_exists(verb: str) -> None:
    assert verb in VERBS


@pytest.mark.parametrize(
    "setting", sorted(set(re.findall(r"\b((?:MITRA|WHATSAPP|DATABASE|DEPARTMENTS)_[A-Z_]+)\b", README)))
)
def test_every_setting_of_the_readme_is_read_somewhere(setting: str) -> None:
    found = subprocess.run(
        ["grep", "-rlw", setting, "actions", "channels", "voice", "deploy"], cwd=ROOT, capture_output=True, check=False
    )
    assert found.stdout, f"{setting} is read nowhere"


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_files_of_clerks_and_linguists_have_no_problems() -> None:
    assert [str(problem) for problem in problems(ROOT)] == []
