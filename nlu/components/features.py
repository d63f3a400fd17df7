"""Features for Rasa's classifier: weighed n-grams of characters and of fuzzy syllables, and what is named.

Rasa's CountVectorsFeaturizer has no weights: rare n-grams counting more (tf-idf), and the two ends of the
utterance, helped on clean text and more on text with homophones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from nlu.components.entities import named_terms
from nlu.components.terms import characters, ngrams, sounds


class TermFeaturizer(SparseFeaturizer, GraphComponent):
    """Counts the terms of the whole utterance; a subclass says which. Gives no features per token.

    Terms of fewer than `min_df` training sentences are left out: that halves the training time for nothing
    lost. `weight` is the length of the vector: it stands in for the classifier's fixed regularisation.
    Vocabulary and weights are part of the model.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            **SparseFeaturizer.get_default_config(),
            "min_ngram": 1,
            "max_ngram": 2,
            "min_df": 1,
            "weight": 5.0,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check: Rasa calls this."""

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._counter = CountVectorizer(analyzer=list, min_df=self._config["min_df"])
        self._weigher = TfidfTransformer(sublinear_tf=True)

    def _terms(self, message: Message) -> list[str]:
        raise NotImplementedError

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TermFeaturizer:
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TermFeaturizer:
        """Raises ValueError when the model holds no vocabulary: untrained, it must not be served."""
        component = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            learned = read_json_file(_file(folder))
        component._counter = CountVectorizer(analyzer=list, vocabulary=learned["vocabulary"])
        component._weigher.idf_ = np.array(learned["weights"])
        return component

    def train(self, training_data: TrainingData) -> Resource:
        texts = [self._terms(example) for example in training_data.training_examples if example.get(TEXT)]
        self._weigher.fit(self._counter.fit_transform(texts))
        vocabulary = {term: int(column) for term, column in self._counter.vocabulary_.items()}
        with self._model_storage.write_to(self._resource) as folder:
            learned = {"vocabulary": vocabulary, "weights": self._weigher.idf_.tolist()}
            dump_obj_as_json_to_file(_file(folder), learned)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken:
            counted = self._counter.transform([self._terms(message) for message in spoken])
            rows = self._weigher.transform(counted) * self._config["weight"]
            for message, row in zip(spoken, rows, strict=True):
                self.add_features_to_message(None, row, TEXT, message)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class CharacterFeaturizer(TermFeaturizer):
    """What was written."""

    def _terms(self, message: Message) -> list[str]:
        return ngrams(characters(message.get(TEXT)), self._config["min_ngram"], self._config["max_ngram"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class FuzzyPinyinFeaturizer(TermFeaturizer):
    """How it sounds: a recogniser writes another word of the same sound."""

    def _terms(self, message: Message) -> list[str]:
        return ngrams(sounds(message.get(TEXT)), self._config["min_ngram"], self._config["max_ngram"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NamedFeaturizer(TermFeaturizer):
    """What the LookupExtractor, which must come before, has found: any service is a sign of a booking."""

    def _terms(self, message: Message) -> list[str]:
        return named_terms(message.get(ENTITIES) or [])


def _file(folder: Path) -> Path:
    return folder / "terms.json"
