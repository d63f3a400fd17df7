"""A whole call on fakes, in virtual time: what the caller says, presses and hears."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from hotline.sessions import Channel, Reply, Trace, Utterance
from knowledge.wording import say
from voice.call import Call
from voice.desk import CallState
from voice.events import CallEvent
from voice.fakes import SOUND, FakeDesk, FakeEars, FakeLeg, FakeVoice
from voice.timing import CallTiming
from voice.virtual_time import in_virtual_time

MOST_SILENCE = 3.0
OPENING_LAST = "您要办什么事？"
URGENT = CallState("ses_1", urgent=True)


@dataclass
class Phone:
    """One call that goes on, and all that belongs to it."""

    leg: FakeLeg
    desk: FakeDesk
    voice: FakeVoice
    ears: FakeEars
    events: list[CallEvent] = field(default_factory=list)
    call: Call | None = None
    task: asyncio.Task[None] | None = None

    async def opening(self) -> None:
        await self.leg.hears(OPENING_LAST)

    async def over(self) -> None:
        assert self.task is not None
        await asyncio.wait_for(self.task, 120)

    @property
    def said(self) -> list[str]:
        """What reached the desk: words, keys, silences."""
        return [u.text or u.keys or ("unheard" if u.unheard else "silence") for u in self.desk.asked]

    async def reached_desk(self, count: int = 1, limit: float = 60) -> None:
        async with asyncio.timeout(limit):
            while len(self.desk.asked) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@asynccontextmanager
async def phone(
    answer: Any = None, timing: CallTiming | None = None, opening: bool = True, **more: Any
) -> AsyncIterator[Phone]:
    """A caller who has rung and been answered; `opening`: and has heard the opening words."""
    first = Utterance(Channel.PHONE, "13800002222", contact="leg")
    one = Phone(FakeLeg(), FakeDesk(answer), FakeVoice(), FakeEars())
    for name, value in more.items():
        part, _, attribute = name.partition("_")
        setattr(getattr(one, part), attribute, value)
    timing = timing or CallTiming()
    one.call = Call(one.leg, first, one.desk, one.voice, one.ears, timing, on_event=one.events.append)
    one.task = asyncio.create_task(one.call.run())
    try:
        if opening:
            await one.opening()
        yield one
    finally:
        one.leg.hangs_up()
        await one.over()


def replies(*answers: Reply | str) -> Any:
    """Answers one after the other; the last one again and again."""
    left = [Reply(a) if isinstance(a, str) else a for a in answers]

    async def answer(_utterance: Utterance) -> Reply:
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


FALL = Reply(
    "我正在叫值班人员。先别急着起来。有别的电话，或者邻居在，请现在就打120，全国都通。",
    response="emergency_fall", interruptible=False, trace=Trace(path="emergency", kind="fall", tier="certain"),
)  # fmt: skip
COMPANY = Reply(
    "疼得厉害，就别挪动。您现在在哪儿？", response="keep_company", interruptible=False, trace=Trace(path="company")
)


# --- the opening -----------------------------------------------------------------------------------------


@in_virtual_time
async def test_the_opening_sounds_at_once_even_when_the_database_hangs() -> None:
    async with phone(opening=False, desk_hangs=True) as one:
        await one.opening()
        assert one.leg.spoken[0].start - one.leg.answered_at < 0.1
        assert one.leg.texts == [say("opening_phone")]
        for promised in ("自动", "记成文字", "人工", "按零"):
            assert promised in one.leg.texts[0]
        assert one.leg.texts[0].count("？") == 1
        one.desk.hangs = False


@in_virtual_time
async def test_bare_words_for_a_person_over_the_opening_reach_one() -> None:
    async with phone(replies("好，我正在找值班人员。"), opening=False) as one:
        await one.leg.begins("您好")
        await asyncio.sleep(1)
        await one.leg.says("人工")
        await one.leg.hears("值班人员。")
        assert one.said == ["人 工"] or one.said == ["人工"]
        assert not one.leg.spoken[0].whole


# --- turns -----------------------------------------------------------------------------------------------


@in_virtual_time
async def test_a_pause_shorter_than_the_end_of_turn_stays_one_turn() -> None:
    async with phone() as one:
        await one.leg.says("我想给我妈")
        await asyncio.sleep(0.9)
        await one.leg.says("约个助浴")
        await one.reached_desk()
        await asyncio.sleep(3)
        assert one.said == ["我想给我妈 约个助浴"]


@in_virtual_time
async def test_certain_danger_ends_the_turn_after_a_short_pause() -> None:
    async with phone(replies(FALL), timing=CallTiming(end_of_turn=3.0)) as one:
        await one.leg.says("我摔倒了起不来")
        at = asyncio.get_running_loop().time()
        await one.reached_desk()
        assert asyncio.get_running_loop().time() - at < 1.5


@in_virtual_time
async def test_two_utterances_have_two_ids_and_each_is_handed_over_once() -> None:
    async with phone() as one:
        await one.leg.says("你好啊")
        await one.leg.hears("听到你好啊")
        await one.leg.says("你好啊")
        await one.reached_desk(2)
        assert len({u.utterance_id for u in one.desk.asked}) == 2


# --- keys ------------------------------------------------------------------------------------------------


@in_virtual_time
async def test_key_0_at_the_opening_stops_it_and_acts() -> None:
    async with phone(replies("好，我正在找值班人员。"), opening=False) as one:
        await one.leg.begins("您好")
        one.leg.press("0")
        await one.leg.hears("正在找")
        assert one.said == ["0"]
        assert not one.leg.spoken[0].whole


@in_virtual_time
async def test_a_key_in_mid_sentence_acts_and_danger_in_the_sentence_is_heard_too() -> None:
    async with phone() as one:
        saying = asyncio.create_task(one.leg.says("我摔倒了起不来了啊啊啊"))
        await asyncio.sleep(1.8)
        one.leg.press("0")
        await one.reached_desk(2)
        assert one.said[0].startswith("我摔倒了起不来")
        assert one.said[1] == "0"
        await saying


@in_virtual_time
async def test_key_0_in_a_safety_sentence_acts_and_the_sentence_is_said_to_its_end() -> None:
    async with phone(replies(FALL, "还没有人接手，我接着叫。")) as one:
        await one.leg.says("我摔倒了起不来")
        await one.leg.begins("先别急着起来")
        one.leg.press("0")
        await one.leg.hears("我接着叫")
        assert one.said[1] == "0"
        assert all(s.whole for s in one.leg.spoken)


@in_virtual_time
async def test_the_digits_of_a_number_are_collected_to_the_gap() -> None:
    asked = Reply("您的电话号码？", asks="phone")
    async with phone(replies(asked)) as one:
        await one.leg.says("你好啊")
        await one.leg.hears("号码")
        for digit in "01083":
            one.leg.press(digit)
            await asyncio.sleep(0.7)
        await one.reached_desk(2)
        assert one.said[1] == "01083"


@in_virtual_time
async def test_a_lone_0_while_a_number_is_asked_reaches_a_person_after_the_gap() -> None:
    async with phone(replies(Reply("您的电话号码？", asks="phone"))) as one:
        await one.leg.says("你好啊")
        await one.leg.begins("号码")
        one.leg.press("0")
        await one.reached_desk(2)
        assert one.said[1] == "0"


@pytest.mark.parametrize(("pressed", "handed_over"), [("13800001111", "13800001111"), ("4455#", "4455"), ("12*", "*")])
def test_a_number_ends_when_complete_or_at_the_hash_and_a_star_asks_again(pressed: str, handed_over: str) -> None:
    @in_virtual_time
    async def run() -> None:
        async with phone(replies(Reply("您的电话号码？", asks="phone"))) as one:
            await one.leg.says("你好啊")
            await one.leg.hears("号码")
            one.leg.press(pressed)
            await one.reached_desk(2, limit=0.5)
            assert one.said[1] == handed_over

    run()


@in_virtual_time
async def test_slower_and_louder_change_what_is_heard_and_stay_so() -> None:
    slow, loud = Reply("好，我说慢一点。", pace=0.8), Reply("好，大声一点。", pace=0.8, gain=1.5)
    async with phone(replies(slow, loud, Reply("知道了。", pace=1.0, gain=1.0))) as one:
        one.leg.press("#")
        await one.leg.hears("慢一点")
        await one.leg.says("大声点")
        await one.leg.hears("大声一点")
        await one.leg.says("好了吧")  # answered without a database: pace and gain unknown there
        last = await one.leg.hears("知道了")
        assert [s.pace for s in one.leg.spoken if "慢" in s.text] == [0.8]
        assert (last.pace, last.gain) == (0.8, 1.5)
        assert last.end - last.start > len(last.text) * 0.2


# --- speaking over us ------------------------------------------------------------------------------------

LONG = Reply("第一句话在这里说。第二句话在这里说。第三句话在这里说。")


@in_virtual_time
async def test_speaking_over_us_stops_us_within_a_frame_and_is_a_turn() -> None:
    async with phone(replies(LONG, "好的。")) as one:
        await one.leg.says("你好啊")
        await one.leg.begins("第二句")
        await one.leg.says("等一下我问你")
        assert not one.leg.heard("第三句")
        await one.leg.hears("好的")
        broken = next(s for s in one.leg.spoken if "第二句" in s.text)
        assert not broken.whole
        assert not one.leg.heard("第三句")


@in_virtual_time
async def test_a_noise_over_us_is_no_turn_and_we_go_on_with_the_sentence() -> None:
    async with phone(replies(LONG)) as one:
        await one.leg.says("你好啊")
        await one.leg.begins("第二句")
        await one.leg.noise(0.6)
        await one.leg.hears("第三句")
        assert one.said == ["你好啊"]
        told = [t for t in one.leg.texts if t.startswith("第")]
        assert told == ["第一句话在这里说。", "第二句话在这里说。—", "第二句话在这里说。", "第三句话在这里说。"]


@in_virtual_time
async def test_a_murmured_yes_into_our_reply_is_no_answer_to_what_was_not_asked_yet() -> None:
    read_back = Reply("我跟您对一下。明天下午三点助浴。对吗？", asks="confirm")
    async with phone(replies(read_back, "约好了。")) as one:
        await one.leg.says("约助浴吧")
        await one.leg.begins("我跟您对一下")
        await one.leg.says("嗯")
        await one.leg.hears("对吗？")
        assert one.said == ["约助浴吧"]
        await one.leg.says("对")
        await one.leg.hears("约好了")


@in_virtual_time
async def test_a_safety_reply_is_said_to_its_end_and_what_was_said_meanwhile_is_one_turn() -> None:
    async with phone(replies(FALL, COMPANY)) as one:
        await one.leg.says("我摔倒了起不来")
        await one.leg.begins("先别急着起来")
        await one.leg.says("我在厨房")
        await asyncio.sleep(1.5)
        await one.leg.says("门锁着呢")
        await one.leg.hears("您现在在哪儿")
        assert one.said == ["我摔倒了起不来", "我在厨房 门锁着呢"]
        assert all(s.whole for s in one.leg.spoken if s.text in FALL.text)
        assert one.leg.heard("全国都通")


@in_virtual_time
async def test_danger_overtakes_an_answer_that_still_is_being_worked_on() -> None:
    gate = asyncio.Event()

    async def answer(utterance: Utterance) -> Reply:
        if "摔" in utterance.text:
            return FALL
        await gate.wait()
        return Reply("", trace=Trace(path="overtaken"))

    async with phone(answer) as one:
        await one.leg.says("我想约助浴")
        await one.reached_desk()
        await one.leg.says("哎呀我摔倒了起不来")
        await one.leg.hears("全国都通")
        gate.set()
        await asyncio.sleep(0.5)
        assert len(one.desk.done) == 2


# --- silence ---------------------------------------------------------------------------------------------


@in_virtual_time
async def test_silence_is_a_turn_each_time_it_lasts() -> None:
    async with phone(
        replies("您还在听吗？", "听不清也不要紧。要找人，按零。", Reply("我正在找值班人员。", then="hand_over"))
    ) as one:
        await one.leg.hears("您还在听吗")
        await one.leg.hears("按零")
        await one.leg.hears("正在找")
        assert one.said == ["silence"] * 3
        assert [u.silence_seconds for u in one.desk.asked] == [7.0] * 3


@in_virtual_time
async def test_in_danger_we_speak_again_after_ten_seconds_of_silence() -> None:
    async with phone(replies(FALL, COMPANY)) as one:
        one.desk.now = URGENT
        await one.leg.says("我摔倒了起不来")
        end = (await one.leg.hears("全国都通")).end
        again = await one.leg.hears("您现在在哪儿")
        assert 10 <= again.end - end < 18
        assert one.desk.asked[1].silence_seconds == 10


@in_virtual_time
async def test_a_mute_phone_that_sends_no_sound_at_all_is_asked_too() -> None:
    async with phone(replies("您还在听吗？"), leg_mute=True) as one:
        await one.leg.hears("您还在听吗")


@in_virtual_time
async def test_nobody_there_at_all_is_let_go_after_minutes() -> None:
    async with phone(replies("您还在听吗？")) as one:
        await one.leg.hears("我先挂了", limit_seconds=600)
        await one.over()
        assert one.leg.hung_up == "local"
        assert one.desk.ended == [True]


@in_virtual_time
async def test_waiting_for_a_person_is_never_dead_air_and_never_asked_whether_one_is_there() -> None:
    async with phone(replies(Reply("好，我正在找值班人员，请您等一下。", then="hand_over"))) as one:
        one.desk.now = CallState("ses_1", waiting_for_person=True)
        await one.leg.says("人工")
        begin = (await one.leg.hears("请您等一下")).end
        await asyncio.sleep(70)
        assert one.leg.longest_gap(begin, begin + 70) < MOST_SILENCE
        assert one.leg.heard(say("person_wait"))
        assert one.leg.heard("也可以先挂断")
        assert len(one.desk.asked) == 1


@in_virtual_time
async def test_a_caller_without_a_number_is_not_told_to_hang_up_and_be_rung() -> None:
    async with phone(replies(Reply("好，我正在找值班人员。", then="hand_over"))) as one:
        assert one.call is not None
        one.call._talk.first = replace(one.call.first, address="unknown")
        one.desk.now = CallState("ses_1", waiting_for_person=True)
        await one.leg.says("人工")
        await asyncio.sleep(80)
        assert not one.leg.heard("也可以先挂断")


@in_virtual_time
async def test_held_by_an_operator_who_writes_the_caller_hears_what_is_true() -> None:
    silent = Reply("", trace=Trace(path="human"))
    async with phone(replies(silent)) as one:
        one.desk.now = CallState("ses_1", held_by="opr_1")
        one.desk.to_tell = ["值班人员已经接手，您听他说。"]
        await one.leg.hears("已经接手", limit_seconds=8)
        await one.leg.says("你们听见了吗")
        await one.leg.hears(say("held_heard"))
        await one.leg.hears(say("held_wait"))
        assert one.said == ["你们听见了吗"]


# --- slowness: never dead air ----------------------------------------------------------------------------


@in_virtual_time
async def test_slow_in_every_part_the_caller_never_waits_for_a_sound_longer_than_three_seconds() -> None:
    answers = replies(LONG, "您哪天要？", FALL, COMPANY, Reply("好的，再见。", then="hang_up"))
    async with phone(answers, desk_slow_seconds=9.0, voice_slow_seconds=3.5, ears_slow_seconds=0.9) as one:
        loop = asyncio.get_running_loop()
        for words, reply in (
            ("约个助浴吧", "第三句"),
            ("明天下午", "您哪天要"),
            ("我摔倒了起不来", "全国都通"),
            ("在厨房里", "您现在在哪儿"),
            ("没事了再见", "再见"),
        ):
            await one.leg.says(words)
            at = loop.time()
            heard = await one.leg.hears(reply)
            assert one.leg.longest_gap(at, heard.end) < MOST_SILENCE, words
        await one.over()
        assert one.leg.heard(say("one_moment")) and one.leg.heard(say("one_moment_more"))


# --- the voice fails -------------------------------------------------------------------------------------


@in_virtual_time
async def test_no_voice_from_the_start_recordings_tell_and_a_callback_is_promised_once() -> None:
    async with phone(voice_down=True) as one:
        await one.leg.says("你好啊")
        end = one.leg.spoken[-1].end
        await one.leg.hears(say("will_be_rung"))
        assert one.leg.heard(say("speech_failed"))
        await one.leg.says("听得见吗")
        await one.leg.hears(say("speech_failed_again"))
        assert one.desk.promised == 1
        assert end


@in_virtual_time
async def test_the_voice_fails_in_mid_reply_the_caller_hears_so() -> None:
    async with phone(replies(LONG), voice_down_after=1) as one:
        await one.leg.says("你好啊")
        await one.leg.hears(say("speech_failed"))
        assert [t for t in one.leg.texts if t.startswith("第")] == ["第一句话在这里说。"]
        one.voice.down, one.voice.down_after = False, None
        await one.leg.says("再说一遍")
        await one.leg.hears("第三句")


@in_virtual_time
async def test_a_voice_that_hangs_is_a_fault_too() -> None:
    async with phone(voice_hangs=True) as one:
        await one.leg.says("你好啊")
        at = asyncio.get_running_loop().time()
        failed = await one.leg.hears(say("speech_failed"))
        assert one.leg.longest_gap(at, failed.end) < MOST_SILENCE


@in_virtual_time
async def test_no_voice_in_danger_the_recording_says_that_operators_are_called() -> None:
    async with phone(replies(FALL), voice_down=True) as one:
        await one.leg.says("我摔倒了起不来")
        await one.leg.hears(say("speech_failed_urgent"))
        assert not one.leg.heard(say("speech_failed"))


@in_virtual_time
async def test_no_voice_and_danger_beside_the_caller_nothing_names_it() -> None:
    violence = Reply(
        "您现在方便说话吗？",
        response="emergency_violence",
        interruptible=False,
        trace=Trace(path="emergency", kind="violence"),
    )
    async with phone(replies(violence), voice_down=True) as one:
        await one.leg.says("他打我")
        await one.leg.hears(say("speech_failed"))
        assert not one.leg.heard(say("speech_failed_urgent"))


# --- the ears fail ---------------------------------------------------------------------------------------


@in_virtual_time
async def test_no_ears_from_the_start_keys_and_then_a_person() -> None:
    async with phone(replies(Reply("好，我正在找值班人员。", then="hand_over")), ears_down=True) as one:
        await one.leg.hears(say("hearing_failed"))
        await one.leg.hears(say("will_be_rung"))
        await one.leg.hears("正在找")
        assert one.said == ["unheard"]
        assert one.desk.promised == 1


@in_virtual_time
async def test_no_ears_a_caller_who_speaks_is_told_and_then_gets_a_person_and_keys_work() -> None:
    async with phone(replies("好。"), ears_down=True) as one:
        await one.leg.hears(say("will_be_rung"))
        await one.leg.says("你们听得见吗")
        await one.reached_desk()
        assert one.said == ["unheard"]
        one.leg.press("1")
        await one.reached_desk(2)
        assert one.said[1] == "1"


@in_virtual_time
async def test_the_ears_go_in_mid_sentence_and_come_back() -> None:
    async with phone() as one:
        saying = asyncio.create_task(one.leg.says("我想约个助浴明天上午"))
        await asyncio.sleep(1)
        one.ears.down = True
        await saying
        await one.leg.hears(say("hearing_gap"))
        assert one.desk.asked == []
        await one.leg.hears(say("hearing_failed"))
        one.ears.down = False
        await one.leg.hears(say("hearing_back"))
        await one.leg.says("约个助浴")
        await one.leg.hears("听到约个助浴")


@in_virtual_time
async def test_danger_in_half_a_sentence_is_taken_although_the_rest_is_lost() -> None:
    async with phone(replies(FALL)) as one:
        saying = asyncio.create_task(one.leg.says("我摔倒了起不来快来个人"))
        await asyncio.sleep(1.8)
        one.ears.down = True
        await saying
        await one.leg.hears("先别急着起来")


# --- the desk fails --------------------------------------------------------------------------------------


@in_virtual_time
async def test_the_main_loop_hangs_the_caller_hears_so_and_the_late_answer_is_said() -> None:
    async with phone() as one:
        one.desk.hangs = True
        await one.leg.says("你好啊")
        at = asyncio.get_running_loop().time()
        told = await one.leg.hears(say("line_trouble"))
        await one.leg.hears(say("will_be_rung"))
        assert one.leg.longest_gap(at, told.end) < MOST_SILENCE
        await asyncio.sleep(25)
        assert one.leg.longest_gap(told.end, told.end + 25) < MOST_SILENCE
        assert one.desk.promised == 1
        one.desk.hangs = False
        await one.leg.hears("听到你好啊")


@in_virtual_time
async def test_danger_while_the_main_loop_hangs_goes_another_way() -> None:
    async with phone() as one:
        one.desk.hangs = True
        await one.leg.says("我摔倒了起不来")
        await one.leg.hears(say("line_trouble_urgent"))
        assert [(u.text, hit.kind) for u, hit in one.desk.raised] == [("我摔倒了起不来", "fall")]
        one.leg.press("0")
        await asyncio.sleep(5)
        assert one.desk.raised[1][1].wants_person
        one.desk.hangs = False


@in_virtual_time
async def test_the_desk_raises_the_caller_hears_so() -> None:
    async with phone() as one:
        one.desk.raises = True
        await one.leg.says("你好啊")
        await one.leg.hears(say("line_trouble"))
        await one.leg.hears(say("will_be_rung"))
        one.desk.raises = False
        await one.leg.says("你好啊")
        await one.leg.hears("听到你好啊")


@in_virtual_time
async def test_without_a_number_nobody_is_promised_a_call() -> None:
    async with phone(voice_down=True, desk_number_known=False) as one:
        await one.leg.says("你好啊")
        await one.leg.hears(say("number_unknown"))
        assert not one.leg.heard(say("will_be_rung"))


# --- the end ---------------------------------------------------------------------------------------------


@in_virtual_time
async def test_our_own_hang_up_comes_after_the_last_word() -> None:
    async with phone(replies(Reply("好的，再见。祝您身体好。", then="hang_up"))) as one:
        await one.leg.says("再见")
        await one.over()
        assert one.leg.heard("祝您身体好")
        assert one.leg.hung_up == "local"
        assert one.desk.ended == [False]


@in_virtual_time
async def test_who_speaks_into_our_goodbye_is_not_hung_up_on() -> None:
    async with phone(replies(Reply("好的，再见。祝您身体好。", then="hang_up"), "您说。")) as one:
        await one.leg.says("再见")
        await one.leg.begins("好的")
        await one.leg.says("等等还有件事")
        await one.leg.hears("您说")
        await asyncio.sleep(2)
        assert one.leg.alive


@in_virtual_time
async def test_a_hang_up_before_the_first_word_is_recorded() -> None:
    async with phone(opening=False) as one:
        await asyncio.sleep(0.3)
        one.leg.hangs_up()
        await one.over()
        assert one.desk.ended == [True]


@in_virtual_time
async def test_a_hang_up_waits_for_the_turn_in_progress() -> None:
    async with phone(desk_slow_seconds=4.0) as one:
        await one.leg.says("就约明天")
        await one.reached_desk()
        one.leg.hangs_up()
        await one.over()
        assert one.desk.done == ["就约明天"]
        assert one.desk.ended == [True]


@pytest.mark.parametrize("reason", ["remote", "media_timeout"])
def test_a_hang_up_while_we_speak_of_danger_is_a_hang_up(reason: Any) -> None:
    @in_virtual_time
    async def run() -> None:
        async with phone(replies(FALL)) as one:
            await one.leg.says("我摔倒了起不来")
            await one.leg.begins("先别急着起来")
            one.leg.hangs_up(reason)
            await one.over()
            assert one.desk.ended == [True]

    run()


# --- an operator -----------------------------------------------------------------------------------------


@in_virtual_time
async def test_an_operator_is_announced_joined_and_when_he_leaves_the_talk_goes_on() -> None:
    async with phone() as one:
        operator = FakeLeg("1001")
        await operator.answer()
        one.desk.now = CallState("ses_1", held_by="opr_1")
        assert one.call is not None
        await asyncio.sleep(6)
        handing = asyncio.create_task(one.call.hand_to(operator))
        announced = await one.leg.hears(say("operator_coming"))
        await asyncio.sleep(0.1)
        assert one.leg.bridged_to is operator
        await one.leg.says("你好啊小林")
        await asyncio.sleep(20)
        assert one.desk.asked == []
        assert one.leg.spoken[-1].end == announced.end
        operator.hangs_up()
        await handing
        one.desk.now = CallState("ses_1")
        await one.leg.hears(say("operator_left"))
        assert one.leg.bridged_to is None
        assert one.desk.left == [("ses_1", "opr_1")]
        await one.leg.says("还有件事")
        await one.leg.hears("听到还有件事")


@in_virtual_time
async def test_an_operator_who_leaves_somebody_in_danger_everybody_is_told_again() -> None:
    async with phone(replies(FALL, COMPANY), desk_danger_left=True) as one:
        one.desk.now = URGENT
        await one.leg.says("我摔倒了起不来")
        operator = FakeLeg("1001")
        await operator.answer()
        await one.leg.begins("我正在叫")
        assert one.call is not None
        handing = asyncio.create_task(one.call.hand_to(operator, "opr_1"))
        await one.leg.hears(say("operator_coming"))
        operator.hangs_up()
        await handing
        await one.leg.hears(say("operator_left_urgent"))
        await one.leg.hears("您现在在哪儿")


@in_virtual_time
async def test_the_caller_hangs_up_on_the_operator_whose_leg_stays() -> None:
    async with phone() as one:
        operator = FakeLeg("1001")
        await operator.answer()
        assert one.call is not None
        handing = asyncio.create_task(one.call.hand_to(operator, "opr_1"))
        await one.leg.hears(say("operator_coming"))
        await asyncio.sleep(1)
        one.leg.hangs_up()
        await handing
        await one.over()
        assert operator.alive
        assert one.desk.ended == [False]


# --- who watches -----------------------------------------------------------------------------------------


@in_virtual_time
async def test_who_watches_is_told_what_happens() -> None:
    async with phone(replies(Reply("好。", trace=Trace(intent="greet")))) as one:
        await one.leg.says("你好啊")
        await one.leg.hears("好。")
        one.leg.press("1")
        await asyncio.sleep(1)
        one.leg.hangs_up()
        await one.over()
        kinds = [(e.kind, e.text) for e in one.events]
        assert kinds[:4] == [("answered", ""), ("heard", "你好啊"), ("understood", "greet"), ("said", "好。")]
        assert ("key", "1") in kinds
        assert kinds[-1] == ("hung_up", "remote")
        assert [e.at_ms for e in one.events] == sorted(e.at_ms for e in one.events)


def test_a_tone_is_told_as_sound() -> None:
    assert FakeVoice.read(bytes(320)) is None
    assert SOUND not in say("opening_phone")
