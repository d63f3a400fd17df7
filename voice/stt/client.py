"""The line's ears: one websocket to the recognition server for each call. Everything here runs on the audio loop."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from voice.legs import FRAME_BYTES, SAMPLE_RATE
from voice.speech import Heard
from voice.stt.track import Track

log = logging.getLogger(__name__)
protocol_log = logging.getLogger("voice.stt.websockets")
protocol_log.setLevel(logging.WARNING)  # below that it holds what was said

OPEN_SECONDS = 2.0
HUNG_SECONDS, LOOK_SECONDS = 1.5, 0.25
"""A server that owes an answer and gives none for so long is taken for dead; looked at so often."""
CLOSE_SECONDS = 0.2
WAITS_SECONDS = (0.0, 0.1, 0.2, 0.5, 1.0)
"""Between attempts to connect; the last one from then on."""
STEADY_SECONDS = 2.0
"""A connection that held for so long was a good one: the next attempt is made at once."""

CONFIG = json.dumps({"config": {"sample_rate": SAMPLE_RATE, "words": False, "max_alternatives": 0}})
RESET, EOF = '{"reset" : 1}', '{"eof" : 1}'
"""The stock server compares letter by letter, spaces too; it knows EOF only, and closes after it."""


class ServerHung(Exception):
    """The recognition server does not answer."""


@dataclass
class _Server:
    """What was learned about the server, shared by all calls."""

    resets: bool = True
    """It can give a final text without closing. Ours can, the stock one cannot."""


class VoskEars:
    """Recognition by a server of the vosk-server protocol at `stt_url`."""

    def __init__(self, stt_url: str) -> None:
        self._url = stt_url
        self._server = _Server()

    def listen(self) -> VoskListening:
        return VoskListening(self._url, self._server)


class VoskListening:
    """Recognition of one call."""

    def __init__(self, url: str, server: _Server) -> None:
        self._url, self._server = url, server
        self._track = Track()
        self._more = asyncio.Event()
        self._working = True
        self._answered_at = 0.0
        self._closing = False  # we asked the server to close
        self._task = asyncio.create_task(self._stay_connected())

    def feed(self, pcm: bytes) -> None:
        self._track.add(pcm)
        self._more.set()

    @property
    def partial(self) -> str:
        return self._track.turn.text

    @property
    def working(self) -> bool:
        """True until the first failure as well: connecting takes some milliseconds."""
        return self._working

    async def finish(self, limit_seconds: float = 1.0) -> Heard:
        turn = self._track.end_turn()
        self._more.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_seconds):
                await turn.done.wait()
        turn.over = True
        return Heard(turn.text, turn.complete and turn.done.is_set())

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        if self._track.dropped:
            log.warning("%d pieces of sound were not recognised: too much was waiting", self._track.dropped)

    async def _stay_connected(self) -> None:
        attempt, asked_for, loop = 0, False, asyncio.get_running_loop()
        while True:
            begun = loop.time()
            try:
                async with self._connection() as connection:
                    await self._follow(connection)
            except Exception as error:  # whatever it is, the call goes on and the next attempt comes
                asked_for = self._lost(error)
            attempt = 0 if asked_for or loop.time() - begun > STEADY_SECONDS else attempt + 1
            await asyncio.sleep(WAITS_SECONDS[min(attempt, len(WAITS_SECONDS) - 1)])

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[ClientConnection]:
        """A connection whose recogniser has answered: that a port is open does not say that anybody works there."""
        async with connect(
            self._url, open_timeout=OPEN_SECONDS, close_timeout=CLOSE_SECONDS, ping_interval=None, compression=None,
            proxy=None,
            logger=protocol_log,
        ) as connection:  # fmt: skip
            await connection.send(CONFIG)
            await connection.send(bytes(FRAME_BYTES))
            async with asyncio.timeout(OPEN_SECONDS):
                json.loads(await connection.recv())
            if not self._working:
                log.info("recognition is back")
            self._working, self._closing = True, False
            self._answered_at = asyncio.get_running_loop().time()
            yield connection

    async def _follow(self, connection: ClientConnection) -> None:
        sending = asyncio.create_task(self._send(connection))
        try:
            await self._receive(connection)
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError, ConnectionClosed):
                await sending

    async def _send(self, connection: ClientConnection) -> None:
        loop = asyncio.get_running_loop()
        while not self._closing:
            self._more.clear()
            if self._track.oldest is None:
                self._answered_at = loop.time()  # nothing is owed: waiting begins with the next piece
            piece = self._track.next()
            if piece is None:
                await self._more.wait()
            elif piece.is_end:
                self._closing = not self._server.resets
                await connection.send(RESET if self._server.resets else EOF)
            else:
                await connection.send(piece.sound)

    async def _receive(self, connection: ClientConnection) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    message = await connection.recv()
            except TimeoutError:
                if self._track.oldest is not None and loop.time() - self._answered_at > HUNG_SECONDS:
                    raise ServerHung from None
                continue
            self._answered_at = loop.time()
            self._track.answer(json.loads(message))

    def _lost(self, error: Exception) -> bool:
        """The connection has ended; whether we asked for that."""
        asked_for, self._closing = self._closing, False
        oldest = self._track.oldest
        if oldest is not None and oldest.is_end and _broke_down(error):
            self._server.resets = False
        self._track.lost()
        if self._working and not asked_for:
            log.warning("recognition is away: %s", type(error).__name__)
        self._working = self._working and asked_for
        return asked_for


def _broke_down(error: Exception) -> bool:
    """The server closed because of an error of its own, as the stock one does at a command it does not know."""
    return (
        isinstance(error, ConnectionClosed) and error.rcvd is not None and error.rcvd.code == CloseCode.INTERNAL_ERROR
    )
