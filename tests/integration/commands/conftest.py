"""The commands as they are typed, on a database of the test: exit status, standard output, standard error."""

import asyncio
import json
import shutil
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bootstrap.cli import main
from bootstrap.services import open_services
from bootstrap.settings import Settings
from bot.notifier import ListNotifier
from hotline.conversation import take_turn
from hotline.errors import DialogueUnavailable
from hotline.people import Elder, FamilyContact, Operator
from hotline.ports import DialogueAnswer, DialogueRequest, Services, UnitOfWork
from hotline.sessions import Channel, Reply, Utterance
from store import upgrade

T = TypeVar("T")
ELDER_NUMBER = "13800003131"


class NoRasa:
    """Nothing here needs the model."""

    async def respond(self, request: DialogueRequest) -> DialogueAnswer:
        raise DialogueUnavailable

    async def draft(self, session_id: str) -> dict[str, Any]:
        return {"service": "meal"}


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What --json printed: one document."""
        assert self.status == 0, self.err
        return json.loads(self.out)


class Installation:
    """One data folder, and the command in front of it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.settings = Settings(data_dir=folder)
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self._said = 0
        monkeypatch.setenv("WARMLINE_DATA_DIR", str(folder))

    def run(self, *words: str) -> Done:
        self._monkeypatch.setattr(sys, "argv", ["warmline", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capsys.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    def within(self, work: Callable[[Services], Awaitable[T]]) -> T:
        """Do something as another process of the service would."""

        async def inside() -> T:
            async with open_services(self.settings, notifier=ListNotifier(), dialogue=NoRasa()) as services:
                return await work(services)

        return asyncio.run(inside())

    def stored(self, look: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """Read from, or write to, the records."""

        async def work(services: Services) -> T:
            async with services.unit_of_work() as uow:
                found = await look(uow)
                await uow.commit()
                return found

        return self.within(work)

    def say(self, text: str, address: str = ELDER_NUMBER, channel: str = "phone") -> Reply:
        self._said += 1
        utterance = Utterance(Channel(channel), address, text, f"{address}-{self._said}")
        return self.within(lambda services: take_turn(utterance, services))

    def escalation_id(self) -> str:
        """The one open escalation."""
        [one] = self.stored(lambda uow: uow.escalations.open())
        return one.escalation_id


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("commands") / "warmline.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def empty(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Installation:
    """Tables and nobody in them."""
    folder = tmp_path / "var"
    folder.mkdir()
    shutil.copy(template, folder / "warmline.db")
    return Installation(folder, monkeypatch, capsys)


@pytest.fixture
def place(empty: Installation) -> Installation:
    """An elder with a son, and an operator who is ready."""

    async def fill(uow: UnitOfWork) -> None:
        uow.elders.add(Elder("eld_q", "齐玉兰", ELDER_NUMBER, "威海", "示例路2号", 1941, conditions="[红] 血压高"))
        uow.contacts.add(FamilyContact("con_q", "eld_q", "齐勇", "mother", "13800003132", None, True, 1))
        uow.operators.add(Operator("opr_q", "小罗", "operator", "ready"))

    empty.stored(fill)
    return empty
