"""What the gateway itself says; the sentences stand in `nlu_data/talk/gateway.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("te", "hi", "en")
DEFAULT = "te"


class Sentences:
    """Sentences by key and language."""

    def __init__(self, table: dict[str, dict[str, str]]) -> None:
        self._table = table

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def say(self, key: str, language: str | None, **details: Any) -> str:
        """The sentence in that language, Telugu when the language is not known."""
        texts = self._table[key]
        return texts[language if language in LANGUAGES else DEFAULT].format(**details)


def load(path: Path) -> Sentences:
    """The sentences of one file of `nlu_data/talk`."""
    return Sentences(yaml.safe_load(path.read_text(encoding="utf-8"))["sentences"])
