"""Entities for Rasa: known words from a table, and times, numbers and names by rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file

from language.lookup import WordTable
from nlu.components.entities import find_entities, read_table


# Registered as a featurizer too: only those look at the training sentences before the next one learns.
@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=True,
)
class LookupExtractor(EntityExtractorMixin, GraphComponent):
    """Finds service, benefit, emergency, place, relation (value: the key), when, phone, age and name.

    The table is made from knowledge/ by `nlu.training` and becomes part of the model.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"table": "lookup.json"}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, table: WordTable) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._table = table

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LookupExtractor:
        return cls(config, model_storage, resource, WordTable({}))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LookupExtractor:
        """Raises ValueError when the model holds no table."""
        with model_storage.read_from(resource) as folder:
            table = read_table(read_json_file(_file(folder)))
        return cls(config, model_storage, resource, table)

    def train(self, training_data: TrainingData) -> Resource:
        """Take the table into the model; the training sentences are not looked at."""
        words = read_json_file(self._config["table"])
        self._table = read_table(words)
        with self._storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(_file(folder), words)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Find entities in the training sentences too: the classifier learns from them."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self.add_extractor_name(find_entities(message.get(TEXT) or "", self._table))
            message.set(ENTITIES, found, add_to_output=True)
        return messages


def _file(folder: Path) -> Path:
    return folder / "lookup.json"
