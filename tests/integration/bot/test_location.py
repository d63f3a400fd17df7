"""A shared place on the map: handed on as a point, never as words."""

from hotline.escalation import claim
from tests.integration.bot.world import CALLER, LIN, World

POINT = {"latitude": 29.6537, "longitude": 91.1322}
VENUE = {"location": POINT, "title": "示例茶馆", "address": "示例路"}


async def test_a_point_reaches_the_dialogue_as_a_point(world: World) -> None:
    world.server.send_message(CALLER, location=POINT)
    await world.replies(CALLER, 1)
    assert (world.script.asked, world.script.points) == ([""], [(29.6537, 91.1322)])
    [turn] = await world.turns()
    assert turn.said == "geo:29.6537,91.1322"


async def test_a_venue_is_its_point_and_its_name_is_nobodys_words(world: World) -> None:
    world.server.send_message(CALLER, location=POINT, venue=VENUE)
    await world.replies(CALLER, 1)
    assert (world.script.asked, world.script.points) == ([""], [(29.6537, 91.1322)])


async def test_a_live_location_that_moves_on_is_passed_over(world: World) -> None:
    await world.opened()
    moved = {"message_id": 99, "date": 0, "edit_date": 1, "chat": {"id": CALLER, "type": "private"}, "location": POINT}
    world.server.send_raw({"edited_message": {**moved, "from": {"id": CALLER, "is_bot": False, "first_name": "U"}}})
    await world.quiet()
    assert len(world.server.texts(CALLER)) == 1
    assert world.script.points == []


async def test_in_danger_a_point_is_kept_for_whoever_goes_there(world: World) -> None:
    world.server.say(CALLER, "我摔倒了站不起来")
    alert = await world.reply_with(LIN, "跌倒")
    world.server.send_message(CALLER, location=POINT)
    await world.replies(CALLER, 2)
    [escalation_id] = [line.partition("：")[2] for line in alert.text.splitlines() if line.startswith("编号")]
    stored = await world.stored(escalation_id)
    assert "mlat=29.6537&mlon=91.1322" in stored.known["where"]
    assert world.script.points == []


async def test_whoever_holds_the_caller_gets_a_map(world: World) -> None:
    await world.opened()
    raised = await world.escalate()
    await claim(raised.escalation_id, "op_小林", world.services)
    world.server.send_message(CALLER, location=POINT)
    relayed = await world.reply_with(LIN, "openstreetmap")
    assert "mlat=29.6537&mlon=91.1322" in relayed.text


async def test_a_point_instead_of_a_no_to_the_danger_question_is_no_all_clear(world: World) -> None:
    world.server.say(CALLER, "我有点头晕")
    await world.replies(CALLER, 1)
    asked = [turn.path for turn in await world.turns()] == ["danger_question"]
    world.server.send_message(CALLER, location=POINT)
    await world.replies(CALLER, 2)
    paths = [turn.path for turn in await world.turns()]
    assert asked and paths[-1] == "emergency"
