import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from knowledge.wording import say
from voice.audio import seconds_of, tone, wav_bytes, write_wav
from voice.speakable import sentences
from voice.speech import SpeechUnavailable, Voice
from voice.tts.cache import Memory, sentence_key
from voice.tts.client import SpokenVoice
from voice.tts.server import serve_tts

FIXED, OTHER = "您要办什么事？", "给赵秀英约助浴，对吗？"
SHIPPED = "您稍等。"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def _serving(port: int) -> AsyncIterator[None]:
    server = asyncio.create_task(serve_tts("127.0.0.1", port))
    try:
        async with httpx.AsyncClient() as client, asyncio.timeout(60):
            while True:
                with suppress(httpx.HTTPError):
                    await client.get(f"http://127.0.0.1:{port}/health")
                    break
                await asyncio.sleep(0.02)
        yield
    finally:
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)


@pytest.fixture
def port() -> int:
    return _free_port()


@pytest.fixture
async def make(tmp_path: Path, port: int) -> AsyncIterator[Callable[[], SpokenVoice]]:
    made: list[SpokenVoice] = []

    def one() -> SpokenVoice:
        made.append(SpokenVoice(f"http://127.0.0.1:{port}", tmp_path / "speech", tmp_path / "prompts"))
        return made[-1]

    yield one
    for voice in made:
        await voice.close()


Make = Callable[[], SpokenVoice]


async def test_it_speaks_what_the_server_makes(make: Make, port: int) -> None:
    voice: Voice = make()
    async with _serving(port):
        said = await voice.speak(OTHER)
        assert 1.5 < seconds_of(said) < 6
        assert await voice.speak(OTHER) is said
        assert len(await voice.speak(OTHER, 0.7)) > 1.2 * len(said)
        assert await voice.speak("👍") == b""


async def test_without_a_server_fixed_sentences_are_said_and_others_are_not(make: Make, tmp_path: Path) -> None:
    voice = make()
    with pytest.raises(SpeechUnavailable):
        await voice.speak(OTHER)
    assert seconds_of(await voice.speak(SHIPPED)) > 0.5
    assert await voice.speak(SHIPPED, 0.8) == await voice.speak(SHIPPED)  # slower can't be had now


async def test_fixed_sentences_are_kept_on_disk_and_what_names_people_never(
    make: Make, port: int, tmp_path: Path
) -> None:
    async with _serving(port):
        voice = make()
        await voice.warm([FIXED])
        await voice.speak(FIXED)
        await voice.speak(OTHER)
    kept = [path.name for path in (tmp_path / "speech").rglob("*.s16")]
    assert kept == [f"{sentence_key(FIXED)}-150.s16"]
    after = make()
    assert seconds_of(await after.speak(FIXED)) > 1
    with pytest.raises(SpeechUnavailable):
        await after.speak(OTHER)


async def test_warming_waits_for_the_server_and_passes_over_what_cannot_be_said(make: Make, port: int) -> None:
    voice = make()
    warming = asyncio.create_task(voice.warm([FIXED, "👍", SHIPPED]))
    await asyncio.sleep(0.1)
    assert not warming.done()
    async with _serving(port):
        await asyncio.wait_for(warming, 60)


async def test_a_server_that_came_back_is_used_again(make: Make, port: int) -> None:
    voice = make()
    async with _serving(port):
        await voice.speak(OTHER)
    with pytest.raises(SpeechUnavailable):
        await voice.speak("给李建国约助餐，对吗？")
    async with _serving(port):
        assert await voice.speak("给李建国约助餐，对吗？")


async def test_a_server_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.tts.client.LIMIT_SECONDS", 0.3)
    never = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):
            await never.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    voice = SpokenVoice(f"http://127.0.0.1:{port}", tmp_path / "speech", tmp_path / "prompts")
    with pytest.raises(SpeechUnavailable):
        await voice.speak(OTHER)
    assert await voice.speak(SHIPPED)
    never.set()
    await voice.close()
    server.close()


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, content=b"no sound"), httpx.Response(500), httpx.Response(200, content=b"")]
)
async def test_an_answer_that_is_no_sound_is_a_failure(tmp_path: Path, answer: httpx.Response) -> None:
    voice = SpokenVoice("http://tts", tmp_path / "speech", tmp_path / "prompts")
    voice._client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer), base_url="http://tts")
    with pytest.raises(SpeechUnavailable):
        await voice.speak(OTHER)
    await voice.close()


async def test_one_failed_try_is_not_heard(tmp_path: Path) -> None:
    answers = [httpx.Response(503), httpx.Response(200, content=wav_bytes(tone(200, 1)))]
    voice = SpokenVoice("http://tts", tmp_path / "speech", tmp_path / "prompts")
    voice._client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answers.pop(0)), base_url="http://tts")
    assert seconds_of(await voice.speak(OTHER)) == 1
    await voice.close()


async def test_twenty_callers_who_need_one_sentence_have_it_made_once(tmp_path: Path) -> None:
    asked: list[httpx.Request] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        await asyncio.sleep(0.02)
        return httpx.Response(200, content=wav_bytes(tone(200, 1)))

    voice = SpokenVoice("http://tts", tmp_path / "speech", tmp_path / "prompts")
    voice._client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://tts")
    first = asyncio.create_task(voice.speak(OTHER))
    rest: list[Awaitable[bytes]] = [voice.speak(OTHER) for _ in range(19)]
    await asyncio.sleep(0)
    first.cancel()  # who hangs up takes nothing from the others
    sounds = await asyncio.gather(*rest)
    assert len(asked) == 1 and all(seconds_of(pcm) == 1 for pcm in sounds)
    await voice.close()


async def test_a_human_recording_wins_and_is_slowed_with_the_rest(make: Make, tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    recording = tone(300, 2)
    for text in (FIXED, SHIPPED):
        write_wav(tmp_path / "prompts" / f"{sentence_key(text)}.wav", recording)
    voice = make()
    assert await voice.speak(FIXED) == recording
    assert seconds_of(await voice.speak(FIXED, 0.8)) == pytest.approx(2.5, abs=0.05)
    assert voice.recorded("one_moment") == recording


async def test_a_broken_human_recording_is_passed_over(make: Make, tmp_path: Path, port: int) -> None:
    (tmp_path / "prompts").mkdir()
    for text in (FIXED, SHIPPED):
        (tmp_path / "prompts" / f"{sentence_key(text)}.wav").write_bytes(b"RIFF")
    voice = make()
    assert voice.recorded("one_moment")
    async with _serving(port):
        assert seconds_of(await voice.speak(FIXED)) > 1


async def test_recorded_is_all_of_a_text(make: Make) -> None:
    voice = make()
    whole = seconds_of(voice.recorded("opening_phone"))
    parts = [seconds_of(await voice.speak(sentence)) for sentence in sentences(say("opening_phone"))]
    assert whole == pytest.approx(sum(parts)) and len(parts) == 4
    with pytest.raises(KeyError):
        voice.recorded("person_nobody_ready")  # it has a {fact}


def test_the_line_does_not_load_the_engine() -> None:
    """espeak-ng is GPL-3.0: it stays in the process of `warmline run tts`."""
    code = "import sys, bootstrap.line; print([n for n in ('pyttsx3', 'espeakng_loader') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "[]\n"


def test_memory_forgets_what_was_not_used_longest() -> None:
    memory = Memory(most_bytes=10)
    for key in "abc":
        memory.put(key, b"1234")
        memory.get("a")
    assert memory.get("b") is None and memory.get("a") and memory.get("c")
