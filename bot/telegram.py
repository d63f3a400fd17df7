"""The Telegram bot: which update goes where, and its life inside a running event loop."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from telegram import BotCommand, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ExtBot,
    MessageHandler,
    TypeHandler,
    Updater,
    filters,
)
from telegram.request import HTTPXRequest

from bot.callers import Callers
from bot.delivery import Sender, quietly
from bot.family import BARE, CODE, Family
from bot.operators import Operators
from bot.polling import OFFICIAL, CarefulBot, Updates, proxy_settings
from bot.render import CLAIM, REACHED
from bot.wording import section
from hotline.people import Operator
from hotline.ports import Services
from hotline.quiet import quiet_loggers

log = logging.getLogger(__name__)

ALLOWED = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY)

Handle = Callable[[Update], Awaitable[None]]
OperatorHandle = Callable[[Update, Operator], Awaitable[None]]


@dataclass(frozen=True)
class Webhook:
    """Where Telegram posts updates: `url` as seen from outside, `listen` and `port` as bound here.

    Telegram counts an update as delivered once it is posted: of a crash in the middle of a turn only long
    polling makes good.
    """

    url: str
    secret_token: str
    listen: str = "127.0.0.1"
    port: int = 8443


@dataclass(frozen=True)
class Pace:
    """Durations, in seconds."""

    typing_after_seconds: float = 0.3
    poll_seconds: float = 10.0
    poll_again_seconds: float = 0.2
    outage_seconds: float = 1.0
    retry_seconds: tuple[float, ...] = (0.3, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
    connect_seconds: float = 3.0
    first_try_seconds: float = 3.0
    roster_seconds: float = 10.0
    stop_seconds: float = 8.0


class Door:
    """Every update goes through here once: to its handler, with its end noted whatever happens."""

    def __init__(self, updates: Updates, operators: Operators) -> None:
        self._updates = updates
        self._operators = operators

    def once(self, handle: Handle) -> Callable[[Update, object], Coroutine[Any, Any, None]]:
        async def run(update: Update, _context: object) -> None:
            if not self._updates.begin(update.update_id):
                return
            try:
                await handle(update)
            except Exception as error:  # the text of an error may hold a caller's words
                log.error("update %s failed: %s", update.update_id, type(error).__name__)
            finally:
                self._updates.finish(update.update_id)

        return run

    def either(self, caller: Handle, operator: OperatorHandle) -> Handle:
        """An operator's chat is never a caller's."""

        async def handle(update: Update) -> None:
            known = self._operators.by_chat(update.effective_chat.id) if update.effective_chat else None
            await (operator(update, known) if known else caller(update))

        return handle


async def _nothing(update: Update) -> None:
    """Service messages (a name changed, a message pinned) and what we did not ask for."""


def handlers(door: Door, callers: Callers, operators: Operators, family: Family) -> list[BaseHandler[Any, Any, Any]]:
    """The table of contents; the first that fits an update takes it."""
    either, once = door.either, door.once
    new, private = filters.UpdateType.MESSAGE, filters.ChatType.PRIVATE
    options: dict[str, Any] = {"block": False}  # each update is a task of its own: see bot/callers.py

    def command(name: str, handle: Handle) -> CommandHandler[Any, Any]:
        """A command with words behind it (/help 我摔倒了) is what somebody says; only /start may carry a code."""
        bare = None if name == "start" else False
        return CommandHandler(name, once(handle), filters=new & private, has_args=bare, **options)

    def message(which: filters.BaseFilter, handle: Handle) -> MessageHandler[Any, Any]:
        return MessageHandler(which, once(handle), **options)

    return [
        CallbackQueryHandler(once(operators.claim), pattern=f"^{CLAIM}", **options),
        CallbackQueryHandler(once(family.reached), pattern=f"^{REACHED}", **options),
        CallbackQueryHandler(once(callers.press), **options),
        message(filters.StatusUpdate.ALL, _nothing),
        message(~private, callers.group),
        message(filters.UpdateType.EDITED_MESSAGE, either(callers.edited, operators.words)),
        command("start", either(callers.start, operators.help)),
        command("help", either(callers.help, operators.help)),
        command("stop", either(callers.stop, operators.done)),
        message(new & private & filters.Regex(BARE), either(family.link, operators.help)),
        message(new & private & filters.Regex(CODE), either(family.link, operators.words)),
        command("unlink", either(family.unlink, operators.help)),
        command("done", either(callers.words, operators.done)),
        command("list", either(callers.words, operators.list_open)),
        command("ready", either(callers.words, operators.ready)),
        command("busy", either(callers.words, operators.busy)),
        command("away", either(callers.words, operators.away)),
        command("id", operators.chat_id),
        message(filters.TEXT | filters.CAPTION, either(callers.words, operators.words)),
        message(filters.CONTACT, either(callers.words, operators.words)),
        message(filters.LOCATION | filters.VENUE, either(callers.location, operators.words)),
        message(filters.ALL, either(callers.not_text, operators.words)),
        TypeHandler(Update, once(_nothing), **options),
    ]


def _bot(token: str, base_url: str, updates: Updates, pace: Pace) -> CarefulBot:
    timeouts: dict[str, Any] = {"connect_timeout": pace.connect_seconds, "read_timeout": 5.0}
    timeouts["httpx_kwargs"] = proxy_settings(base_url)
    return CarefulBot(
        token,
        base_url=base_url,
        updates=updates,
        again_seconds=pace.poll_again_seconds,
        outage_seconds=pace.outage_seconds,
        request=HTTPXRequest(connection_pool_size=64, **timeouts),
        get_updates_request=HTTPXRequest(connection_pool_size=2, **timeouts),
        # Throttles only. Its own retries would halt every chat for as long as one of them is flooded.
        rate_limiter=AIORateLimiter(max_retries=0),
    )


def build_application(
    token: str, base_url: str, services: Services, *, updates: Updates, pace: Pace
) -> tuple[Application[Any, Any, Any, Any, Any, Any], Operators, Sender]:
    """The library's application with our handlers. Updates are handed over one at a time, in their order."""
    bot = _bot(token, base_url, updates, pace)
    application = ApplicationBuilder().bot(bot).job_queue(None).concurrent_updates(False).build()
    sender = Sender(bot, pace.retry_seconds)
    operators = Operators(bot, services, sender)
    callers = Callers(bot, services, sender, typing_after_seconds=pace.typing_after_seconds, done=updates.finish)
    family = Family(bot, services, sender)
    application.add_handlers(handlers(Door(updates, operators), callers, operators, family))
    return application, operators, sender


class TelegramBot:
    """Starts and stops inside a running loop. `state`: off, connecting, running, or refused (a wrong token).

    Telegram being away stops nothing: `start` returns and the bot goes on trying.
    """

    def __init__(
        self,
        token: str,
        services: Services,
        *,
        base_url: str = OFFICIAL,
        webhook: Webhook | None = None,
        pace: Pace | None = None,
    ) -> None:
        quiet_loggers()
        self.state = "off"
        self.ready = asyncio.Event()
        self._pace = pace or Pace()
        self._webhook = webhook
        self._services = services
        self._updates = Updates()
        self._application, self._operators, self._sender = build_application(
            token, base_url, services, updates=self._updates, pace=self._pace
        )
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def bot(self) -> ExtBot[Any]:
        """The library's bot, for those who send."""
        return self._application.bot  # type: ignore[no-any-return]  # the library's type is generic

    async def start(self) -> None:
        """Return when running, or after `first_try_seconds`."""
        self.state = "connecting"
        await self._operators.refresh()
        self._tasks = [asyncio.create_task(self._connect()), asyncio.create_task(self._keep_roster())]
        await asyncio.wait(self._tasks[:1], timeout=self._pace.first_try_seconds)

    async def stop(self) -> None:
        """Take no new updates, finish the turns going on, and let go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._application.running:
            await self._stop_running()
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._application.shutdown()
            await self.bot.shutdown()
        self.state = "off"

    async def _stop_running(self) -> None:
        """What is not finished when the time is up is not confirmed either: Telegram delivers it again."""
        if self._updater.running:
            await self._updater.stop()
        await self._updates.all_finished(self._pace.stop_seconds)
        self._sender.close()
        if self._webhook is None:
            await self._application.bot.confirm()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._application.stop(), self._pace.stop_seconds)
            await asyncio.wait_for(self._services.live.settle(), self._pace.stop_seconds)

    @property
    def _updater(self) -> Updater:
        assert self._application.updater is not None
        return self._application.updater

    async def _connect(self) -> None:
        while True:
            try:
                await self._application.initialize()
                break
            except InvalidToken:  # its text holds the token
                self.state = "refused"
                log.error("Telegram refused the token; check WARMLINE_TELEGRAM_TOKEN")
                return
            except TelegramError as error:
                log.warning("Telegram not reached: %s", type(error).__name__)
                await asyncio.sleep(self._pace.outage_seconds)
        await self._application.start()
        await self._receive()
        self.state = "running"
        self.ready.set()
        commands = [BotCommand(name, text) for name, text in section("commands").items()]
        await quietly(self.bot.set_my_commands(commands))

    async def _receive(self) -> None:
        updater = self._updater
        if self._webhook is None:
            await updater.start_polling(
                timeout=int(self._pace.poll_seconds), bootstrap_retries=-1, allowed_updates=ALLOWED
            )
            return
        await updater.start_webhook(
            listen=self._webhook.listen,
            port=self._webhook.port,
            url_path=urlsplit(self._webhook.url).path,
            webhook_url=self._webhook.url,
            secret_token=self._webhook.secret_token,
            bootstrap_retries=-1,
            allowed_updates=ALLOWED,
        )

    async def _keep_roster(self) -> None:
        while True:
            await asyncio.sleep(self._pace.roster_seconds)
            await self._operators.refresh()
