"""Where the one form stands: what is missing, what a message fills, what it corrects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from actions.catalog import Catalog, Choice, Service, Slot
from actions.checks import CHECKS, FREE_TEXT, Answer, match_choice
from actions.errors import Refused

CONFIRMED_KINDS = frozenset({"apply", "pay", "book", "complaint"})
"""Kinds that change something: a summary is confirmed first. An emergency does not wait for one."""


@dataclass(frozen=True)
class Form:
    """A service being collected for; `asked` is the slot of the open question, `details` what was given when put aside.

    `stage` is one of collect, consent, read_back, change, confirm.
    """

    service: str
    key: str
    stage: str = "collect"
    asked: str = ""
    skipped: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    options: tuple[Mapping[str, str], ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    pending: Any = None
    details: Mapping[str, Any] = field(default_factory=dict)
    failures: int = 0

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Form:
        """From what the slot `form` holds."""
        values = dict(stored)
        for key in ("skipped", "answered", "options"):
            values[key] = tuple(values.get(key) or ())
        return cls(**values)

    def store(self) -> dict[str, Any]:
        """For the slot `form`."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    def ask(self, slot: str, options: Iterable[Mapping[str, str]] = ()) -> Form:
        """The form with `slot` as its open question."""
        failures = self.failures if self.asked == slot else 0
        offered = tuple(options)
        titles = {**self.titles, **{o["id"]: o["title"] for o in offered}}
        return replace(
            self, stage="collect", asked=slot, options=offered, titles=titles, pending=None, failures=failures
        )

    def note(self, *slots: str) -> Form:
        """The form with `slots` as the ones answered last."""
        return replace(self, answered=(*(s for s in self.answered if s not in slots), *slots))


def missing(service: Service, details: Mapping[str, Any], form: Form) -> list[str]:
    """The slots still to ask, in order."""
    return [slot for slot in service.collect if details.get(slot) is None and slot not in form.skipped]


def check(slot: Slot, answer: Answer, today: date, options: Iterable[Mapping[str, str]] = ()) -> Any:
    """The value of an answer; Refused when it is none."""
    if slot.options:
        return _offered(answer, tuple(options))
    return CHECKS[slot.check](answer, slot, today)


def _offered(answer: Answer, options: tuple[Mapping[str, str], ...]) -> str:
    found = match_choice(answer.text, tuple(Choice(o["id"], {"": o["title"]}) for o in options))
    if found:
        return found
    numbers = [int(e["value"]) for e in answer.of("number") if str(e["value"]).isdigit()]
    if numbers and 1 <= numbers[0] <= len(options):
        return options[numbers[0] - 1]["id"]
    raise Refused("refused_choice")


def fill(catalog: Catalog, slots: Iterable[str], entities: Iterable[Mapping[str, Any]], today: date) -> dict[str, Any]:
    """What the entities say about `slots`, each entity used once; what does not pass its check is left to be asked."""
    unused = list(entities)
    found: dict[str, Any] = {}
    for name in slots:
        slot = catalog.slots[name]
        for entity in [e for e in unused if _may_fill(slot, e)]:
            try:
                found[name] = check(slot, Answer(str(entity.get("text") or entity["value"]), (entity,)), today)
            except Refused:
                continue
            unused.remove(entity)
            break
    return found


def _may_fill(slot: Slot, entity: Mapping[str, Any]) -> bool:
    if not slot.entity or entity["entity"] != slot.entity:
        return False
    if slot.entity == "place" and slot.kinds and not _is_of_kind(slot, entity):
        return False
    return not slot.role or entity.get("role") == slot.role


def _is_of_kind(slot: Slot, place: Mapping[str, Any]) -> bool:
    of_kind = bool(set(slot.kinds) & set(place.get("kinds") or ()))
    return of_kind or ("district" in slot.kinds and bool(place.get("district")))


def said_choices(catalog: Catalog, slots: Iterable[str], answer: Answer) -> dict[str, str]:
    """Closed choices that a first sentence already names by whole words, or by a place ("bill in Nellore")."""
    places = (str(e.get(key) or "") for e in answer.of("place") for key in ("value", "district"))
    said = " ".join([answer.text, *places])
    open_to_words = (catalog.slots[name] for name in slots if catalog.slots[name].entity == "choice")
    found = {slot.id: match_choice(said, slot.choices) for slot in open_to_words}
    return {name: value for name, value in found.items() if value}


def replaced(
    catalog: Catalog, form: Form, details: Mapping[str, Any], answer: Answer, today: date | None = None
) -> dict[str, Any]:
    """The slot whose value an answer names together with a new one ("Guntur, not Ongole"), with the new value."""
    for name in (s for s in form.answered if s in details):
        old = [e for e in answer.entities if _names(e, details[name])]
        new = [e for e in answer.entities if e not in old]
        changed = fill(catalog, [name], new, today or date.max) if old else {}
        if changed:
            return changed
    return {}


def corrections(
    catalog: Catalog, form: Form, details: Mapping[str, Any], answer: Answer, today: date
) -> dict[str, Any]:
    """Which filled slot an answer changes: the one whose value it names, else the last that fits."""
    changed = replaced(catalog, form, details, answer, today)
    if changed:
        return changed
    for name in reversed([s for s in form.answered if s in details]):
        changed = {k: v for k, v in fill(catalog, [name], answer.entities, today).items() if v != details[name]}
        if changed:
            return changed
    return {}


def _names(entity: Mapping[str, Any], value: Any) -> bool:
    return str(value).casefold() in {str(entity.get(key)).casefold() for key in ("value", "district")}


def is_free(slot: Slot) -> bool:
    """Whether nearly any words would pass as its answer."""
    return slot.check in FREE_TEXT and not slot.choices and not slot.options
