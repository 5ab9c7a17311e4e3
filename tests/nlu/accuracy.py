"""How well unseen sentences are understood, form by form: every fifth example is kept out of training and asked.

    python tests/nlu/accuracy.py [FOLDER of nlu_data]

Latin-letter and mixed forms of the kept sentences are spelled by the romanizer with another seed than training's.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nlu_data.components.concepts import load_lexicon
from nlu_data.components.features import features
from nlu_data.components.phonetics import main_script
from nlu_data.components.romanizer import variants
from nlu_data.components.training import OUT_OF_SCOPE, Example, Options, Trained, train

SEED_OF_THE_CITIZEN = 99


def examples(folder: Path) -> list[Example]:
    """All training sentences of a data folder."""
    found = []
    for path in sorted(folder.rglob("*.yml")):
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        for block in (content or {}).get("nlu") or [] if isinstance(content, dict) else []:
            language = (block.get("metadata") or {}).get("language")
            lines = [line.strip()[2:] for line in block["examples"].splitlines() if line.strip()]
            found += [Example(line, block["intent"], language) for line in lines]
    return found


def forms(example: Example) -> list[tuple[str, str]]:
    """(form, text) of one held-out sentence."""
    native = main_script(example.text) in ("Telu", "Deva")
    if not native:
        return [("en" if example.language == "en" else f"{example.language}_latn*", example.text)]
    copies = variants(example.text, 2, SEED_OF_THE_CITIZEN, load_lexicon())
    shown = [(str(example.language), example.text), (f"{example.language}_latn", copies[-1])]
    return shown + [("mix", copies[0])] if len(copies) == 3 else shown


def score(trained: Trained, held: list[Example]) -> dict[str, list[tuple[bool, bool]]]:
    """Per form, whether the right label came first and whether it was among the first three."""
    lexicon = load_lexicon()
    results = defaultdict(list)
    for example in held:
        for form, text in forms(example):
            row = trained.vectorizer.matrix([features(text, lexicon)])
            order = np.argsort(-trained.model.probabilities(row)[0])[:3]
            names = [trained.model.labels[i] for i in order]
            results[form].append((names[0] == example.label, example.label in names))
    return results


def refused(trained: Trained, text: str) -> bool:
    """Whether a message is taken for out of scope."""
    row = trained.vectorizer.matrix([features(text, load_lexicon())])
    return trained.model.labels[int(np.argmax(trained.model.scores(row)[0]))] == OUT_OF_SCOPE


def show(name: str, hits: list[tuple[bool, bool]]) -> None:
    """One line of the table."""
    first, three = np.mean(hits, axis=0)
    print(f"{name:14} {len(hits):5}  first {first:.3f}  among three {three:.3f}")


def main() -> None:
    """Train on four fifths, ask the rest, print a table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "nlu_data"
    everything = examples(folder)
    held = everything[::5]
    started = time.time()
    trained = train([e for i, e in enumerate(everything) if i % 5], Options(), load_lexicon(), print)
    print(f"trained in {time.time() - started:.1f} s")
    results = score(trained, held)
    for group, wanted in (("services", True), ("dialogue acts", False)):
        part = score(trained, [e for e in held if ("/" in e.label) == wanted])
        show(group, [hit for hits in part.values() for hit in hits])
    for form, hits in sorted(results.items()):
        show(form, hits)
    for name, truth in (("out of scope caught", True), ("falsely refused", False)):
        told = [refused(trained, text) for e in held if (e.label == OUT_OF_SCOPE) == truth for _, text in forms(e)]
        print(f"{name:20} {np.mean(told):.3f} of {len(told)}")


if __name__ == "__main__":
    main()
