"""The synthesis process: `POST /speech` gives the sound of one sentence, `GET /health` says that it is up.

Sentences are made one after another in one thread (espeak-ng is one per process); others wait their turn,
some 25 ms each.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from voice.audio import wav_bytes
from voice.tts.engine import DEFAULT_PITCH, DEFAULT_RATE, DEFAULT_VOICE, LONGEST, SynthesisFailed, synthesise

logger = logging.getLogger(__name__)

FIRST_WORDS = "您好。"
STUCK_SECONDS = 10.0
"""A sentence, with all that waited before it, takes less; the engine has stopped, and a new process is needed."""
STUCK_STATUS = 70


class Speech(BaseModel):
    """What to say: rate in words a minute, voice a name of espeak-ng's, pitch 0 to 99."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    rate: Annotated[int, Field(ge=80, le=450)] = DEFAULT_RATE
    voice: Annotated[str, Field(pattern=r"^[\w+-]{2,40}$")] = DEFAULT_VOICE
    pitch: Annotated[int, Field(ge=0, le=99)] = DEFAULT_PITCH


def _end() -> None:
    """The process, at once: a thread inside espeak-ng can't be ended otherwise. The supervisor starts it anew."""
    os._exit(STUCK_STATUS)


def make_app(thread: Executor, stuck_seconds: float = STUCK_SECONDS, stuck: Callable[[], None] = _end) -> FastAPI:
    """The app; `thread` is one thread, in which everything is said. `stuck` is called when it has stopped."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/speech")
    async def speech(asked: Speech) -> Response:
        loop = asyncio.get_running_loop()
        making = loop.run_in_executor(thread, synthesise, asked.text, asked.rate, asked.voice, asked.pitch)
        try:
            pcm = await asyncio.wait_for(asyncio.shield(making), stuck_seconds)
        except TimeoutError:
            logger.critical("speech: the engine has stopped")
            stuck()
            return JSONResponse({"error": "stuck"}, 503)
        except SynthesisFailed as error:
            logger.error("speech: %s", error)
            return JSONResponse({"error": str(error)}, 422)
        return Response(wav_bytes(pcm), media_type="audio/wav")

    return app


async def serve_tts(host: str, port: int) -> None:
    """Serve until cancelled; signals are the caller's. Raises SynthesisFailed when there is no voice at all."""
    with ThreadPoolExecutor(1, thread_name_prefix="espeak") as thread:
        await asyncio.get_running_loop().run_in_executor(thread, synthesise, FIRST_WORDS)
        await _serve(make_app(thread), host, port)


async def _serve(app: FastAPI, host: str, port: int) -> None:
    server = _Server(uvicorn.Config(app, host, port, access_log=False, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise


class _Server(uvicorn.Server):
    """Leaves the signals to whoever started it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
