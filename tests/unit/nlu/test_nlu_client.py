"""The client against answers that a server may give."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from hotline.errors import DialogueUnavailable
from hotline.ports import DialogueRequest
from nlu.client import RasaDialogue

WORDS = "我摔在厕所了"
REQUEST = DialogueRequest("ses-1", "turn-1", WORDS, "phone", datetime(2026, 3, 2, 9, tzinfo=UTC))


def client(handler) -> RasaDialogue:
    dialogue = RasaDialogue("http://rasa.test/", "secret", limit_seconds=0.2)
    dialogue._http = httpx.AsyncClient(
        transport=httpx.MockTransport(handler),
        base_url=dialogue._http.base_url,
        headers=dialogue._http.headers,
    )
    return dialogue


async def test_a_turn_is_asked_with_its_id_its_channel_and_the_token():
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"messages": [{"text": "在呢"}], "intent": "greet", "confidence": 0.9})

    reply = await client(answer).respond(REQUEST)
    assert str(seen[0].url) == "http://rasa.test/webhooks/line/webhook"
    assert seen[0].headers["authorization"] == "Bearer secret"
    body = json.loads(seen[0].content)
    assert (body["sender"], body["channel"], body["message"]) == ("ses-1", "phone", WORDS)
    assert body["metadata"] == {"turn_id": "turn-1", "now": "2026-03-02T09:00:00+00:00"}
    assert (reply.messages[0].text, reply.messages[0].then, reply.intent) == ("在呢", "listen", "greet")


async def test_a_point_is_the_intent_itself_with_the_point_beside_it():
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(json.loads(request.content))
        return httpx.Response(200, json={"messages": [{"text": "在呢"}]})

    await client(answer).respond(replace(REQUEST, text="", location=(29.6537, 91.1322)))
    assert seen[0]["message"] == "/find_place"
    assert seen[0]["metadata"]["location"] == [29.6537, 91.1322]


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, json={"messages": []}),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={}),
        httpx.Response(200, json={"messages": None}),
        httpx.Response(200, json={"messages": ["text"]}),
        httpx.Response(200, json={"messages": [{"utter_action": "utter_x"}]}),
        httpx.Response(200, text="<html>"),
        httpx.Response(500, json={"error": "ActionFailed"}),
        httpx.Response(500, text=WORDS),
        httpx.Response(401, json={"error": "NotAuthorised"}),
        httpx.Response(302, json={"messages": [{"text": "x"}]}),
    ],
)
async def test_anything_but_a_proper_answer_is_unavailable_and_repeats_no_words(response):
    with pytest.raises(DialogueUnavailable) as caught:
        await client(lambda _: response).respond(REQUEST)
    assert WORDS not in str(caught.value)


@pytest.mark.parametrize("error", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x")])
async def test_a_broken_connection_is_unavailable(error):
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(DialogueUnavailable):
        await client(fail).respond(REQUEST)
    assert await client(fail).draft("ses-1") == {}
    assert await client(fail).ready() is False


async def test_the_limit_holds_for_the_whole_call():
    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(DialogueUnavailable, match="TimeoutError"):
        await asyncio.wait_for(client(never).respond(REQUEST), 5)
