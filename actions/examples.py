"""What `mitra check` refuses in the files of clerks and linguists; every problem names file, line and cure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import regex

from actions.catalog import LANGUAGES, Catalog, Service, load, read
from actions.checks import CHECKS, plain
from actions.departments.registry import functions

FEWEST_EXAMPLES = 15
LONGEST_TITLE = 24
"""Code points of a WhatsApp list row's title."""

FOREIGN = {
    "te": regex.compile(r"\p{Devanagari}"),
    "hi": regex.compile(r"\p{Telugu}"),
    "en": regex.compile(r"[\p{Telugu}\p{Devanagari}]"),
}
RESERVED = regex.compile(r"^\s+(nlu|responses|stories|rules):")


@dataclass(frozen=True)
class Example:
    """A training sentence and where it stands."""

    text: str
    intent: str
    language: str
    path: Path
    line: int


@dataclass(frozen=True)
class Problem:
    """Something to mend, printed as `file:line: what - cure`."""

    path: Path
    line: int
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what} - {self.cure}"


def scaffold(service: str, kind: str) -> str:
    """A service file to be filled in."""
    blocks = "".join(
        f"- intent: {kind}/{service}\n  metadata: {{language: {language}}}\n  examples: |\n    - TODO\n"
        for language in LANGUAGES
    )
    return (
        'version: "3.1"\nservice:\n  name: {te: TODO, hi: TODO, en: TODO}\n  collect: [applicant_name, mobile]\n'
        f"  documents: [aadhaar_card]\n  fee: 0\n  days: 7\n  submit: generic.{kind}\nnlu:\n{blocks}"
    )


def problems(root: Path, file: Path | None = None) -> list[Problem]:
    """Everything `mitra check` refuses under `root`; with `file`, what concerns that file."""
    data = root / "nlu_data"
    try:
        catalog = load(data)
    except ValueError as error:
        return [Problem(Path("nlu_data"), 1, str(error), "mend the file named here")]
    known = list(examples(data))
    found = [
        *_services(catalog, known),
        *_sentences(data),
        *_repeated(known),
        *_scripts(known),
        *_leftovers(data),
        *_held_out(root, known),
    ]
    wanted = file.resolve() if file else None
    shown = (p for p in found if wanted is None or p.path.resolve() == wanted)
    return sorted(
        {Problem(_relative(p.path, root), p.line, p.what, p.cure) for p in shown}, key=lambda p: (str(p.path), p.line)
    )


def _relative(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path


def examples(data: Path) -> Iterator[Example]:
    """All training sentences under `nlu_data`, with the line each stands on."""
    for path in sorted(data.rglob("*.yml")):
        intent = language = ""
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if found := regex.match(r"- intent: (\S+)", line):
                intent, language = found[1], ""
            elif found := regex.search(r"metadata: \{\s*language: (\w+)", line):
                language = found[1]
            elif intent and (found := regex.match(r"\s{4,}- (.+)", line)):
                yield Example(found[1].strip(), intent, language, path, number)


def _services(catalog: Catalog, known: Iterable[Example]) -> Iterator[Problem]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for example in known:
        counts[example.intent, example.language] += 1
    callable_names = functions()
    for service in catalog.services.values():
        for language in LANGUAGES:
            yield from _texts(service, language)
            if (n := counts[service.intent, language]) < FEWEST_EXAMPLES:
                yield Problem(service.path, 1, f"{n} examples in {language}", f"write at least {FEWEST_EXAMPLES}")
        yield from _references(catalog, service, callable_names)


def _texts(service: Service, language: str) -> Iterator[Problem]:
    if not service.name.get(language):
        yield Problem(service.path, 2, f"the name is missing in {language}", f"add `{language}:` to `name:`")
    elif len(service.title[language]) > LONGEST_TITLE:
        cure = f"add a `title:` in {language} of at most {LONGEST_TITLE} code points"
        yield Problem(service.path, 2, f"{service.title[language]!r} is too long for a WhatsApp list row", cure)


def _references(catalog: Catalog, service: Service, callable_names: frozenset[str]) -> Iterator[Problem]:
    for slot in service.collect:
        if slot not in catalog.slots:
            yield Problem(service.path, 2, f"unknown slot {slot}", f"write nlu_data/slots/{slot}.yml or mend the name")
        elif catalog.slots[slot].check not in CHECKS:
            yield Problem(
                service.path, 2, f"slot {slot} has the unknown check {catalog.slots[slot].check}", "mend `check:`"
            )
    for paper in service.documents:
        if paper not in catalog.documents:
            yield Problem(service.path, 2, f"unknown document {paper}", "add it to nlu_data/documents.yml")
    for function in filter(None, (service.submit, service.quote)):
        if function not in callable_names:
            yield Problem(service.path, 2, f"unknown department function {function}", "mend `submit:` or `quote:`")


def _sentences(data: Path) -> Iterator[Problem]:
    for path in sorted((data / "talk").glob("*.yml")):
        for key, texts in (read(path).get("sentences") or {}).items():
            line = _line(path, f"  {key}:")
            for language in LANGUAGES:
                if not texts.get(language):
                    yield Problem(path, line, f"{key} is missing in {language}", "write it")
            if len({frozenset(_placeholders(t)) for t in texts.values()}) > 1:
                yield Problem(path, line, f"{key} has different placeholders in its languages", "use the same in all")


def _placeholders(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(str(text)) if name)


def _line(path: Path, start: str) -> int:
    return next((n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if line.startswith(start)), 1)


def _repeated(known: Iterable[Example]) -> Iterator[Problem]:
    seen: dict[str, Example] = {}
    for example in known:
        first = seen.setdefault(" ".join(example.text.casefold().split()), example)
        if first.intent != example.intent:
            yield Problem(
                example.path, example.line, f"{example.text!r} is also in {first.intent}", "keep it in one of the two"
            )


def _scripts(known: Iterable[Example]) -> Iterator[Problem]:
    for example in known:
        if example.language not in LANGUAGES:
            yield Problem(example.path, example.line, "no language", "add `metadata: {language: te}` to the block")
        elif found := FOREIGN[example.language].search(example.text):
            yield Problem(
                example.path,
                example.line,
                f"{found.group()!r} is not a letter of {example.language}",
                "move or mend the sentence",
            )


def _leftovers(data: Path) -> Iterator[Problem]:
    for path in sorted(data.rglob("*.yml")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if "TODO" in line:
                yield Problem(path, number, "a TODO is left", "fill it in")
            if found := RESERVED.match(line):
                yield Problem(
                    path, number, f"`{found[1]}:` as a nested key", "Rasa types files by such lines: use another word"
                )


def _held_out(root: Path, known: Iterable[Example]) -> Iterator[Problem]:
    files = (root / "tests" / "utterances").rglob("*.yml")
    lines = (line for path in files for line in path.read_text("utf-8").splitlines())
    tests = {plain(line.removeprefix("    - ")) for line in lines if line.startswith("    - ")}
    for example in known:
        if plain(example.text) in tests:
            what = "a held-out test sentence is used for training"
            yield Problem(example.path, example.line, what, "write another one")
