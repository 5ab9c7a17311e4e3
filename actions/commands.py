"""`mitra train`, `check`, `new` and `list`: the tools of clerks and linguists."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from actions import evaluation, examples
from actions.catalog import KINDS, LANGUAGES, load

ROOT = Path(__file__).resolve().parent.parent
MODEL = "mitra"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
}


def train() -> None:
    """Train understanding and dialogue from nlu_data and domain.yml into models/mitra.tar.gz."""
    python = ROOT / ".venv-rasa" / "bin" / "python"
    if not python.exists():
        raise typer.BadParameter("the Rasa environment is missing: run `make setup`")
    command = [str(python), "-m", "rasa", "train", "--config", "nlu_data/config.yml", "--domain", "domain.yml"]
    command += ["--data", "nlu_data", "--out", "models", "--fixed-model-name", MODEL, "--skip-validation"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET, "PYTHONPATH": str(ROOT)}, check=False)
    if done.returncode == 0:
        (ROOT / "models" / f"{MODEL}.tar.gz").touch()
    raise typer.Exit(done.returncode)


def check(file: Annotated[Path | None, typer.Argument(help="one service file; all when left out")] = None) -> None:
    """Refuse what would confuse citizens: each line names file, line and cure."""
    problems = examples.problems(ROOT, file)
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"{len(problems)} problems\n")
    raise typer.Exit(1 if problems else 0)


def new(department: str, service: str, kind: str = "apply") -> None:
    """Scaffold a service file with TODO lines."""
    if kind not in KINDS:
        raise typer.BadParameter(f"kind is one of {', '.join(KINDS)}")
    path = ROOT / "nlu_data" / "services" / department / f"{service}.yml"
    if path.exists():
        raise typer.BadParameter(f"{path.relative_to(ROOT)} exists")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(examples.scaffold(service, kind), "utf-8")
    sys.stdout.write(
        f"{path.relative_to(ROOT)}\nFill the TODO lines, then: mitra check {path.relative_to(ROOT)} && mitra train\n"
    )


def list_services() -> None:
    """The table of services."""
    catalog = load(ROOT / "nlu_data")
    table = Table("service", "kind", *LANGUAGES, "asks", "fee")
    for service in sorted(catalog.services.values(), key=lambda s: (s.department, s.id)):
        names = (service.name[language] for language in LANGUAGES)
        table.add_row(
            f"{service.department}/{service.id}", service.kind, *names, str(len(service.collect)), str(service.fee)
        )
    Console().print(table)


def evaluate(
    file: Annotated[
        Path, typer.Argument(help="CSV with the columns form,service_id,text, or a folder such as tests/utterances")
    ],
    errors: Annotated[bool, typer.Option(help="print every message that went wrong")] = False,
) -> None:
    """Accuracy per input form of a file of messages."""
    messages = evaluation.read_messages(file)
    parses = evaluation.parse(ROOT, ROOT / "models" / f"{MODEL}.tar.gz", (text for _, _, text in messages))
    scored = evaluation.score(messages, parses)
    table = Table("form", "messages", "top-1", "top-3")
    for row in evaluation.accuracies(scored):
        table.add_row(row.form, str(row.count), f"{row.top1:.1%}", f"{row.top3:.1%}")
    console = Console()
    console.print(table)
    caught, refused = evaluation.out_of_scope(scored)
    console.print(f"out-of-scope caught {caught:.1%}, others refused {refused:.1%}")
    console.print(f"calibration error {evaluation.calibration_error(scored):.3f}")
    for wanted, taken, count in evaluation.confusions(scored):
        console.print(f"{wanted} was taken by {taken}: {count}")
    if errors:
        for item in (i for i in scored if not i.right):
            console.print(
                f"{item.form}  {item.text}  wanted {sorted(item.wanted)}  got {item.ranking[:3]} {item.confidence:.2f}"
            )
