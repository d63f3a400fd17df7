"""Updates posted to us on loopback instead of fetched."""

import socket
from pathlib import Path

import httpx

from bot.telegram import Webhook
from tests.integration.bot.world import CALLER, LIN, open_world


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def webhook() -> Webhook:
    port = free_port()
    return Webhook(f"http://127.0.0.1:{port}/telegram", "loopback-secret", port=port)


async def test_messages_and_presses_arrive_by_webhook(tmp_path: Path) -> None:
    async with open_world(tmp_path, webhook=webhook()) as world:
        assert world.server.webhook is not None
        world.server.duplicate_next_update()
        world.server.say(CALLER, "走钩子的")
        await world.reply_with(CALLER, "听到：走钩子的")
        world.server.say(CALLER, "我摔倒了站不起来")
        await world.reply_with(LIN, "跌倒")
        await world.quiet()
        assert world.script.asked == ["走钩子的"]
        assert world.server.called("getUpdates") == []


async def test_a_post_without_the_secret_is_refused(tmp_path: Path) -> None:
    hook = webhook()
    async with open_world(tmp_path, webhook=hook) as world, httpx.AsyncClient(trust_env=False) as client:
        assert await refused(client, hook, {})
        assert await refused(client, hook, {"X-Telegram-Bot-Api-Secret-Token": "guess"})
        await world.opened()
        assert world.script.asked == ["您好呀"]


async def refused(client: httpx.AsyncClient, hook: Webhook, headers: dict[str, str]) -> bool:
    message = {"message_id": 1, "date": 1, "chat": {"id": CALLER, "type": "private"}, "text": "混进来的"}
    answer = await client.post(hook.url, json={"update_id": 5, "message": message}, headers=headers)
    return answer.status_code == 403
