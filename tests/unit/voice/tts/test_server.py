import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from fastapi import FastAPI

from voice.audio import read_wav, seconds_of
from voice.tts import server
from voice.tts.server import make_app


def _client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tts")


@pytest.fixture
async def client():
    with ThreadPoolExecutor(1) as thread:
        async with _client(make_app(thread)) as one:
            yield one


async def test_health(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health")).json() == {"status": "ok"}


async def test_speech_is_a_wav_of_the_line(client: httpx.AsyncClient) -> None:
    response = await client.post("/speech", json={"text": "您要办什么事？", "rate": 150})
    assert response.headers["content-type"] == "audio/wav"
    assert 1 < seconds_of(read_wav(response.content)) < 4


async def test_rate_voice_and_pitch_are_heeded(client: httpx.AsyncClient) -> None:
    async def said(**more: object) -> bytes:
        return (await client.post("/speech", json={"text": "您要办什么事？"} | more)).content

    usual = await said()
    assert len(await said(rate=80)) > 1.5 * len(usual)
    assert len({len(await said(voice="cmn-latn-pinyin+f3")), len(await said(pitch=90)), len(usual)}) > 1


@pytest.mark.parametrize(
    "wrong",
    [{}, {"text": ""}, {"text": "好", "rate": 10}, {"text": "好", "rate": "fast"}, {"text": "好", "pitch": 100},
     {"text": "好", "voice": "nobody"}, {"text": "好", "voice": "../x y"}, {"text": "。"}, {"text": "好" * 501}],
)  # fmt: skip
async def test_what_cannot_be_said_is_refused(client: httpx.AsyncClient, wrong: dict[str, object]) -> None:
    assert (await client.post("/speech", json=wrong)).status_code == 422
    assert (await client.post("/speech", json={"text": "好"})).status_code == 200


async def test_an_engine_that_has_stopped_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, ended = threading.Event(), []

    def hang(*_: object) -> bytes:
        go_on.wait(60)
        return b""

    monkeypatch.setattr(server, "synthesise", hang)
    with ThreadPoolExecutor(1) as thread:
        async with _client(make_app(thread, 0.05, lambda: ended.append(True))) as client:
            response = await client.post("/speech", json={"text": "好"})
        go_on.set()
    assert ended and response.status_code == 503
