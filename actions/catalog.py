"""Reads what clerks and linguists write in `nlu_data` into frozen departments, services, slots and sentences."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("te", "hi", "en")
KINDS = ("apply", "pay", "book", "status", "info", "download", "complaint", "emergency")

Texts = Mapping[str, str]
"""One text in each of LANGUAGES."""


@dataclass(frozen=True)
class Department:
    """A department of the menu: its folder's name, and what the menu shows of it."""

    id: str
    name: Texts
    description: Texts
    rank: int = 99


@dataclass(frozen=True)
class Service:
    """One service as its file describes it; `kind` is the first half of its intent."""

    id: str
    department: str
    kind: str
    name: Texts
    title: Texts
    collect: tuple[str, ...]
    submit: str
    quote: str = ""
    documents: tuple[str, ...] = ()
    fee: int | str = 0
    days: int | None = None
    hours: int | None = None
    helpline: str = ""
    rank: int = 99
    path: Path = field(default=Path(), compare=False)

    @property
    def intent(self) -> str:
        """`<kind>/<service id>`."""
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True)
class Choice:
    """One answer of a closed question: how it is shown, and other words for it."""

    id: str
    name: Texts
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slot:
    """One question to the citizen and how its answer is checked; `options` is a department function or empty."""

    id: str
    check: str
    label: Texts
    ask: Texts
    help: Texts
    entity: str = ""
    role: str = ""
    kinds: tuple[str, ...] = ()
    personal: bool = False
    optional: bool = False
    once: bool = False
    choices: tuple[Choice, ...] = ()
    options: str = ""
    minimum: int | None = None
    maximum: int | None = None
    digits: tuple[int, ...] = ()


@dataclass(frozen=True)
class Catalog:
    """Everything the dialogue knows about departments, services, slots, papers and sentences."""

    departments: Mapping[str, Department]
    services: Mapping[str, Service]
    slots: Mapping[str, Slot]
    documents: Mapping[str, Texts]
    sentences: Mapping[str, Texts]
    places: Mapping[str, Texts] = field(default_factory=dict)

    def menu(self) -> list[Department]:
        """The departments as the menu shows them: the most asked for first."""
        return sorted(self.departments.values(), key=lambda d: (d.rank, d.id))

    def of_department(self, department: str) -> list[Service]:
        """The services of a department as its list shows them: the most asked for first."""
        own = (service for service in self.services.values() if service.department == department)
        return sorted(own, key=lambda service: (service.rank, service.id))

    def say(self, key: str, language: str, **values: object) -> str:
        """The sentence `key` in `language` with its placeholders filled; a key that nobody wrote is shown as it is."""
        texts = self.sentences.get(key)
        if texts is None:
            return key
        return string.Formatter().vformat(pick(texts, language), (), _Given(values))


class _Given(dict[str, object]):
    """A placeholder without a value stays visible rather than failing a citizen's turn."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def pick(texts: Texts, language: str) -> str:
    """The text in `language`, else the one for all languages, else English."""
    return texts.get(language) or texts.get("") or texts.get("en") or next(iter(texts.values()), "")


def load(root: Path) -> Catalog:
    """Reads `nlu_data` under `root`; a file that lacks something required raises ValueError naming it."""
    files = sorted((root / "services").glob("*/*.yml"))
    return Catalog(
        departments={p.parent.name: _department(p) for p in files if p.name == "department.yml"},
        services={p.stem: _service(p) for p in files if p.name != "department.yml"},
        slots={p.stem: _slot(p) for p in sorted((root / "slots").glob("*.yml"))},
        documents=dict(read(root / "documents.yml").get("documents", {})) if (root / "documents.yml").exists() else {},
        sentences=dict(_sentences(root / "talk")),
        places=dict(_places(root / "places")),
    )


def read(path: Path) -> dict[str, Any]:
    """A YAML file as a mapping; ValueError with the file's name when it is not one."""
    try:
        content = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(f"{path}: {error}") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path}: a mapping is expected")
    return content


def _sentences(talk: Path) -> Iterator[tuple[str, Texts]]:
    for path in sorted(talk.glob("*.yml")):
        yield from (read(path).get("sentences") or {}).items()


def _places(folder: Path) -> Iterator[tuple[str, Texts]]:
    for path in sorted(folder.glob("*.yml")):
        for place in read(path).get("places") or ():
            yield place["en"], {language: place[language] for language in LANGUAGES if language in place}


def _required(path: Path, block: str) -> dict[str, Any]:
    content = read(path).get(block)
    if not isinstance(content, dict):
        raise ValueError(f"{path}: the block `{block}:` is missing")
    return content


def _department(path: Path) -> Department:
    block = _required(path, "department")
    return Department(path.parent.name, block["name"], block.get("description", {}), block.get("rank", 99))


def _service(path: Path) -> Service:
    content = read(path)
    block = _required(path, "service")
    for key in ("name", "submit"):
        if key not in block:
            raise ValueError(f"{path}: `service: {key}` is missing")
    return Service(
        id=path.stem,
        department=path.parent.name,
        kind=_kind(path, content),
        name=block["name"],
        title={**block["name"], **block.get("title", {})},
        collect=tuple(block.get("collect") or ()),
        submit=block["submit"],
        quote=block.get("quote", ""),
        documents=tuple(block.get("documents") or ()),
        fee=block.get("fee", 0),
        days=block.get("days"),
        hours=block.get("hours"),
        rank=block.get("rank", 99),
        helpline=str(block.get("helpline") or ""),
        path=path,
    )


def _kind(path: Path, content: dict[str, Any]) -> str:
    intents = {str(item["intent"]) for item in content.get("nlu") or () if "intent" in item}
    kinds = {intent.partition("/")[0] for intent in intents if intent.partition("/")[2] == path.stem}
    if len(kinds) != 1 or not kinds <= set(KINDS):
        raise ValueError(f"{path}: the examples' intent must be <kind>/{path.stem}, kind one of {', '.join(KINDS)}")
    return kinds.pop()


def _slot(path: Path) -> Slot:
    block = _required(path, "slot")
    for key in ("check", "label", "ask"):
        if key not in block:
            raise ValueError(f"{path}: `slot: {key}` is missing")
    options = block.get("options") or {}
    return Slot(
        id=path.stem,
        check=block["check"],
        label=block["label"],
        ask=block["ask"],
        help=block.get("help") or {},
        entity=block.get("entity") or "",
        role=block.get("role") or "",
        kinds=tuple(block.get("kinds") or ()),
        personal=bool(block.get("personal")),
        optional=bool(block.get("optional")),
        once=bool(block.get("once")),
        choices=tuple(_choices(options)) if isinstance(options, dict) else (),
        options=options if isinstance(options, str) else "",
        minimum=block.get("minimum"),
        maximum=block.get("maximum"),
        digits=tuple(block.get("digits") or ()),
    )


def _choices(options: Mapping[str, Any]) -> Iterator[Choice]:
    for key, texts in options.items():
        names = {language: str(texts[language]) for language in LANGUAGES if language in texts}
        yield Choice(str(key), names, tuple(str(w) for w in texts.get("words") or ()))
