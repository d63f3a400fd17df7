"""A bot in a process of its own whose turns never end, to be killed. Arguments: data folder, Bot API URL."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from bootstrap.services import build_services
from bootstrap.settings import Settings
from bot.notifier import ListNotifier
from bot.telegram import TelegramBot
from bot.testserver import TOKEN
from hotline import conversation
from tests.integration.bot.world import QUICK, Script, patient


async def stop_here(*_: Any) -> Any:
    """Say that it got here, and never go on."""
    sys.stdout.write("asked\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


class Stuck(Script):
    async def respond(self, request: Any) -> Any:
        await stop_here()


async def main(folder: Path, base_url: str, where: str) -> None:
    if where == "before":
        conversation.take_turn = stop_here
    settings = Settings(data_dir=folder)
    services = build_services(settings, patient(settings), ListNotifier(), Stuck())
    bot = TelegramBot(TOKEN, services, base_url=base_url, pace=QUICK)
    await bot.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
