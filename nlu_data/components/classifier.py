"""Rasa's intent classifier of ours: which service and which kind of request, or which dialogue act, or none.

Labels are full intents, `<kind>/<service>` or a flat name. What leaves is what stock Rasa gives: the base intent,
a ranking of full labels, and a `response_selector` part for retrieval intents.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_data.components import concepts
from nlu_data.components.features import features
from nlu_data.components.learner import Model
from nlu_data.components.training import OUT_OF_SCOPE, Example, Options, Trained, train
from nlu_data.components.vectors import Vectorizer

logger = logging.getLogger(__name__)
RANKED = 5
_HARDLY = 0.01  # what is left for the labels when no word is known


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ServiceClassifier(GraphComponent):
    """Classifies normalised text over surface, sound and meaning; works with any Rasa NLU file."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`variants`: Latin-letter copies of a native example; `refuse`: share of good messages risked as out of scope;
        `cost`: how much a wrong example weighs; `at_least`: messages a feature must stand in."""
        return {"variants": 2, "refuse": 0.03, "cost": 1.5, "at_least": 2, "seed": 7}

    @staticmethod
    def required_packages() -> list[str]:
        """Modules that must be installed."""
        return ["sklearn", "scipy", "regex"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changes when a module or a data file that training reads has changed, so that Rasa trains anew."""
        here = Path(__file__).resolve().parent
        paths = sorted([*here.glob("*.py"), *here.glob("*.json"), *concepts.files()])
        return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ServiceClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ServiceClassifier:
        """The trained classifier from Rasa's storage."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, load(folder))

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, trained: Trained | None = None
    ) -> None:
        self._config, self._storage, self._resource, self._trained = config, storage, resource, trained
        self._lexicon = concepts.load_lexicon()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that carry an intent, and keep the result in Rasa's storage."""
        options = Options(**{key: self._config[key] for key in self.get_default_config()})
        examples = [example_of(m) for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        if examples:
            self._trained = train(examples, options, self._lexicon, logger.info)
            with self._storage.write_to(self._resource) as folder:
                save(self._trained, folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent`, `intent_ranking` and `response_selector` of each message."""
        for message in messages:
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        ranking = self.rank(message.get(TEXT) or "")
        base = ranking[0][0].split("/")[0] if ranking else None
        intent = {"name": base, "confidence": ranking[0][1] if ranking else 0.0}
        message.set(INTENT, intent, add_to_output=True)
        shown = [{"name": label, "confidence": p} for label, p in ranking[:RANKED]]
        message.set("intent_ranking", shown, add_to_output=True)
        if self._trained and self._trained.retrieval:
            selected = _selector(self._trained.retrieval, ranking)
            message.set("response_selector", selected, add_to_output=True)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Full labels with probabilities, best first; a message without a known word has `out_of_scope` first."""
        if self._trained is None:
            return []
        row = features(text, self._lexicon)
        shares = self._trained.model.probabilities(self._trained.vectorizer.matrix([row]))[0]
        labels = self._trained.model.labels
        if OUT_OF_SCOPE in labels and not self._trained.vectorizer.coverage(row):
            shares = shares * _HARDLY
            shares[labels.index(OUT_OF_SCOPE)] += 1 - _HARDLY
        return [(labels[i], round(float(shares[i]), 6)) for i in np.argsort(-shares)]


def example_of(message: Message) -> Example:
    """A training message as an example, with the language its block names."""
    metadata = message.get("metadata") or {}
    inner = metadata.get("intent") if isinstance(metadata, dict) else None
    language = inner.get("language") if isinstance(inner, dict) else None
    return Example(message.get(TEXT), message.get_full_intent(), language)


def _selector(retrieval: Sequence[str], ranking: list[tuple[str, float]]) -> dict[str, Any]:
    selected: dict[str, Any] = {"all_retrieval_intents": list(retrieval)}
    for base in retrieval:
        own = [(label, p) for label, p in ranking if label.startswith(base + "/")][:RANKED]
        if own:
            keys = [{"confidence": p, "intent_response_key": label} for label, p in own]
            response = {**keys[0], "responses": [], "utter_action": f"utter_{own[0][0]}"}
            selected[base] = {"response": response, "ranking": keys}
    return selected


def save(trained: Trained, folder: Path) -> None:
    """Write a trained classifier as one npz and one json file; nothing is pickled."""
    model, vectorizer = trained.model, trained.vectorizer
    np.savez(
        folder / "model.npz",
        weights=model.weights.astype(np.float16),
        bias=model.bias,
        buckets=vectorizer.buckets,
        rarity=vectorizer.rarity,
    )
    facts = {"labels": model.labels, "sharpness": model.sharpness, "retrieval": trained.retrieval}
    (folder / "model.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> Trained:
    """Read what `save` wrote."""
    facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    with np.load(folder / "model.npz", allow_pickle=False) as arrays:
        weights = arrays["weights"].astype(np.float32)
        model = Model(tuple(facts["labels"]), weights, arrays["bias"], facts["sharpness"])
        vectorizer = Vectorizer(arrays["buckets"], arrays["rarity"])
    return Trained(model, vectorizer, tuple(facts["retrieval"]))
