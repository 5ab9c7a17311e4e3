"""Rasa's component of ours that finds language and script, for the message and for each word."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_data.components.classifier import ServiceClassifier, example_of
from nlu_data.components.concepts import load_lexicon
from nlu_data.components.language import LANGUAGES, LatinModel, Verdict, identify, learn
from nlu_data.components.normalizer import normalize
from nlu_data.components.phonetics import main_script
from nlu_data.components.pieces import read_words
from nlu_data.components.places import load_gazetteer
from nlu_data.components.romanizer import variants


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Sets `language` on messages: its `language` is None where there is no evidence.

    A language in the message's metadata, heard by the microphone's side, wins.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`variants`: Latin-letter copies of each native example to learn from."""
        return {"variants": 2, "seed": 7}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changes with the same files as the classifier's."""
        return ServiceClassifier.fingerprint_addon(config)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """An untrained component: it knows native script and nothing of Latin letters."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """The trained component from Rasa's storage."""
        with model_storage.read_from(resource) as folder:
            facts = json.loads((folder / "language.json").read_text(encoding="utf-8"))
        tables = [{item: tuple(weights) for item, weights in facts[name].items()} for name in ("words", "letters")]
        return cls(config, model_storage, resource, LatinModel(*tables))

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: LatinModel | None = None
    ) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._model = model or LatinModel({}, {})
        self._lexicon, self._places = load_lexicon(), load_gazetteer()
        self._neutral = frozenset(normalize(str(w)).text.lower() for w in read_words("languages.yml")["neutral"])

    def train(self, training_data: TrainingData) -> Resource:
        """Learn Latin letters from the examples and from Latin-letter copies of the native ones."""
        self._model = learn(self._latin(training_data), self._is_neutral)
        with self._storage.write_to(self._resource) as folder:
            facts = {"words": self._model.words, "letters": self._model.letters}
            (folder / "language.json").write_text(json.dumps(facts), encoding="utf-8")
        return self._resource

    def _latin(self, training_data: TrainingData) -> list[tuple[str, str]]:
        pairs = []
        for message in training_data.intent_examples:
            example = example_of(message)
            if example.language in LANGUAGES:
                native = main_script(example.text) in ("Telu", "Deva")
                count, seed = int(self._config["variants"]), int(self._config["seed"])
                texts = variants(example.text, count, seed, self._lexicon) if native else [example.text]
                pairs += [(text, example.language) for text in texts]
        return pairs

    def _is_neutral(self, word: str) -> bool:
        return word in self._neutral or self._lexicon.english(word) is not None or self._places.names(word)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `language` of each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            verdict = _heard(identify(text, self._model, self._is_neutral), message.get("metadata"))
            message.set("language", _shown(verdict), add_to_output=True)
        return messages


def _heard(verdict: Verdict, metadata: Any) -> Verdict:
    """The verdict with the language that the metadata carries, if it carries one."""
    language = metadata.get("language") if isinstance(metadata, dict) else None
    if language not in LANGUAGES:
        return verdict
    return Verdict(language, float(metadata.get("confidence") or 1.0), verdict.script, verdict.words)


def _shown(verdict: Verdict) -> dict[str, Any]:
    return {
        "language": verdict.language,
        "confidence": verdict.confidence,
        "script": verdict.script,
        "words": [list(pair) for pair in verdict.words],
    }
