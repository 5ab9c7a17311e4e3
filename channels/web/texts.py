"""The web page's own texts, out of `nlu_data/talk/page.yml`."""

from __future__ import annotations

from pathlib import Path

import yaml

PAGE_TEXTS = Path(__file__).parents[2] / "nlu_data" / "talk" / "page.yml"
PREFIX = "page_"


def page_texts(path: Path = PAGE_TEXTS) -> dict[str, dict[str, str]]:
    """Every sentence of the page as `{language: {key: sentence}}`, in the file's order, keys without `page_`."""
    sentences: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))["sentences"]
    texts: dict[str, dict[str, str]] = {}
    for key, versions in sentences.items():
        for language, sentence in versions.items():
            texts.setdefault(language, {})[key.removeprefix(PREFIX)] = sentence
    return texts
