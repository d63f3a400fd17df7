"""Rules of the repository, checked by walking it: nothing undeclared, nothing undocumented."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bootstrap.cli import make_app

ROOT = Path(__file__).parents[2]
FLOORS = {
    "bootstrap": 4,
    "store": 3,
    "nlu": 3,
    "jobs": 3,
    "actions": 3,
    "bot": 3,
    "voice": 3,
    "console": 3,
    "hotline": 2,
    "knowledge": 1,
    "language": 0,
}
FORBIDDEN = {
    "telegram",
    "vosk",
    "pyttsx3",
    "sippy",
    "aiortp",
    "rasa_sdk",
    "sqlalchemy",
    "httpx",
    "dbos",
    "starlette",
    "fastapi",
}
NAMED = re.compile(r"`warmline ([a-z][a-z -]*)`")


def modules(folder: str) -> list[Path]:
    return sorted(p for p in (ROOT / folder).rglob("*.py") if ".venv" not in p.parts and "build" not in p.parts)


def imports(path: Path) -> set[str]:
    """The top-level packages a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("folder", FLOORS)
def test_every_module_imports_downwards_only(folder: str) -> None:
    assert modules(folder)
    for path in modules(folder):
        for name in imports(path) & FLOORS.keys() - {folder}:
            assert FLOORS[name] < FLOORS[folder], f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("folder", ["hotline", "knowledge", "language"])
def test_the_inner_floors_know_no_outside_library(folder: str) -> None:
    for path in modules(folder):
        assert not imports(path) & FORBIDDEN, path.relative_to(ROOT)


def test_the_import_contract_covers_every_package() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert set(tool["importlinter"]["root_packages"]) == FLOORS.keys()
    assert set(tool["hatch"]["build"]["targets"]["wheel"]["packages"]) == FLOORS.keys()
    packages = {p.parent.name for p in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages == FLOORS.keys()


def commands(group: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its words; groups themselves are not commands."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*before, name))
        else:
            yield (*before, name), command


def all_commands() -> dict[str, Any]:
    return {" ".join(words): command for words, command in commands(typer.main.get_command(make_app()))}


PROMISED = {
    "up", "run", "settings", "demo", "chat", "train", "scenario", "nlu parse", "bench turns",
    "escalations list", "escalations claim", "escalations close", "db upgrade", "db seed-demo",
    "privacy purge", "privacy export", "privacy delete",
}  # fmt: skip


def test_every_command_is_there_and_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    documented = {
        line.split("`")[1].removeprefix("warmline ") for line in text.splitlines() if line.startswith("| `warmline")
    }
    assert PROMISED <= documented
    assert documented == all_commands().keys()


def test_every_command_and_option_says_what_it_is_for() -> None:
    for words, command in all_commands().items():
        assert command.help, words
        for parameter in command.params:
            assert getattr(parameter, "help", None), f"{words} {parameter.name}"


WITHOUT_JSON = {
    "up": "runs until stopped",
    "run": "runs until stopped",
    "nlu parse": "",
    "privacy export": "prints JSON always",
    "demo": "shows conversations",
    "places template": "prints CSV",
}


def test_what_prints_data_prints_json() -> None:
    for words, command in all_commands().items():
        has_json = "--json" in {name for parameter in command.params for name in parameter.opts}
        assert has_json or WITHOUT_JSON.get(words), words


def test_every_outcome_code_is_documented_and_no_other() -> None:
    codes = yaml.safe_load((ROOT / "knowledge" / "outcomes.yaml").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8").partition("## Outcome codes")[2]
    rows = [
        [cell.strip(" `") for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| `")
    ]
    assert {row[0]: row[1:] for row in rows} == {code: [one["label"], one["next"]] for code, one in codes.items()}
    assert [row[0] for row in rows] == list(codes)


def test_commands_named_in_messages_exist() -> None:
    known = all_commands().keys()
    for folder in FLOORS:
        for path in modules(folder):
            for named in NAMED.findall(path.read_text(encoding="utf-8")):
                assert any(f"{named} ".startswith(f"{words} ") or words.startswith(named) for words in known), (
                    path,
                    named,
                )


def test_importing_the_commands_builds_and_prints_nothing(tmp_path: Path) -> None:
    code = "import bootstrap.cli, bootstrap.app, bootstrap.services"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_with_json_standard_output_holds_json_only(tmp_path: Path) -> None:
    env = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "WARMLINE_DATA_DIR": str(tmp_path / "var")}
    for words in (
        ["db", "seed-demo"],
        ["operators", "list"],
        ["escalations", "list"],
        ["settings"],
        ["privacy", "purge"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "bootstrap.cli", *words, "--json"], cwd=tmp_path, env=env,
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        json.loads(done.stdout)


def test_an_error_is_one_line_and_leaves_standard_output_empty(tmp_path: Path) -> None:
    env = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "WARMLINE_RASA_PROT": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "bootstrap.cli", "settings", "--json"], cwd=tmp_path, env=env,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "WARMLINE_RASA_PORT" in done.stderr


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
