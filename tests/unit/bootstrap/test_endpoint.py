"""The action endpoint answers with the status codes of rasa-sdk's own server, and repeats no words."""

import asyncio
import logging
from typing import Any

import httpx
import pytest
from rasa_sdk import ActionExecutionRejection, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from bootstrap.endpoint import make_endpoint

WORDS = "我住在幸福路八号"


async def _answers(dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
    dispatcher.utter_message(response="utter_booked")
    return [{"event": "slot", "name": "when", "value": tracker.latest_message["text"]}]


async def _rejects(dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
    raise ActionExecutionRejection("rejects", WORDS)


async def _fails(dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
    raise ValueError(WORDS)


async def _hangs(dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
    await asyncio.Event().wait()
    return []


def client(limit_seconds: float = 1.5) -> httpx.AsyncClient:
    executor = ActionExecutor()
    for action in (_answers, _rejects, _fails, _hangs):
        executor.register_function(action.__name__.strip("_"), action)
    transport = httpx.ASGITransport(make_endpoint(executor, limit_seconds))
    return httpx.AsyncClient(transport=transport, base_url="http://actions")


def call(action: str) -> dict[str, Any]:
    latest = {"text": WORDS, "intent": {"name": "inform"}, "entities": []}
    tracker = {"sender_id": "ses_1", "slots": {}, "latest_message": latest, "events": [], "paused": False}
    tracker |= {
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
        "latest_input_channel": "phone",
    }
    return {
        "next_action": action,
        "sender_id": "ses_1",
        "tracker": tracker,
        "domain": {"responses": {}},
        "version": "3.6.21",
    }


async def test_an_action_that_runs() -> None:
    async with client() as http:
        answer = await http.post("/webhook", json=call("answers"))
    assert answer.status_code == 200
    assert answer.json()["events"] == [{"event": "slot", "name": "when", "value": WORDS}]
    assert answer.json()["responses"][0]["response"] == "utter_booked"


@pytest.mark.parametrize(("action", "status"), [("rejects", 400), ("nobody", 404), ("fails", 500), ("hangs", 500)])
async def test_what_goes_wrong_has_its_status_and_no_words(
    action: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bootstrap")
    async with client(limit_seconds=0.05) as http:
        answer = await http.post("/webhook", json=call(action))
    assert answer.status_code == status
    assert answer.json()["action_name"] == action
    assert WORDS not in answer.text
    assert WORDS not in caplog.text


async def test_a_domain_is_not_needed() -> None:
    async with client() as http:
        body = {name: value for name, value in call("answers").items() if name != "domain"}
        answer = await http.post("/webhook", json={**body, "domain_digest": "x"})
    assert answer.status_code == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff"])
async def test_what_is_no_call_is_refused(body: bytes) -> None:
    async with client() as http:
        assert (await http.post("/webhook", content=body)).status_code == 400


async def test_health() -> None:
    async with client() as http:
        assert (await http.get("/health")).json() == {"status": "ok"}
