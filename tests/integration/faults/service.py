"""`warmline up` as people run it, in a process of its own, with everything any of its processes prints kept."""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bootstrap.clock import SystemClock
from bootstrap.environment import child_environment
from bootstrap.own_stack import free_port
from bootstrap.services import open_database
from bootstrap.settings import Settings
from bot.testserver import TOKEN, BotApiServer
from hotline.people import ChatLink, Elder, FamilyContact, Operator
from store import upgrade

ROOT = Path(__file__).parents[3]
LIMIT_SECONDS = 60.0
READY_SECONDS = 150.0
SCALE = 0.1
"""The 60 s rung comes after 6 s: long enough to be killed in between, on a busy machine too."""

SLACK_SECONDS = 5.0

CALLER, NEIGHBOUR, LIN, HE, DAUGHTER = 620114401, 620114402, 620114403, 620114404, 620114405
ELDER_NAME, STREET, ELDER_PHONE = "欧阳佩兰", "梧桐巷十七号示例楼", "13811112222"
RASA_PYTHON = os.environ.get("WARMLINE_RASA_PYTHON") or os.environ.get("WARMLINE_TEST_RASA_PYTHON")


@dataclass
class Service:
    """`settings` are the service's own; `code` is the folder its code is run from."""

    settings: Settings
    code: Path = ROOT
    process: subprocess.Popen[bytes] | None = None
    output: Path = field(init=False)

    def __post_init__(self) -> None:
        self.output = self.settings.data_dir.parent / "output.txt"

    # --- life -----------------------------------------------------------------------------------------

    def start(self) -> None:
        command = [sys.executable, "-m", "bootstrap.cli", "up"]
        env = {**child_environment(self.settings), "PYTHONPATH": str(self.code)}
        with self.output.open("ab") as file:
            self.process = subprocess.Popen(
                command, env=env, cwd=self.code, stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )

    async def ready(self, name: str, times: int = 1) -> None:
        """Wait until this process has answered so many times since the first start."""
        await until(lambda: self.printed().count(f"{name}: ready after") >= times, f"{name} ready", READY_SECONDS)

    def printed(self) -> str:
        """Everything that any process of the service has printed."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def pids(self, name: str) -> list[int]:
        """The process ids that this child has had, oldest first."""
        return [int(pid) for pid in re.findall(rf"^{name}: started, process (\d+)$", self.printed(), re.MULTILINE)]

    def kill(self, name: str) -> float:
        """`kill -9` the child; the moment it was done, on the monotonic clock."""
        os.kill(self.pids(name)[-1], signal.SIGKILL)
        return time.monotonic()

    def kill_all(self) -> None:
        """`kill -9` the supervisor: the kernel ends its children with it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    async def stop(self) -> None:
        """As by Ctrl-C; on a thread, since the Bot API server that it says goodbye to runs on this loop."""
        await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    # --- the database ---------------------------------------------------------------------------------

    @property
    def file(self) -> Path:
        return self.settings.data_dir / "warmline.db"

    def rows(self, statement: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.file, timeout=30)) as database, database:
            return database.execute(statement, values).fetchall()

    def count(self, table: str, where: str = "1") -> int:
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another program holds the database."""
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN EXCLUSIVE")
            try:
                yield
            finally:
                other.rollback()


async def until(condition: Callable[[], Any], what: str, seconds: float = LIMIT_SECONDS) -> None:
    """Poll until it holds: another process makes it so, there is nothing to wait on."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        await asyncio.sleep(0.05)


async def has_got(server: BotApiServer, chat: int, words: str, times: int = 1) -> None:
    """Wait until so many messages to the chat hold these words."""
    await until(lambda: told(server, chat, words) >= times, f"{words!r} to {chat}: {server.texts(chat)}")


async def answered(server: BotApiServer, chat: int, words: str) -> str:
    """Write, and wait for the next message to that chat; gives it."""
    before = len(server.texts(chat))
    server.say(chat, words)
    await until(lambda: len(server.texts(chat)) > before, f"an answer to {chat}")
    return server.texts(chat)[-1]


def told(server: BotApiServer, chat: int, words: str) -> int:
    return sum(words in text for text in server.texts(chat))


def settings_for(folder: Path, server: BotApiServer, **changes: Any) -> Settings:
    """Everything that may be printed is printed: `log_level=debug`."""
    own: dict[str, Any] = {
        "data_dir": folder / "data",
        "actions_port": free_port(),
        "rasa_port": free_port(),
        "telegram_token": TOKEN,
        "telegram_base_url": server.base_url,
        "time_scale": SCALE,
        "log_level": "debug",
        "rasa_python": RASA_PYTHON,
    }
    return Settings(**{**own, **changes})


async def people(settings: Settings) -> None:
    """One ready operator, a supervisor, an elder whose chat is linked, and her daughter."""
    await asyncio.to_thread(upgrade, str(settings.database_url))
    database = open_database(settings)
    try:
        async with database.unit_of_work() as uow:
            uow.operators.add(Operator("op_lin", "林小满", "operator", "ready", str(LIN)))
            uow.operators.add(Operator("op_he", "何主管", "supervisor", "busy", str(HE)))
            uow.elders.add(Elder("eld_f", ELDER_NAME, ELDER_PHONE, "威海", STREET))
            contact = FamilyContact("con_f", "eld_f", "司徒敏", "mother", "13833334444", str(DAUGHTER), True, 1)
            uow.contacts.add(contact)
            now = SystemClock(settings.zone).now()
            uow.links.add(ChatLink("lnk_f", "telegram", str(CALLER), "eld_f", None, now))
            await uow.commit()
    finally:
        await database.close()


@asynccontextmanager
async def running(folder: Path, server: BotApiServer, wait_for: str, **changes: Any) -> AsyncIterator[Service]:
    """A service with its people, ready; stopped at the end."""
    service = Service(settings_for(folder, server, **changes))
    await people(service.settings)
    service.start()
    try:
        for name in wait_for.split():
            await service.ready(name)
        yield service
    finally:
        await service.stop()
