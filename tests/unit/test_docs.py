"""What the documents name is there: linked files, commands with their options, make targets, settings."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bootstrap.cli import make_app
from bootstrap.scenario.script import read_scenario, unknown_keys
from bootstrap.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "changes").glob("*.md")])

FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
WARMLINE = re.compile(r"(?:^|[\s/;(])warmline ([a-z][^\n|;&#]*)")
MAKE = re.compile(r"(?:^|[\s;&])make ([a-z]+)")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
SETTING = re.compile(r"\bWARMLINE_([A-Z_]*[A-Z])\b")
NO_SETTINGS = {"CONFIG", "TEST_POSTGRES"}
"""Variables that are read without being settings."""


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def code(text: str) -> Iterator[str]:
    """Every line of code: of fenced blocks, and what stands between backticks."""
    for block in FENCE.findall(text):
        yield from block.splitlines()
    yield from SPAN.findall(FENCE.sub("", text))


def all_commands() -> tuple[dict[str, Any], set[str]]:
    """Commands by their words, and the names of the groups."""
    root: Any = typer.main.get_command(make_app())
    found: dict[str, Any] = {}
    groups = {name: one for name, one in root.commands.items() if hasattr(one, "commands")}
    for name, command in root.commands.items():
        if name not in groups:
            found[name] = command
    for group, one in groups.items():
        found.update({f"{group} {name}": command for name, command in one.commands.items()})
    return found, set(groups)


COMMANDS, GROUPS = all_commands()


def wrong(named: str) -> str | None:
    """What is wrong with a command as a document writes it; None when all of it is there."""
    words = named.split()
    if words in ([group] for group in GROUPS):
        return None
    key = " ".join(words[:2]) if words[0] in GROUPS else words[0]
    if key not in COMMANDS:
        return f"no command {key}"
    options = {option for parameter in COMMANDS[key].params for option in parameter.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in options]
    return f"{key} has no {unknown[0]}" if unknown else None


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(read(path)):
        target = link.partition("#")[0]
        if target and "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), link


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids)
def test_every_command_and_option_named_exists(path: Path) -> None:
    for line in code(read(path)):
        for named in WARMLINE.findall(line):
            assert wrong(named) is None, f"{wrong(named)}: {line}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids)
def test_every_make_target_named_exists(path: Path) -> None:
    targets = set(TARGET.findall(read(ROOT / "Makefile")))
    for line in code(read(path)):
        for named in MAKE.findall(line.partition("#")[0]):
            assert named in targets, line


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids)
def test_every_setting_named_exists(path: Path) -> None:
    for name in SETTING.findall(read(path)):
        assert name.lower() in Settings.model_fields or name in NO_SETTINGS, name


def test_every_document_is_linked_from_the_readme() -> None:
    linked = {(ROOT / link.partition("#")[0]).resolve() for link in LINK.findall(read(ROOT / "README.md"))}
    assert {path for path in DOCUMENTS if path.parent.name == "docs"} <= linked


def test_the_example_of_a_scenario_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(read(ROOT / "docs" / "scenarios.md").split("```yaml\n")[1].partition("```")[0], encoding="utf-8")
    assert unknown_keys(read_scenario(path)) == []


@pytest.mark.parametrize(
    "named", ["escalations frobnicate", "jump", "train --sideways", "nlu", "escalations close ID --outcome 完成"]
)
def test_the_check_of_commands_tells_right_from_wrong(named: str) -> None:
    right = named in ("nlu", "escalations close ID --outcome 完成")
    assert (wrong(named) is None) == right


def test_the_checks_find_something_to_check() -> None:
    lines = [line for path in DOCUMENTS for line in code(read(path))]
    assert sum(len(WARMLINE.findall(line)) for line in lines) > 20
    assert sum(len(MAKE.findall(line)) for line in lines) > 5
    assert sum(len(LINK.findall(read(path))) for path in DOCUMENTS) > 20
