"""The action endpoint: rasa-sdk's ActionExecutor behind FastAPI. rasa-sdk's own server is not started."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from rasa_sdk import ActionExecutionRejection
from rasa_sdk.interfaces import ActionMissingDomainException, ActionNotFoundException

logger = logging.getLogger(__name__)

ACTION_LIMIT_SECONDS = 1.5


class Executor(Protocol):
    """What is used of rasa_sdk's ActionExecutor."""

    async def run(self, action_call: dict[str, Any]) -> Any: ...


def make_endpoint(executor: Executor, limit_seconds: float = ACTION_LIMIT_SECONDS) -> FastAPI:
    """The app Rasa calls: POST /webhook runs one action, GET /health says that it is up.

    Answers carry the action's name and an error's class: messages, slots and texts may hold words.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/webhook")
    async def webhook(request: Request) -> JSONResponse:
        call = await _json(request)
        if call is None:
            return JSONResponse({"error": "a JSON object with next_action is needed", "action_name": ""}, 400)
        return await _answered(str(call.get("next_action")), lambda: _run(executor, call, limit_seconds))

    return app


async def _json(request: Request) -> dict[str, Any] | None:
    try:
        call = await request.json()
    except ValueError:
        return None
    return call if isinstance(call, dict) and call.get("next_action") else None


async def _run(executor: Executor, call: dict[str, Any], limit_seconds: float) -> dict[str, Any] | None:
    call.setdefault("domain", {})  # ours never look at it, and sent with each call it would double its length
    async with asyncio.timeout(limit_seconds):
        result = await executor.run(call)
    return result.model_dump() if result else None


async def _answered(action: str, run: Callable[[], Awaitable[dict[str, Any] | None]]) -> JSONResponse:
    """The status codes that rasa-sdk's own server gives, so that Rasa takes them as it is used to."""
    try:
        return JSONResponse(await run())
    except ActionExecutionRejection:
        return _error(action, 400, "rejected")
    except ActionNotFoundException:
        logger.error("action %s: not registered", action)
        return _error(action, 404, "no such action")
    except ActionMissingDomainException:
        return _error(action, 449, "the domain is needed")
    except Exception as error:  # an action's fault must reach Rasa as an error, not as silence
        logger.error("action %s: %s", action, type(error).__name__)
        return _error(action, 500, type(error).__name__)


def _error(action: str, status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": message, "action_name": action}, status)
