"""A Bot API server on loopback, for tests, the demonstration and the scenario runner: real HTTP, no internet.

It keeps what Telegram keeps: updates until they are confirmed by a higher offset, messages with their ids and
buttons. `BotApiServer` is started inside the running loop and controlled from it.
"""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "4242:loopback-test-token"
BOT_ID = 4242
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
POST_AGAIN_SECONDS = 0.05
NESTED = ("reply_markup", "commands", "allowed_updates")
LONGEST = 4096
"""UTF-16 units of one message."""


class ApiError(Exception):
    """The call is refused as Telegram would refuse it."""

    def __init__(self, status: int, description: str, **parameters: float) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass
class SentMessage:
    """What the bot sent: as a chat shows it now, after edits."""

    chat_id: int
    message_id: int
    text: str
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    edits: int = 0

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.keyboard for button in row]

    def as_json(self) -> dict[str, Any]:
        markup = {"reply_markup": {"inline_keyboard": self.keyboard}} if self.keyboard else {}
        return {
            "message_id": self.message_id,
            "date": int(time.time()),
            "chat": _chat(self.chat_id),
            "from": {"id": BOT_ID, "is_bot": True, "first_name": "Warmline"},
            "text": self.text,
            **markup,
        }


@dataclass
class Call:
    """One call of a method, as received."""

    method: str
    fields: dict[str, Any]


@dataclass
class Faults:
    """What goes wrong. Floods count down with each refused message."""

    slow_seconds: float = 0.0
    retry_after_seconds: float = 0.0
    flooded_messages: int = 0
    duplicate_next: bool = False
    refuse_chats: set[int] = field(default_factory=set)


Predicate = Callable[[list[SentMessage]], bool]


class BotApiServer:
    """Use as `async with BotApiServer() as server`, give `server.base_url` and `TOKEN` to a bot."""

    def __init__(self, *, first_update_id: int = 1000) -> None:
        self.faults = Faults()
        self.calls: list[Call] = []
        self.answers: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] | None = None
        self.confirmed_below = 0
        self._messages: list[SentMessage] = []
        self._pending: list[dict[str, Any]] = []
        self._next_update_id = first_update_id
        self._next_message_id = 1
        self._poll = 0
        self._port = 0
        self._changed = asyncio.Event()
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._posting: set[asyncio.Task[None]] = set()

    # --- life -----------------------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/bot"

    async def __aenter__(self) -> "BotApiServer":
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    async def up(self) -> None:
        """Listen on a free port of loopback, or on the same one again."""
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        quiet: dict[str, Any] = {"log_config": None, "access_log": False, "lifespan": "off", "ws": "none"}
        self._server = _Server(uvicorn.Config(_app(self), timeout_graceful_shutdown=1, **quiet))
        self._serving = asyncio.create_task(self._server.serve([listening]))

    async def down(self) -> None:
        """Refuse connections and break off the open ones; what users wrote is kept."""
        if self._server is None or self._serving is None:
            return
        for task in self._posting:
            task.cancel()
        self._poll += 1  # ends the long poll in progress
        self._announce()
        self._server.should_exit = self._server.force_exit = True
        await self._serving
        self._server = self._serving = None

    # --- what users do --------------------------------------------------------------------------------

    def say(self, chat_id: int, text: str, **message: Any) -> int:
        """A user writes; the update's id. More fields of the message may be given."""
        command = {"type": "bot_command", "offset": 0, "length": len(text.partition(" ")[0])}
        entities = [command] if text.startswith("/") else []
        return self.send_raw({"message": self._from_user(chat_id, text=text, entities=entities, **message)})

    def send_message(self, chat_id: int, **content: Any) -> int:
        """A user sends something else than text: `voice={...}`, `photo=[...]`, `location={...}`."""
        return self.send_raw({"message": self._from_user(chat_id, **content)})

    def edit(self, chat_id: int, text: str) -> int:
        """A user changes what he wrote."""
        edited = self._from_user(chat_id, text=text, edit_date=int(time.time()))
        return self.send_raw({"edited_message": edited})

    def press(self, chat_id: int, label: str, message: SentMessage | None = None) -> int:
        """A user presses the button `label`, on the latest message that has it or on `message` as given."""
        pressed = message or next(m for m in reversed(self.messages(chat_id)) if label in m.labels)
        data = next(b["callback_data"] for row in pressed.keyboard for b in row if b["text"] == label)
        query = {"from": _user(chat_id), "message": pressed.as_json(), "chat_instance": "1", "data": data}
        return self.send_raw({"callback_query": {"id": str(self._next_update_id), **query}})

    def send_raw(self, update: dict[str, Any]) -> int:
        """Queue any update; without an `update_id` it gets the next one."""
        update_id = int(update.setdefault("update_id", self._next_update_id))
        self._next_update_id = max(self._next_update_id, update_id + 1)
        copies = 2 if self.faults.duplicate_next else 1
        self.faults.duplicate_next = False
        self._pending.extend([update] * copies)
        self._announce()
        if self.webhook:
            self._post_soon([update] * copies)
        return update_id

    def _from_user(self, chat_id: int, **content: Any) -> dict[str, Any]:
        head = {"message_id": self._take_message_id(), "date": int(time.time())}
        return {**head, "chat": _chat(chat_id), "from": _user(chat_id), **content}

    def _take_message_id(self) -> int:
        self._next_message_id += 1
        return self._next_message_id

    # --- what can be seen -----------------------------------------------------------------------------

    def messages(self, chat_id: int) -> list[SentMessage]:
        """What the bot sent to a chat, oldest first, as it stands after edits."""
        return [message for message in self._messages if message.chat_id == chat_id]

    def texts(self, chat_id: int) -> list[str]:
        return [message.text for message in self.messages(chat_id)]

    @property
    def waiting(self) -> int:
        """Updates not confirmed yet."""
        return len(self._pending)

    def called(self, method: str) -> list[dict[str, Any]]:
        """The fields of each call of a method."""
        return [call.fields for call in self.calls if call.method == method]

    async def wait_for(self, chat_id: int, predicate: Predicate, timeout_seconds: float = 5.0) -> list[SentMessage]:
        """The chat's messages as soon as `predicate` accepts them; TimeoutError otherwise."""
        await self.until(lambda: predicate(self.messages(chat_id)), timeout_seconds)
        return self.messages(chat_id)

    async def until(self, condition: Callable[[], bool], timeout_seconds: float = 5.0) -> None:
        """Wait until anything that a call or an update changes makes `condition` true."""
        async with asyncio.timeout(timeout_seconds):
            while not condition():
                await self._change()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    def _announce(self) -> None:
        self._changed.set()

    # --- faults ---------------------------------------------------------------------------------------

    def slow(self, seconds: float) -> None:
        """Every call but getUpdates takes so long."""
        self.faults.slow_seconds = seconds

    def flood(self, retry_after_seconds: float, messages: int = 1) -> None:
        """The next messages sent are refused with 429."""
        self.faults.retry_after_seconds, self.faults.flooded_messages = retry_after_seconds, messages

    def duplicate_next_update(self) -> None:
        """The next update is delivered twice, with one id."""
        self.faults.duplicate_next = True

    def block(self, chat_id: int) -> None:
        """This user has blocked the bot: 403."""
        self.faults.refuse_chats.add(chat_id)

    # --- the webhook ----------------------------------------------------------------------------------

    def _post_soon(self, updates: list[dict[str, Any]]) -> None:
        task = asyncio.create_task(self._post(updates))
        self._posting.add(task)
        task.add_done_callback(self._posting.discard)

    async def _post(self, updates: list[dict[str, Any]]) -> None:
        """Until it is taken with 2xx, as Telegram does."""
        webhook = self.webhook or {}
        headers = {SECRET_HEADER: webhook.get("secret_token", "")}
        async with httpx.AsyncClient(trust_env=False) as client:
            for update in updates:
                # Another process takes it: there is no event to wait for.
                while not await _accepted(client, webhook["url"], update, headers):  # noqa: ASYNC110 (as above)
                    await asyncio.sleep(POST_AGAIN_SECONDS)
                self._pending = [u for u in self._pending if u["update_id"] != update["update_id"]]
                self._announce()

    # --- methods of the Bot API -----------------------------------------------------------------------

    async def handle(self, token: str, method: str, fields: dict[str, Any]) -> Any:
        """The result of one call; ApiError when it is refused."""
        if token != TOKEN:
            raise ApiError(401, "Unauthorized")
        self.calls.append(Call(method, fields))
        self._announce()
        known: dict[str, Callable[[dict[str, Any]], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "sendMessage": self._send_message,
            "sendChatAction": self._true,
            "answerCallbackQuery": self._answer_callback_query,
            "editMessageText": self._edit,
            "editMessageReplyMarkup": self._edit,
            "setMyCommands": self._set_my_commands,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._set_webhook,
        }
        if method not in known:
            raise ApiError(404, "Not Found: method not found")
        if method != "getUpdates" and self.faults.slow_seconds:
            await asyncio.sleep(self.faults.slow_seconds)
        result = await known[method](fields)
        self._announce()
        return result

    async def _true(self, fields: dict[str, Any]) -> bool:
        return True

    async def _get_me(self, fields: dict[str, Any]) -> dict[str, Any]:
        return {"id": BOT_ID, "is_bot": True, "first_name": "Warmline", "username": "warmline_test_bot"}

    async def _get_updates(self, fields: dict[str, Any]) -> list[dict[str, Any]]:
        """Confirms everything below `offset`; a newer call ends an older one that still waits."""
        if self.webhook:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll += 1
        mine, offset = self._poll, int(fields.get("offset", 0))
        self._pending = [u for u in self._pending if u["update_id"] >= offset]
        self.confirmed_below = max(self.confirmed_below, offset)
        self._announce()
        limit_seconds = float(fields.get("timeout", 0))
        with contextlib.suppress(TimeoutError):
            await self.until(lambda: bool(self._pending) or self._poll != mine, limit_seconds)
        if self._poll != mine:
            raise ApiError(409, "Conflict: terminated by other getUpdates request")
        return self._pending[: int(fields.get("limit", 100))]

    async def _send_message(self, fields: dict[str, Any]) -> dict[str, Any]:
        chat_id, text = int(fields["chat_id"]), str(fields.get("text", ""))
        if chat_id in self.faults.refuse_chats:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if self.faults.flooded_messages:
            self.faults.flooded_messages -= 1
            wait = self.faults.retry_after_seconds
            raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        _check_text(text)
        message = SentMessage(chat_id, self._take_message_id(), text, _keyboard(fields))
        self._messages.append(message)
        return message.as_json()

    async def _edit(self, fields: dict[str, Any]) -> dict[str, Any]:
        wanted = (int(fields["chat_id"]), int(fields["message_id"]))
        message = next((m for m in self._messages if (m.chat_id, m.message_id) == wanted), None)
        if message is None:
            raise ApiError(400, "Bad Request: message to edit not found")
        text, keyboard = str(fields.get("text", message.text)), _keyboard(fields)
        _check_text(text)
        if (text, keyboard) == (message.text, message.keyboard):
            raise ApiError(400, "Bad Request: message is not modified")
        message.text, message.keyboard, message.edits = text, keyboard, message.edits + 1
        return message.as_json()

    async def _answer_callback_query(self, fields: dict[str, Any]) -> bool:
        self.answers.append(fields)
        return True

    async def _set_my_commands(self, fields: dict[str, Any]) -> bool:
        self.commands = fields["commands"]
        return True

    async def _set_webhook(self, fields: dict[str, Any]) -> bool:
        self.webhook = fields if fields.get("url") else None
        if self.webhook and self._pending:
            self._post_soon(list(self._pending))
        return True


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The process has its own handlers: a server inside its loop must not replace them."""
        yield


def _app(server: BotApiServer) -> Starlette:
    async def endpoint(request: Request) -> Response:
        fields = _fields(request.headers.get("content-type", ""), await request.body())
        try:
            result = await server.handle(request.path_params["token"], request.path_params["method"], fields)
        except ApiError as error:
            body = {"ok": False, "error_code": error.status, "description": error.description}
            if error.parameters:
                body["parameters"] = error.parameters
            return JSONResponse(body, error.status)
        return JSONResponse({"ok": True, "result": result})

    return Starlette(routes=[Route("/bot{token}/{method}", endpoint, methods=["GET", "POST"])])


def _fields(content_type: str, body: bytes) -> dict[str, Any]:
    """Form fields; nested ones come as JSON."""
    if content_type.startswith("application/json"):
        return dict(json.loads(body))
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return {name: json.loads(value) if name in NESTED else value for name, value in fields.items()}


def _keyboard(fields: dict[str, Any]) -> list[list[dict[str, Any]]]:
    keyboard: list[list[dict[str, Any]]] = (fields.get("reply_markup") or {}).get("inline_keyboard", [])
    for button in (button for row in keyboard for button in row):
        if not 1 <= len(str(button.get("callback_data", "")).encode()) <= 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return keyboard


def _check_text(text: str) -> None:
    if not text.strip():
        raise ApiError(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > LONGEST:
        raise ApiError(400, "Bad Request: message is too long")


def _chat(chat_id: int) -> dict[str, Any]:
    kind = {"type": "private", "first_name": "User"} if chat_id > 0 else {"type": "group", "title": "Group"}
    return {"id": chat_id, **kind}


def _user(chat_id: int) -> dict[str, Any]:
    return {"id": abs(chat_id), "is_bot": False, "first_name": "User"}


async def _accepted(client: httpx.AsyncClient, url: str, update: dict[str, Any], headers: dict[str, str]) -> bool:
    try:
        return (await client.post(url, json=update, headers=headers)).is_success
    except httpx.HTTPError:
        return False
