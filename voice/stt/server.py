"""The recognition server: the protocol of alphacep's vosk-server over websocket. Runs in a process of its own.

A client sends text `{"config": {"sample_rate": 8000, "phrase_list": [...]}}` once, then binary sound (s16 mono), and
gets one answer to each piece, in order: `{"partial": ...}` or, where Vosk finds the end of an utterance,
`{"text": ...}`. `{"eof" : 1}` is answered with the rest as `{"text": ...}` and the connection is closed, as the
stock server does; `{"reset" : 1}` is answered likewise and the connection stays open, which the stock one cannot.
`GET /health` says whether recognition has a thread to run on.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import vosk
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

log = logging.getLogger(__name__)
protocol_log = logging.getLogger("voice.stt.websockets")
protocol_log.setLevel(logging.WARNING)  # below that it holds what was said, and each look at /health

LONGEST_PIECE = 1 << 18
"""Bytes of one message."""
WAITING_PIECES = 64
"""Messages of one client read ahead; then TCP makes the client wait, nothing is dropped."""
SAMPLE_RATES = range(8000, 48001)


class BadRequest(ValueError):
    """A client sent what the protocol does not know."""


async def serve_stt(host: str, port: int, model_path: Path) -> None:
    """Load the model and serve until cancelled.

    The folder has to be a whole model (`voice.stt.model` checks it): Vosk ends the process at a broken one.
    """
    vosk.SetLogLevel(-1)
    model = vosk.Model(str(model_path))
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="vosk") as pool:
        server = _Server(model, pool)
        async with serve(
            server.follow,
            host,
            port,
            process_request=server.health,
            compression=None,
            max_size=LONGEST_PIECE,
            max_queue=WAITING_PIECES,
            ping_interval=None,
            logger=protocol_log,
        ):
            log.info("speech recognition on %s:%d", host, port)
            await asyncio.get_running_loop().create_future()


class _Server:
    def __init__(self, model: Any, pool: ThreadPoolExecutor) -> None:
        self._model, self._pool = model, pool

    async def health(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path != "/health":
            return None
        await asyncio.get_running_loop().run_in_executor(self._pool, time.monotonic)
        return connection.respond(HTTPStatus.OK, "ok\n")

    async def follow(self, connection: ServerConnection) -> None:
        """One client, from its first message to its last."""
        recogniser = _Recogniser(self._model)
        try:
            async for message in connection:
                answer = await asyncio.get_running_loop().run_in_executor(self._pool, recogniser.take, message)
                if answer is not None:
                    await connection.send(answer.text)
                    if answer.last:
                        break
        except BadRequest as error:
            await connection.close(1007, str(error))
        except ConnectionClosed:
            pass  # the caller hung up, or the line was restarted
        log.info("heard %.1f s in %.1f s of work", recogniser.heard_seconds, recogniser.work_seconds)


@dataclass(frozen=True)
class _Answer:
    text: str
    last: bool = False


class _Recogniser:
    """Vosk for one client; called by one thread at a time."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._vosk: Any = None
        self._sample_rate = 8000
        self._phrases: list[str] | None = None
        self.heard_seconds = self.work_seconds = 0.0

    def take(self, message: str | bytes) -> _Answer | None:
        """The answer to one message. Raises BadRequest."""
        begun = time.monotonic()
        try:
            return self._sound(message) if isinstance(message, bytes) else self._command(message)
        finally:
            self.work_seconds += time.monotonic() - begun

    def _sound(self, pcm: bytes) -> _Answer:
        if len(pcm) % 2:
            raise BadRequest("half a sample")
        self.heard_seconds += len(pcm) / 2 / self._sample_rate
        vosk_ = self._made()
        return _Answer(vosk_.Result() if vosk_.AcceptWaveform(pcm) else vosk_.PartialResult())

    def _command(self, message: str) -> _Answer | None:
        try:
            command = json.loads(message)
        except ValueError:
            raise BadRequest("no JSON") from None
        match command:
            case {"config": dict(config)}:
                self._configure(config)
                return None
            case {"eof": _}:
                return _Answer(self._made().FinalResult(), last=True)
            case {"reset": _}:
                return _Answer(self._made().FinalResult())
        raise BadRequest("no such command")

    def _configure(self, config: dict[str, Any]) -> None:
        """Vosk itself would end the process at some of these values."""
        rate, phrases = config.get("sample_rate", self._sample_rate), config.get("phrase_list")
        if not isinstance(rate, int | float) or int(rate) not in SAMPLE_RATES:
            raise BadRequest("no such sample rate")
        if phrases is not None and not (isinstance(phrases, list) and all(isinstance(one, str) for one in phrases)):
            raise BadRequest("phrase_list is a list of texts")
        self._sample_rate, self._phrases, self._vosk = int(rate), phrases, None

    def _made(self) -> Any:
        """Vosk's recogniser, made at the first sound, when the configuration is known."""
        if self._vosk is None:
            more = (json.dumps(self._phrases, ensure_ascii=False),) if self._phrases else ()
            self._vosk = vosk.KaldiRecognizer(self._model, float(self._sample_rate), *more)
        return self._vosk
