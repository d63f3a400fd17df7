"""The packaged YAML files of this folder, each read once."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from yaml import SafeLoader as _Loader
else:
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is built in

FOLDER = Path(__file__).parent


class KnowledgeError(Exception):
    """A file of knowledge/ cannot be used: the message names the file and what to put right."""


@cache
def load(name: str) -> Any:
    """Return the contents of `name`, a path under knowledge/ such as times.yaml; not to be changed.

    Raises KnowledgeError if the file is missing, no YAML, or gives one key twice.
    """
    path = FOLDER / name
    try:
        return strict_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise KnowledgeError(f"knowledge/{name} is missing") from error
    except yaml.YAMLError as error:
        raise KnowledgeError(f"knowledge/{name} cannot be read as YAML: {error}") from error


def strict_yaml(text: str) -> Any:
    """What a YAML text holds. Raises yaml.YAMLError, also if it gives one key twice."""
    return yaml.load(text, Loader=_StrictLoader)


def positions(text: str) -> yaml.Node | None:
    """The YAML text as nodes that know their lines. Raises yaml.YAMLError."""
    return yaml.compose(text, Loader=_Loader)


class _StrictLoader(_Loader):
    """Refuses a key that stands twice in one mapping, where YAML would quietly keep the last."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except ValueError as error:  # 2020-02-31
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise yaml.constructor.ConstructorError(
                None, None, f"key given twice: {', '.join(map(str, twice))}", node.start_mark
            )
        return super().construct_mapping(node, deep)
