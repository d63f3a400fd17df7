"""`chat`: what another process says to this caller is shown here, while it is going on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bootstrap.commands.chat import fetching
from bootstrap.services import open_services
from bootstrap.settings import Settings
from bot.notifier import ListNotifier
from bot.terminal import chat as talk
from hotline import conversation, escalation
from hotline.errors import StoreUnavailable
from hotline.people import Operator
from hotline.ports import Services
from hotline.sessions import Channel, Utterance
from store import upgrade
from tests.integration.commands.conftest import NoRasa

ADDRESS = "demo-nobody"


@asynccontextmanager
async def two_processes(folder: Path) -> AsyncIterator[tuple[Services, Services]]:
    """The chat's services, and those of another process on the same records."""
    settings = Settings(data_dir=folder)
    await asyncio.to_thread(upgrade, str(settings.database_url))
    async with (
        open_services(settings, notifier=ListNotifier(), dialogue=NoRasa()) as here,
        open_services(settings, notifier=ListNotifier(), dialogue=NoRasa()) as there,
    ):
        async with here.unit_of_work() as uow:
            uow.operators.add(Operator("opr_1", "小罗", "operator", "ready"))
            await uow.commit()
        here.timing = replace(here.timing, save_limit_seconds=20)  # a busy machine is not a locked database
        yield here, there


class Screen:
    """What is shown, and a wait for words in it."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self._more = asyncio.Event()

    def write(self, text: str) -> None:
        self.shown.append(text)
        self._more.set()

    async def shows(self, words: str) -> None:
        async with asyncio.timeout(10):
            while not any(words in text for text in self.shown):
                await self._more.wait()
                self._more.clear()


async def test_a_claim_and_an_operators_words_reach_the_terminal(tmp_path: Path) -> None:
    screen, outbox = Screen(), asyncio.Queue[str]()
    async with two_processes(tmp_path) as (here, there):

        async def claimed() -> None:
            [raised] = await escalation.listing(there)
            await escalation.claim(raised.escalation_id, "opr_1", there)
            await screen.shows("值班人员已经接手")
            await conversation.operator_says("opr_1", "大爷，门能打开吗", there)
            await screen.shows("门能打开吗")

        steps: list[Callable[[], Any] | str] = ["我摔倒了", claimed]

        async def read_line() -> str | None:
            while steps:
                step = steps.pop(0)
                if isinstance(step, str):
                    return step
                await step()
            return None

        async with fetching(ADDRESS, here, outbox, every_seconds=0.01):
            await talk(here, read_line, screen.write, outbox, address=ADDRESS)
    assert sum("已经接手" in text for text in screen.shown) == 1


async def test_a_locked_database_is_passed_over(tmp_path: Path) -> None:
    outbox = asyncio.Queue[str]()
    async with two_processes(tmp_path) as (here, there):
        await conversation.take_turn(_utterance(), here)
        await here.live.settle()
        failures = iter([True, True])

        def sometimes() -> Any:
            if next(failures, False):
                raise StoreUnavailable
            return here.unit_of_work()

        [raised] = await escalation.listing(there)
        await escalation.claim(raised.escalation_id, "opr_1", there)
        async with fetching(ADDRESS, replace(here, unit_of_work=sometimes), outbox, every_seconds=0.01):
            assert "已经接手" in await asyncio.wait_for(outbox.get(), 10)
        assert next(failures, None) is None


async def test_what_was_fetched_at_the_very_end_is_not_lost(tmp_path: Path) -> None:
    outbox = asyncio.Queue[str]()
    async with two_processes(tmp_path) as (here, there):
        await conversation.take_turn(_utterance(), here)
        await here.live.settle()
        [raised] = await escalation.listing(there)
        await escalation.claim(raised.escalation_id, "opr_1", there)
        begun = asyncio.Event()

        def slowly() -> Any:
            begun.set()
            return here.unit_of_work()

        async with fetching(ADDRESS, replace(here, unit_of_work=slowly), outbox, every_seconds=60):
            await begun.wait()  # and the chat ends in the middle of it
        assert "已经接手" in outbox.get_nowait()


def _utterance() -> Utterance:
    return Utterance(Channel.TERMINAL, ADDRESS, "我摔倒了")


async def test_another_callers_messages_stay_where_they_are(tmp_path: Path) -> None:
    outbox = asyncio.Queue[str]()
    async with two_processes(tmp_path) as (here, there):
        await conversation.take_turn(_utterance(), here)
        await here.live.settle()
        [raised] = await escalation.listing(there)
        await escalation.claim(raised.escalation_id, "opr_1", there)
        async with fetching("someone-else", here, outbox, every_seconds=60):
            pass
        async with here.unit_of_work() as uow:
            assert len(await uow.outbox.waiting()) == 1
    assert outbox.empty()
