"""The one place that picks real or fake and hands it in. Nothing is built at import."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bootstrap.clock import SystemClock
from bootstrap.environment import kept_secret, rasa_token
from bootstrap.settings import Settings
from bootstrap.spool import FileSpool
from bot.notifier import ListNotifier, TelegramNotifier, sending_bot
from bot.with_phone import WithPhone
from hotline.live import LiveSessions
from hotline.ports import Clock, Dialler, Dialogue, Notifier, Services
from hotline.timing import Timing
from nlu import trackers
from nlu.client import RasaDialogue
from store.database import Database
from voice.dialler import LineDialler


@dataclass(frozen=True)
class RasaConversations:
    """Implements `Conversations` on Rasa's tracker store."""

    database_url: str

    async def forget(self, session_ids: list[str]) -> int:
        return await asyncio.to_thread(trackers.forget, self.database_url, session_ids)


@asynccontextmanager
async def open_services(
    settings: Settings,
    *,
    notifier: Notifier | None = None,
    dialler: Dialler | None = None,
    dialogue: Dialogue | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Services]:
    """The services of one process, closed at the end; what is given is used instead of the real one.

    What is given is the caller's to close.
    """
    async with AsyncExitStack() as ending:
        database = open_database(settings)
        ending.push_async_callback(database.close)
        if dialogue is None:
            rasa = RasaDialogue(str(settings.rasa_url), rasa_token(settings))
            ending.push_async_callback(rasa.close)
        if dialler is None:
            dialler = line = LineDialler(str(settings.line_url), kept_secret(settings, "line_token"))
            ending.push_async_callback(line.close)
        if notifier is None:
            notifier = await ending.enter_async_context(people_notifier(settings, dialler))
        services = build_services(settings, database, notifier, dialogue or rasa, clock)
        services.dialler = dialler
        ending.push_async_callback(services.live.settle)
        yield services


@asynccontextmanager
async def people_notifier(settings: Settings, dialler: Dialler | None = None) -> AsyncIterator[Notifier]:
    """Telegram with a token, without one operators look at the list; and their phones, by `dialler` or the line."""
    async with AsyncExitStack() as ending:
        if dialler is None:
            dialler = line = LineDialler(str(settings.line_url), kept_secret(settings, "line_token"))
            ending.push_async_callback(line.close)
        chats: Notifier = ListNotifier()
        if settings.telegram_token is not None:
            bot = sending_bot(settings.telegram_token.get_secret_value(), settings.telegram_base_url)
            chats = telegram = TelegramNotifier(bot)
            ending.push_async_callback(telegram.close)
        yield WithPhone(chats, dialler)


def build_services(
    settings: Settings, database: Database, notifier: Notifier, dialogue: Dialogue, clock: Clock | None = None
) -> Services:
    """Put together what the ports ask for."""
    clock = clock or SystemClock(settings.zone)
    return Services(
        clock=clock,
        unit_of_work=database.unit_of_work,
        dialogue=dialogue,
        notifier=notifier,
        spool=make_spool(settings, clock),
        timing=make_timing(settings),
        live=LiveSessions(),
        read_only=database.reading,
    )


def open_database(settings: Settings) -> Database:
    """The hotline's database, as the settings name it."""
    return Database(str(settings.database_url), zone=settings.zone, max_pages=settings.sqlite_max_pages)


def make_spool(settings: Settings, clock: Clock | None = None) -> FileSpool:
    """The spool in the data folder."""
    return FileSpool(settings.data_dir / "spool", clock or SystemClock(settings.zone))


def make_timing(settings: Settings) -> Timing:
    """The conventions, with this installation's settings."""
    return Timing(
        scale=settings.time_scale,
        danger_answer_seconds=settings.danger_answer_seconds,
        session_idle_seconds=settings.session_idle_seconds,
        callback_minutes=settings.callback_minutes,
        case_days=settings.case_days,
        retention_days=settings.retention_days,
    )
