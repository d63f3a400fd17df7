"""The "line" connector: one utterance in, everything that Rasa says and understood out, in one HTTP call."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from nlu.components.actions_endpoint import ActionFailed, LimitedEndpoint, check_answers_quickly
from nlu.components.quiet import keep_words_out

Handler = Callable[[UserMessage], Awaitable[Any]]


class LineOutput(CollectingOutputChannel):
    """Collects responses whole. Its name is the caller's channel, so that `channel: phone` variants apply."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel

    def name(self) -> str:  # type: ignore[override] # Rasa asks the instance; its own is a classmethod
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        if message.get("text"):
            kept = {key: message.get(key) for key in ("text", "utter_action")}
            self.messages.append(
                {**kept, "buttons": message.get("buttons") or [], "metadata": message.get("metadata") or {}}
            )


class LineInput(InputChannel):
    """Routes under /webhooks/line: `webhook` (a turn), `parse`, `slots/<sender>`, and `/` for readiness.

    A turn that fails, or that ends without a word, is a 500 with the error's class: never 200 with nothing.
    """

    def __init__(self, token: str, action_limit_seconds: float) -> None:
        self._token = token
        self._action_limit_seconds = action_limit_seconds

    @classmethod
    def name(cls) -> str:
        return "line"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> LineInput:
        if not credentials or not credentials.get("token"):
            cls.raise_missing_credentials_exception()
        return cls(str(credentials["token"]), float(credentials.get("action_limit_seconds", 1.5)))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        blueprint = Blueprint("line", "line")
        blueprint.listener("after_server_start")(self._prepare)
        blueprint.middleware("request")(self._admit)
        blueprint.add_route(_ready, "/", methods=["GET"])
        blueprint.add_route(_parse, "/parse", methods=["POST"])
        blueprint.add_route(_slots, "/slots/<sender:str>", methods=["GET"])

        @blueprint.route("/webhook", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            try:
                return await _turn(request, on_new_message)
            except (Exception, ActionFailed) as error:
                return _failed(type(error).__name__)

        return blueprint

    def _admit(self, request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").encode()
        if hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            return None
        return response.json({"error": "NotAuthorised"}, status=401)

    def _prepare(self, app: Sanic, _: Any) -> None:
        """Called once the model is loaded: what failed until here may be printed in full."""
        processor = app.ctx.agent.processor
        if processor and processor.action_endpoint:
            processor.action_endpoint = LimitedEndpoint(processor.action_endpoint, self._action_limit_seconds)
        check_answers_quickly()
        keep_words_out()


async def _turn(request: Request, on_new_message: Handler) -> HTTPResponse:
    said = request.json
    parsed = await request.app.ctx.agent.parse_message(said["message"])
    output = LineOutput(said["channel"])
    # `on_new_message` is the agent's `handle_message`: turns of one sender wait for each other there.
    await on_new_message(
        UserMessage(
            said["message"],
            output,
            said["sender"],
            parse_data=parsed,
            input_channel=said["channel"],
            metadata=said.get("metadata"),
        )
    )
    if not output.messages:
        return _failed("EmptyAnswer")
    return response.json({"messages": output.messages, **_understood(parsed)})


def _understood(parsed: dict[str, Any]) -> dict[str, Any]:
    intent = parsed["intent"]
    return {"intent": intent["name"], "confidence": intent["confidence"], "entities": parsed["entities"]}


def _failed(error: str) -> HTTPResponse:
    return response.json({"error": error}, status=500)


async def _ready(request: Request) -> HTTPResponse:
    ready = request.app.ctx.agent.is_ready()
    return response.json({"ready": ready}, status=200 if ready else 503)


async def _parse(request: Request) -> HTTPResponse:
    try:
        parsed = await request.app.ctx.agent.parse_message(request.json["text"])
    except Exception as error:
        return _failed(type(error).__name__)
    ranking = [{"intent": one["name"], "confidence": one["confidence"]} for one in parsed.get("intent_ranking", [])]
    return response.json({**_understood(parsed), "ranking": ranking})


async def _slots(request: Request, sender: str) -> HTTPResponse:
    try:
        tracker = await request.app.ctx.agent.tracker_store.retrieve(sender)
    except Exception as error:
        return _failed(type(error).__name__)
    filled = tracker.current_slot_values() if tracker else {}
    return response.json({name: value for name, value in filled.items() if value is not None})
