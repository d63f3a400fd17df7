"""The Telegram bot in the app process: made from the settings, run until the process stops."""

import asyncio

from bootstrap.environment import kept_secret
from bootstrap.settings import Settings
from bot.telegram import TelegramBot, Webhook
from hotline.ports import Services


async def run_bot(settings: Settings, services: Services) -> None:
    """Run the bot until cancelled. Needs a token; Telegram being away stops nothing."""
    bot = make_bot(settings, services)
    await bot.start()
    try:
        await asyncio.Event().wait()
    finally:
        await bot.stop()


def make_bot(settings: Settings, services: Services) -> TelegramBot:
    """The bot as the settings want it, not started."""
    if settings.telegram_token is None:
        raise ValueError("telegram_token is not set")
    token = settings.telegram_token.get_secret_value()
    return TelegramBot(token, services, base_url=settings.telegram_base_url, webhook=_webhook(settings))


def _webhook(settings: Settings) -> Webhook | None:
    if settings.telegram_webhook_url is None:
        return None
    secret = kept_secret(settings, "telegram_webhook_secret")
    return Webhook(
        settings.telegram_webhook_url,
        secret,
        settings.telegram_webhook_listen,
        settings.telegram_webhook_port,
    )
