"""After the demonstration: the ordinary service in the foreground, with its own data and the demo seed."""

import asyncio
import socket

from bootstrap.commands.output import say
from bootstrap.commands.service import announce, supervise
from bootstrap.environment import prepare
from bootstrap.own_stack import TEST_MODEL
from bootstrap.reading import read_settings
from bootstrap.services import open_database
from bootstrap.settings import Settings
from bootstrap.speech import speech_model
from hotline.quiet import quiet_process
from store import upgrade
from store.seed import seed_demo

TCP_PORTS = ("rasa_port", "actions_port", "line_port", "tts_port", "stt_port")


def leave_running() -> None:
    """Run the service until Ctrl-C. One that is running already is left alone."""
    settings = _with_a_model(read_settings())
    taken = [port for name in TCP_PORTS if _in_use(settings.host, port := getattr(settings, name))]
    if taken:
        ports = ", ".join(map(str, taken))
        say(f"In use: port {ports}. A service is running already and was left alone; try `warmline chat`.")
        return
    prepare(settings)
    upgrade(str(settings.database_url))
    asyncio.run(_seed(settings))
    quiet_process()
    say("The service itself, with its own data. Ctrl-C ends it.")
    announce(settings)
    say("In another terminal: `warmline chat`, `warmline chat --as demo-daughter`, `warmline escalations watch`")
    asyncio.run(supervise(settings))


def _with_a_model(settings: Settings) -> Settings:
    """With the test model where no other is there: a demonstration fetches nothing large, `up` does."""
    model = speech_model(settings).path or TEST_MODEL
    return settings.model_copy(update={"speech_model": model})


def _in_use(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


async def _seed(settings: Settings) -> None:
    """The made-up people, only into a database that has nobody: they must not stand beside real ones."""
    database = open_database(settings)
    try:
        async with database.unit_of_work() as uow:
            empty = not await uow.elders.all() and not await uow.operators.all()
        if empty:
            await seed_demo(database)
            say("Made-up people were filled in (`warmline db seed-demo`).")
    finally:
        await database.close()
