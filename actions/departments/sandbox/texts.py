"""The sentences printed on papers, from `nlu_data`, and names of services, slots and places where files give them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import yaml

from actions.departments.sandbox import gazetteer

LANGUAGES = ("te", "hi", "en")

_PLACES = frozenset({"district", "mandal", "village", "town"})
_NLU_DATA = Path(__file__).parents[3] / "nlu_data"


class Texts:
    """Texts by key and language; a key without a text is shown as words, so that no paper fails for want of one."""

    def __init__(self, folder: Path = _NLU_DATA) -> None:
        self._folder = folder

    def say(self, key: str, language: str) -> str:
        """The sentence of that key."""
        texts = self._sentences.get(f"paper_{key}") or {}
        return texts.get(language) or texts.get("en") or key.replace("_", " ").capitalize()

    def knows(self, key: str) -> bool:
        """Whether there is a sentence of that key."""
        return f"paper_{key}" in self._sentences

    def label(self, slot: str, language: str) -> str:
        """What a value of that slot is called on paper."""
        label = self._sentences.get(f"paper_field_{slot}") or self._facts.get(f"fact_{slot}")
        label = label or self._block(self._folder / "slots" / f"{slot}.yml", "slot").get("label")
        return _pick(label, language) or slot.replace("_", " ").capitalize()

    def value(self, slot: str, value: str, language: str) -> str:
        """A value of that slot on paper: the words of a closed choice, else the value itself."""
        options = self._block(self._folder / "slots" / f"{slot}.yml", "slot").get("options")
        choice = options.get(value) if isinstance(options, dict) else None
        if isinstance(choice, dict):
            return _pick(choice, language) or value
        return gazetteer.names(value)[language] if slot in _PLACES else value

    def service(self, service: str, language: str) -> str:
        """What a service is called."""
        found = sorted((self._folder / "services").glob(f"*/{service}.yml"))
        name = self._block(found[0], "service").get("name") if found else None
        return _pick(name, language) or service.replace("_", " ").capitalize()

    @cached_property
    def _sentences(self) -> Mapping[str, Mapping[str, str]]:
        return self._block(self._folder / "talk" / "certificates.yml", "sentences")

    @cached_property
    def _facts(self) -> Mapping[str, Mapping[str, str]]:
        return self._block(self._folder / "talk" / "departments.yml", "sentences")

    def _block(self, path: Path, name: str) -> Mapping[str, Mapping[str, str]]:
        if not path.is_file():
            return {}
        block = yaml.safe_load(path.read_text("utf-8")).get(name)
        return block if isinstance(block, dict) else {}


def _pick(texts: Mapping[str, str] | None, language: str) -> str:
    return (texts or {}).get(language) or (texts or {}).get("en") or ""
