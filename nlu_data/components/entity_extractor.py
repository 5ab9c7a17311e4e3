"""Rasa's entity extractor of ours: the rules of `entities`, told the day and the places."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu_data.components.concepts import load_lexicon
from nlu_data.components.entities import Context, extract
from nlu_data.components.places import load_gazetteer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RuleEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Numbers, dates, ids, names and places; data files are read when the model is loaded, not trained."""

    @staticmethod
    def required_packages() -> list[str]:
        """Modules that must be installed."""
        return ["regex", "rapidfuzz", "stdnum"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RuleEntityExtractor:
        """A ready extractor; `today` in the config (ISO) fixes the day for tests."""
        return cls(config.get("today"))

    def __init__(self, today: str | None = None) -> None:
        self._today = today
        self._gazetteer = load_gazetteer()
        self._ordinary = load_lexicon().known_keys()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities to each message."""
        today = date.fromisoformat(self._today) if self._today else date.today()
        context = Context(today, self._gazetteer, self._ordinary)
        for message in messages:
            found = self.add_extractor_name(extract(message.get(TEXT) or "", context))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
