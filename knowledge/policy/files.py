"""One YAML file read into one shape, or the file, line and reason why not."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from knowledge.yaml_files import positions, strict_yaml

T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file; `line` counts from 1, 0 where the whole file is meant."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class BadFile(Exception):
    """A file that was refused, with every problem found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Lines:
    """The line of each value of a YAML file, by its path of keys."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _root(self) -> yaml.Node | None:
        return positions(self._text)

    def of(self, path: tuple[Any, ...]) -> int:
        """Line of the value at `path`, or of the nearest thing around it."""
        node, line = self._root, 1
        for step in path:
            inner = _inner(node, step)
            if inner is None:
                break
            node, line = inner, inner.start_mark.line + 1
        return line


def _inner(node: yaml.Node | None, step: Any) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        inner: yaml.Node = node.value[step]
        return inner
    return None


def read(path: Path, shape: type[T], name: str) -> tuple[T, Lines]:
    """The contents of `path` as `shape`. Raises BadFile; `name` is how its problems call the file."""
    try:
        text = path.read_text(encoding="utf-8")
        data = strict_yaml(text)
        return TypeAdapter(shape).validate_python(data), Lines(text)
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile([Problem(name, 0, f"cannot be read: {type(error).__name__}")]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadFile([Problem(name, mark.line + 1 if mark else 0, f"no YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise BadFile([Problem(name, 0, f"no YAML: {error}")]) from error
    except ValidationError as error:
        lines = Lines(text)
        raise BadFile([_problem(name, lines, one) for one in _innermost(error.errors())]) from error


def _innermost(errors: list[Any]) -> list[Any]:
    """Without those that only repeat a fault of something inside them."""
    paths = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if not any(p != error["loc"] and p[: len(error["loc"])] == error["loc"] for p in paths)
    ]


def _problem(name: str, lines: Lines, error: Any) -> Problem:
    path = error["loc"]
    where = ".".join(map(str, path)) or "file"
    return Problem(name, lines.of(path), f"{where}: {error['msg'].removeprefix('Value error, ')}")
