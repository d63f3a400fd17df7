"""The app's side of the dialogue engine: asks the Rasa server over HTTP. The only module that knows how."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from hotline.errors import DialogueUnavailable
from hotline.ports import DialogueAnswer, DialogueMessage, DialogueRequest
from hotline.sessions import Choice

LIMIT_SECONDS = 2.0
POINT_SENT = "/find_place"
"""A point without words: the intent itself, as Rasa takes it; no caller can write that (`hotline.conversation`)."""


class RasaDialogue:
    """Implements `hotline.ports.Dialogue`. Close it with `close` when the process ends.

    `token` is the one that the server was started with, see `nlu.training.serve_command`.
    """

    def __init__(self, base_url: str, token: str, limit_seconds: float = LIMIT_SECONDS) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{base_url.rstrip('/')}/webhooks/line",
            headers={"Authorization": f"Bearer {token}"},
            timeout=limit_seconds,
            # The server is on loopback or a private network: never by a proxy from the environment.
            trust_env=False,
        )
        self._limit_seconds = limit_seconds

    async def respond(self, request: DialogueRequest) -> DialogueAnswer:
        """Ask for the next reply. Raises DialogueUnavailable on a time-out, an error or an empty answer."""
        point = {"location": request.location} if request.location else {}
        body = {
            "sender": request.session_id,
            "message": request.text or (POINT_SENT if point else ""),
            "channel": request.channel,
            "metadata": {"turn_id": request.turn_id, "now": request.now.isoformat(), **point},
        }
        return _answer(await self._ask("POST", "/webhook", body))

    async def draft(self, session_id: str) -> dict[str, Any]:
        """Return the slots filled so far; {} when the engine can't be asked."""
        try:
            return await self._ask("GET", f"/slots/{session_id}")
        except DialogueUnavailable:
            return {}

    async def parse(self, text: str) -> dict[str, Any]:
        """Return intent, confidence, ranking and entities of `text`, without a conversation."""
        return await self._ask("POST", "/parse", {"text": text})

    async def ready(self) -> bool:
        """Tell whether the server answers and has its model."""
        try:
            return bool((await self._ask("GET", "/"))["ready"])
        except (DialogueUnavailable, KeyError):
            return False

    async def close(self) -> None:
        await self._http.aclose()

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            # httpx limits each read; the whole call needs a limit of its own.
            async with asyncio.timeout(self._limit_seconds):
                response = await self._http.request(method, path, json=body)
        except (httpx.HTTPError, TimeoutError) as error:
            raise DialogueUnavailable(type(error).__name__) from None
        return _json_object(response)


def _json_object(response: httpx.Response) -> dict[str, Any]:
    """Errors carry the status or the server's error class, never the body: it may hold words."""
    try:
        answer = response.json()
    except ValueError:
        raise DialogueUnavailable(f"not JSON, status {response.status_code}") from None
    if not isinstance(answer, dict):
        raise DialogueUnavailable("no JSON object")
    if response.status_code != httpx.codes.OK:
        raise DialogueUnavailable(f"status {response.status_code} {answer.get('error', '')}".rstrip())
    return answer


def _answer(body: dict[str, Any]) -> DialogueAnswer:
    try:
        messages = tuple(_message(one) for one in body["messages"])
        entities = tuple(body.get("entities") or ())
    except (KeyError, TypeError, AttributeError) as error:
        raise DialogueUnavailable(f"malformed answer: {type(error).__name__}") from None
    if not messages:
        raise DialogueUnavailable("empty answer")
    return DialogueAnswer(messages, body.get("intent"), body.get("confidence"), entities)


def _message(one: dict[str, Any]) -> DialogueMessage:
    about = one.get("metadata") or {}
    choices = tuple(Choice(button["title"], button["payload"]) for button in one.get("buttons") or ())
    return DialogueMessage(
        text=one["text"],
        response=one.get("utter_action") or about.get("response"),
        choices=choices,
        asks=about.get("asks"),
        then=about.get("then", "listen"),
    )
