"""The line's voice: what was said before, human recordings, then the synthesis server; fixed sentences never fail."""

import asyncio
import hashlib
import logging
import wave
from collections.abc import Iterable
from pathlib import Path

import httpx

from knowledge.wording import say
from voice.audio import read_wav
from voice.speakable import sentences, speakable
from voice.speech import SpeechUnavailable
from voice.tts.cache import Disk, Memory, engine_mark, sentence_key
from voice.tts.recordings import shipped
from voice.tts.stretch import stretched

logger = logging.getLogger(__name__)

LIMIT_SECONDS = 2.0
"""For one sentence from the server, with one more try."""
LIMIT_WITH_RECORDING_SECONDS = 0.6
"""The same where a shipped recording can take its place."""
TRY_SECONDS = 1.2
AGAIN_AFTER_SECONDS = 0.1
SLOWEST, QUICKEST = 80, 450
"""Words a minute that the engine can speak."""
WAIT_FOR_SERVER_SECONDS = 1.0


class SpokenVoice:
    """A `Voice`. Made anywhere, used on one event loop; files are read in threads."""

    def __init__(self, tts_url: str, cache_dir: Path, prompts_dir: Path, base_rate: int = 150) -> None:
        """`prompts_dir` holds human recordings, one WAV per sentence; they are looked up here, once.

        Raises OSError when the shipped recordings are missing: then the line must not start.
        """
        self._base_rate = base_rate
        self._shipped = shipped()
        self._human = {path.stem: path for path in prompts_dir.glob("*.wav")}
        for key in self._human.keys() & self._shipped.keys():
            self._shipped[key] = self._from_human(key) or self._shipped[key]
        self._memory = Memory()
        self._disk = Disk(cache_dir, hashlib.sha256(f"{engine_mark()} {tts_url}".encode()).hexdigest()[:12])
        self._disk.open()
        self._fixed: set[str] = set()
        self._making: dict[str, asyncio.Task[bytes]] = {}
        self._recorded: dict[str, bytes] = {}
        self._client = httpx.AsyncClient(base_url=tts_url, timeout=TRY_SECONDS, trust_env=False)

    async def speak(self, text: str, pace: float = 1.0) -> bytes:
        """See `Voice.speak`; empty for a text with nothing to say. Several that ask for one sentence share the work."""
        if not speakable(text):
            return b""
        name = f"{sentence_key(text)}-{self._rate(pace)}"
        if (pcm := self._memory.get(name)) is not None:
            return pcm
        if (task := self._making.get(name)) is None:
            task = self._making[name] = asyncio.create_task(self._make(name, text, pace))
            task.add_done_callback(lambda done: self._made(name, done))
        return await asyncio.shield(task)

    def recorded(self, key: str) -> bytes:
        """See `Voice.recorded`. KeyError for wording that is not shipped: it has {facts} or is never said."""
        if key not in self._recorded:
            found = [sentence_key(sentence) for sentence in sentences(say(key))]
            self._recorded[key] = b"".join(self._shipped[one] for one in found)
        return self._recorded[key]

    async def warm(self, fixed: Iterable[str]) -> None:
        """Speak the fixed sentences once, the most important first, so that they are at hand; waits for the server.

        Only these are kept on disk.
        """
        texts = list(fixed)
        self._fixed.update(sentence_key(text) for text in texts)
        for text in texts:
            while not await self._at_hand(text):  # noqa: ASYNC110 (nobody can tell us when the server is back)
                await asyncio.sleep(WAIT_FOR_SERVER_SECONDS)
        logger.info("speech: %d fixed sentences at hand", len(texts))

    async def close(self) -> None:
        """Let go of the connections."""
        for task in list(self._making.values()):
            task.cancel()
        await self._client.aclose()

    def _rate(self, pace: float) -> int:
        return min(QUICKEST, max(SLOWEST, round(self._base_rate * pace)))

    def _made(self, name: str, done: asyncio.Task[bytes]) -> None:
        self._making.pop(name, None)
        if not done.cancelled():
            done.exception()  # even when nobody waits for it any more

    async def _at_hand(self, text: str) -> bool:
        key = sentence_key(text)
        name = f"{key}-{self._rate(1.0)}"
        kept = await asyncio.to_thread(self._disk.get, name)
        if kept or key in self._human:
            return True
        try:
            await self._from_server(name, text, 1.0, LIMIT_SECONDS)
        except SpeechUnavailable as error:
            return isinstance(error.__cause__, httpx.HTTPStatusError)  # it is there, and can't say this one
        return True

    async def _make(self, name: str, text: str, pace: float) -> bytes:
        key = sentence_key(text)
        if pcm := await asyncio.to_thread(self._from_files, name, key, pace):
            self._memory.put(name, pcm)
            return pcm
        try:
            limit = LIMIT_WITH_RECORDING_SECONDS if key in self._shipped else LIMIT_SECONDS
            pcm = await self._from_server(name, text, pace, limit)
        except SpeechUnavailable:
            if key not in self._shipped:
                raise
            return self._shipped[key]
        self._memory.put(name, pcm)
        return pcm

    def _from_files(self, name: str, key: str, pace: float) -> bytes | None:
        """A human recording, at the pace that is wanted, or what was synthesised before."""
        human = self._from_human(key) if key in self._human else None
        return stretched(human, pace) if human else self._disk.get(name)

    def _from_human(self, key: str) -> bytes | None:
        try:
            return read_wav(self._human[key])
        except (OSError, ValueError, EOFError, wave.Error):
            logger.error("speech: human recording %s cannot be read", key)
            return None

    async def _from_server(self, name: str, text: str, pace: float, limit_seconds: float) -> bytes:
        try:
            async with asyncio.timeout(limit_seconds):
                pcm = await self._asked_twice({"text": speakable(text), "rate": self._rate(pace)})
        except (httpx.HTTPError, TimeoutError, ValueError, EOFError, wave.Error) as error:
            raise SpeechUnavailable(type(error).__name__) from error
        if sentence_key(text) in self._fixed:
            await asyncio.to_thread(self._disk.put, name, pcm)
        return pcm

    async def _asked_twice(self, wanted: dict[str, str | int]) -> bytes:
        try:
            return await self._asked(wanted)
        except httpx.HTTPError:
            await asyncio.sleep(AGAIN_AFTER_SECONDS)
            return await self._asked(wanted)

    async def _asked(self, wanted: dict[str, str | int]) -> bytes:
        response = await self._client.post("/speech", json=wanted)
        return read_wav(response.raise_for_status().content)
