"""The recognition server in a process of its own, and servers that are like the stock one or worse, for the tests."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import vosk
from websockets.asyncio.server import ServerConnection, serve

from bootstrap.own_stack import free_port

ROOT = Path(__file__).parents[3]
MODEL = ROOT / "demo" / "speech-model"
PATIENCE_SECONDS = 60.0

_CODE = """
import asyncio, logging, sys
from pathlib import Path
from voice.stt.server import serve_stt
logging.basicConfig(level=logging.INFO)
asyncio.run(serve_stt("127.0.0.1", int(sys.argv[1]), Path(sys.argv[2])))
"""


class RecognitionProcess:
    """Our server, as `warmline run stt` runs it."""

    def __init__(self, output: Path) -> None:
        self.port, self.output = free_port(), output
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.output.open("ab") as file:
            command = [sys.executable, "-c", _CODE, str(self.port), str(MODEL)]
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file)

    def wait_until_ready(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/health", trust_env=False).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise TimeoutError(self.output.read_text())

    def signal(self, which: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(which)

    def kill(self) -> None:
        """As the kernel does it when memory runs out."""
        self.signal(signal.SIGKILL)
        assert self._process
        self._process.wait()

    @property
    def cpu_seconds(self) -> float:
        assert self._process
        times = psutil.Process(self._process.pid).cpu_times()
        return float(times.user + times.system)


@contextmanager
def recognition(output: Path) -> Iterator[RecognitionProcess]:
    server = RecognitionProcess(output)
    server.start()
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.signal(signal.SIGCONT)
        server.kill()


@asynccontextmanager
async def stock_server() -> AsyncIterator[str]:
    """Behaves as alphacep's asr_server.py: knows config and eof (letter by letter), fails at any other text."""
    model, loop = vosk.Model(str(MODEL)), asyncio.get_running_loop()

    async def follow(connection: ServerConnection) -> None:
        recogniser: Any = None
        async for message in connection:
            if isinstance(message, str) and "config" in message:
                rate = json.loads(message)["config"]["sample_rate"]
                recogniser = vosk.KaldiRecognizer(model, float(rate))
            elif message == '{"eof" : 1}':
                await connection.send(recogniser.FinalResult())
                return
            else:
                final = await loop.run_in_executor(None, recogniser.AcceptWaveform, message)
                await connection.send(recogniser.Result() if final else recogniser.PartialResult())

    async with serve(follow, "127.0.0.1", port := free_port()):
        yield f"ws://127.0.0.1:{port}"


@asynccontextmanager
async def server_that(answers: Callable[[int], str | None]) -> AsyncIterator[str]:
    """Answers the n-th message of a connection (the configuration is not counted) with that, or not at all."""

    async def follow(connection: ServerConnection) -> None:
        await connection.recv()
        count = 0
        async for _ in connection:
            if (answer := answers(count)) is not None:
                await connection.send(answer)
            count += 1

    async with serve(follow, "127.0.0.1", port := free_port()):
        yield f"ws://127.0.0.1:{port}"


async def patient(true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():  # noqa: ASYNC110 - what it waits for knows no events
            await asyncio.sleep(0.02)
