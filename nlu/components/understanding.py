"""The one component of the pipeline: what an utterance names, and what it wants."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file

from language.noise import noisy
from nlu.components.entities import find_entities, named_terms, read_table, settle
from nlu.components.linear import LinearModel, learn
from nlu.components.requests import Request, requests

_TABLE = "table.json"


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR],
    is_trainable=True,
)
class Understanding(IntentClassifier, EntityExtractorMixin, GraphComponent):
    """Sets intent, ranking and entities.

    Learns from the sentences as they are and from copies as a recogniser hears them. The word table is made from
    knowledge/ by `nlu.training` and becomes part of the model. Of two requests in one breath the one served later
    becomes the entity `also`: its value is the intent, its place the words.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "table": "lookup.json",
            "mishearings": "mishearings.json",
            "terms": {"characters": 1.0, "sounds": 1.0, "named": 0.4},
            "margin": 0.5,
            "rarest": 2,
            "noise": [],
            "temperature": 0.3,
            "sure_of_a_part": 0.6,
        }

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._table = read_table({})
        self._model: LinearModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Understanding:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Understanding:
        """Raises ValueError when the model holds nothing learnt: untrained, it must not be served."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._table = read_table(read_json_file(folder / _TABLE))
            component._model = LinearModel.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        words = read_json_file(self._config["table"])
        self._table = read_table(words)
        said = [(example.get(TEXT), example.get(INTENT)) for example in training_data.intent_examples]
        texts, labels = zip(*[*said, *self._misheard(said)], strict=True)
        wanted = {name: self._config[name] for name in ("margin", "rarest")}
        self._model = learn(texts, labels, self._config["terms"], self._named, **wanted)
        with self._storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(folder / _TABLE, words)
            self._model.save(folder)
        return self._resource

    def _misheard(self, said: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """A copy of every sentence for each rate of wrong characters in `noise`."""
        mishearings = read_json_file(self._config["mishearings"])
        rates = enumerate(self._config["noise"])
        copies = [(noisy(text, rate, seed, mishearings), label) for seed, rate in rates for text, label in said]
        return [(text, label) for text, label in copies if text]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if (text := message.get(TEXT)) and self._model is not None:
                self._understand(text, message)
        return messages

    def _understand(self, text: str, message: Message) -> None:
        ranking = self._ranking(text)
        several = requests(text, self._judge, self._config["sure_of_a_part"])
        if several:
            first = {"name": several[0].intent, "confidence": several[0].confidence}
            ranking = [first, *(one for one in ranking if one["name"] != first["name"])]
        found = settle(find_entities(text, self._table), text, ranking[0]["name"])
        also = [_also(request) for request in several[1:]]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set(ENTITIES, self.add_extractor_name([*found, *also]), add_to_output=True)

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        assert self._model is not None
        chances = self._model.probabilities(text, self._named, self._config["temperature"])
        named = zip(self._model.labels, chances.tolist(), strict=True)
        ranked = sorted(named, key=lambda pair: -pair[1])
        return [{"name": name, "confidence": chance} for name, chance in ranked]

    def _judge(self, text: str) -> tuple[str, float]:
        best = self._ranking(text)[0]
        return best["name"], best["confidence"]

    def _named(self, text: str) -> list[str]:
        return named_terms(find_entities(text, self._table))


def _also(request: Request) -> dict[str, Any]:
    return {"entity": "also", "value": request.intent, "start": request.start, "end": request.end}
