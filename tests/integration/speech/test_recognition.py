"""Spoken sentences over G.711 through the real client, the real server process and real Vosk with the test model."""

import asyncio
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from tests.integration.speech.recognition_server import (
    PATIENCE_SECONDS,
    RecognitionProcess,
    patient,
    recognition,
    server_that,
    stock_server,
)
from tests.unit.voice.stt.sounds import frames, line, say, silence
from voice.speech import Heard, Listening
from voice.stt.client import VoskEars, VoskListening

SENTENCES = """
明天上午九点可以吗
我要找人工
我摔倒了起不来
我头疼得厉害
我想改一下时间
请你再说一遍
老人八十六岁，一个人住
我要投诉送餐
星期五下午两点
我的电话是幺三九零零一二三四五六
对，是我
高龄补贴怎么领
我想问一下养老院
谢谢你，再见
我们家没有电了
请给我回个电话
助医服务怎么预约
打扫卫生多少钱
我叫王桂英，今年八十二岁
我要订两份午餐
""".split()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RecognitionProcess]:
    with recognition(tmp_path / "output.txt") as running:
        yield running


def spoken(text: str) -> bytes:
    """As the line hears it, with the silence after which a turn ends."""
    return line(silence(0.3) + say(text) + silence(1.2))


async def feed(listening: Listening, pcm: bytes, pause: float = 0.0) -> None:
    for frame in frames(pcm):
        listening.feed(frame)
        await asyncio.sleep(pause)


def words(heard: Heard | str) -> str:
    """Without spaces; the two ways of saying 1 are one, because the recogniser takes either for a long number."""
    return (heard if isinstance(heard, str) else heard.text).replace(" ", "").replace("幺", "一")


def plain(text: str) -> str:
    return text.replace("，", "").replace("幺", "一")


async def test_twenty_sentences_one_after_the_other_in_one_call(server: RecognitionProcess) -> None:
    listening = VoskEars(server.url).listen()
    for text in SENTENCES:
        await feed(listening, spoken(text))
        heard = await listening.finish(PATIENCE_SECONDS)
        assert (words(heard), heard.complete) == (plain(text), True)
        assert listening.partial == ""
    await listening.close()


async def test_five_calls_at_once_keep_their_words_apart(server: RecognitionProcess) -> None:
    ears = VoskEars(server.url)

    async def call(texts: list[str]) -> list[str]:
        listening, heard = ears.listen(), []
        for text in texts:
            await feed(listening, spoken(text), pause=0.001)
            heard.append(words(await listening.finish(PATIENCE_SECONDS)))
        await listening.close()
        return heard

    parts = [SENTENCES[number::5] for number in range(5)]
    assert await asyncio.gather(*map(call, parts)) == [[plain(text) for text in part] for part in parts]


async def test_words_show_while_the_caller_still_speaks(server: RecognitionProcess) -> None:
    listening = VoskEars(server.url).listen()
    await feed(listening, line(say("我摔倒了起不来") + silence(0.2)))
    await patient(lambda: "我摔倒" in words(listening.partial))
    assert listening.working
    await listening.close()


async def test_a_turn_without_a_final_of_vosks_own_is_whole_too(server: RecognitionProcess) -> None:
    """Half a second after danger the turn ends, before Vosk would end the utterance; and the next turn begins clean."""
    listening = VoskEars(server.url).listen()
    for text in ("我摔倒了起不来", "我要找人工"):
        await feed(listening, line(silence(0.2) + say(text) + silence(0.3)))
        heard = await listening.finish(PATIENCE_SECONDS)
        assert (words(heard), heard.complete) == (text, True)
    await listening.close()


async def test_a_turn_joins_all_finals(server: RecognitionProcess) -> None:
    listening = VoskEars(server.url).listen()
    await feed(listening, spoken("我要找人工") + spoken("我摔倒了起不来"))
    assert words(await listening.finish(PATIENCE_SECONDS)) == "我要找人工我摔倒了起不来"
    await listening.close()


async def test_silence_is_no_words(server: RecognitionProcess) -> None:
    listening = VoskEars(server.url).listen()
    await feed(listening, line(silence(12)))
    assert await listening.finish(PATIENCE_SECONDS) == Heard("", True)
    await listening.close()


async def test_a_server_killed_in_mid_sentence_and_restarted_loses_no_words(server: RecognitionProcess) -> None:
    listening = VoskEars(server.url).listen()
    sound = spoken("老人八十六岁，一个人住")
    await feed(listening, sound[: len(sound) // 2 // 320 * 320])
    await patient(lambda: bool(listening.partial))
    server.kill()
    await patient(lambda: not listening.working)
    await feed(listening, sound[len(sound) // 2 // 320 * 320 :])
    server.start()
    heard = await listening.finish(PATIENCE_SECONDS)
    assert (words(heard), heard.complete) == ("老人八十六岁一个人住", True)
    assert listening.working
    await listening.close()


async def test_a_turn_that_ends_while_the_server_is_away_is_incomplete_and_the_next_one_is_not(
    server: RecognitionProcess,
) -> None:
    listening = VoskEars(server.url).listen()
    await feed(listening, line(silence(0.3) + say("我想改一下时间")))
    await patient(lambda: "我想" in words(listening.partial))
    server.kill()
    heard = await listening.finish(0.2)
    assert "我想" in words(heard) and not heard.complete
    server.start()
    await feed(listening, spoken("我要找人工"))
    heard = await listening.finish(PATIENCE_SECONDS)
    assert (words(heard), heard.complete) == ("我要找人工", True)
    await listening.close()


async def test_a_server_that_hangs_is_noticed_while_sound_comes(server: RecognitionProcess) -> None:
    listening = VoskEars(server.url).listen()
    await feed(listening, spoken("我要找人工"))
    await listening.finish(PATIENCE_SECONDS)
    server.signal(signal.SIGSTOP)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while listening.working:
            await feed(listening, silence(0.02), pause=0.02)
    server.signal(signal.SIGCONT)
    await patient(lambda: listening.working)
    await feed(listening, spoken("我摔倒了起不来"))
    assert "我摔倒了起不来" in words(await listening.finish(PATIENCE_SECONDS))
    await listening.close()


async def test_without_a_server_nothing_waits_and_nothing_fails() -> None:
    listening = VoskEars("ws://127.0.0.1:9").listen()
    await patient(lambda: not listening.working)
    await feed(listening, silence(30))
    assert await listening.finish(0.1) == Heard("", False)
    assert listening.partial == ""
    await listening.close()


async def test_a_server_that_opens_but_never_answers_does_not_count_as_working() -> None:
    async with server_that(lambda _: None) as url:
        listening = VoskEars(url).listen()
        await patient(lambda: not listening.working)
        await listening.close()


async def test_nonsense_of_a_server_is_a_loss_of_it() -> None:
    async with server_that(lambda count: '{"partial": ""}' if count == 0 else "nonsense") as url:
        listening = VoskEars(url).listen()
        await feed(listening, silence(1))
        await patient(lambda: not listening.working)
        assert await listening.finish(0.1) == Heard("", False)
        await listening.close()


async def test_the_stock_vosk_server_will_do(caplog: pytest.LogCaptureFixture) -> None:
    """It knows no reset: found out once, then each turn ends with eof and a new connection, and no word is lost."""
    async with stock_server() as url:
        ears = VoskEars(url)
        for text in ("我摔倒了起不来", "我要找人工", "星期五下午两点"):
            listening = ears.listen()
            for _ in range(2):
                await feed(listening, line(silence(0.2) + say(text) + silence(0.3)))
                heard = await listening.finish(PATIENCE_SECONDS)
                assert (words(heard), heard.complete) == (text, True)
            await listening.close()
    assert caplog.text.count("recognition is away") == 1


async def test_closing_in_mid_sentence_leaves_no_task(server: RecognitionProcess) -> None:
    before = asyncio.all_tasks()
    for _ in range(5):
        listening = VoskEars(server.url).listen()
        assert isinstance(listening, VoskListening)
        await feed(listening, line(say("我想改一下时间")))
        await listening.close()
    assert asyncio.all_tasks() == before


# --- the server itself ---------------------------------------------------------------------------------


async def ask(server: RecognitionProcess, *messages: str | bytes) -> list[str]:
    """What a client that knows the protocol only gets as answers."""
    async with connect(server.url, proxy=None) as connection:
        for message in messages:
            await connection.send(message)
        return [str(message) async for message in connection]


async def test_any_client_of_the_protocol_is_answered_and_eof_closes(server: RecognitionProcess) -> None:
    sound = spoken("我要找人工")
    pieces = [sound[at : at + 8000] for at in range(0, len(sound), 8000)]
    answers = await ask(server, '{"config": {"sample_rate": 8000}}', *pieces, '{"eof" : 1}')
    assert len(answers) == len(pieces) + 1
    assert "我要找人工" in words("".join(json.loads(answer).get("text", "") for answer in answers))


async def test_a_phrase_list_narrows_what_can_be_heard(server: RecognitionProcess) -> None:
    config = json.dumps({"config": {"sample_rate": 8000, "phrase_list": ["对", "不 对", "[unk]"]}})
    answers = await ask(server, config, spoken("我要找人工"), '{"eof":1}')
    assert "人工" not in "".join(answers)


@pytest.mark.parametrize(
    "message",
    [
        "no json",
        '{"what": 1}',
        "[]",
        '{"config": {"sample_rate": 0}}',
        '{"config": {"sample_rate": "x"}}',
        '{"config": {"phrase_list": "x"}}',
        b"123",
    ],
)
async def test_what_would_end_vosk_closes_one_connection_only(server: RecognitionProcess, message: str | bytes) -> None:
    with pytest.raises(ConnectionClosedError) as closed:
        await ask(server, message, bytes(320), '{"eof":1}')
    assert closed.value.rcvd and closed.value.rcvd.code == 1007
    assert await ask(server, bytes(320), '{"eof":1}')


async def test_nothing_that_was_said_is_in_the_log(server: RecognitionProcess) -> None:
    listening = VoskEars(server.url).listen()
    await feed(listening, spoken("我要找人工"))
    assert words(await listening.finish(PATIENCE_SECONDS)) == "我要找人工"
    await listening.close()
    await patient(lambda: "heard" in server.output.read_text())
    assert "人工" not in server.output.read_text() and "人 工" not in server.output.read_text()


async def test_health(server: RecognitionProcess) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"http://127.0.0.1:{server.port}/health")).status_code == 200
