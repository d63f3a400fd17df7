"""`callbacks` and `cases`: listed in the order in which they are due, and finished."""

from hotline import callbacks, cases
from hotline.callbacks import CallbackTry, NewCallback
from hotline.cases import NewCase
from hotline.ports import Services, UnitOfWork
from tests.integration.commands.conftest import ELDER_NUMBER, Installation


def session_of(place: Installation, address: str = ELDER_NUMBER) -> str:
    async def find(uow: UnitOfWork) -> str:
        session = await uow.sessions.open_for("phone", address, "")
        assert session is not None
        return session.session_id

    return place.stored(find)


def promise(place: Installation, turn: str, urgency: str, *, hold: bool = False, address: str = ELDER_NUMBER) -> None:
    session = session_of(place, address)
    wanted = NewCallback(turn, "requested", urgency, words="[/b]请回电", hold=hold)
    place.within(lambda services: callbacks.promise(session, wanted, services))


def test_callbacks_emergencies_first_until_they_are_done(place: Installation) -> None:
    place.say("您好呀")
    assert place.run("callbacks", "list", "--json").data[0]["reason"] != "requested"  # Rasa is down: one was promised
    promise(place, "c1", "soon")
    promise(place, "c2", "now")
    rows = place.run("callbacks", "list", "--json").data
    assert rows[0]["urgency"] == "now" and rows[0]["elder"] == "齐玉兰" and rows[0]["number"] == ELDER_NUMBER
    assert "[/b]请回电" in place.run("callbacks", "list").out
    assert place.run("callbacks", "done", rows[0]["callback_id"], "--json").data["status"] == "done"
    left = place.run("callbacks", "list", "--json").data
    assert [row["callback_id"] for row in left] == [row["callback_id"] for row in rows[1:]]
    done = place.run("callbacks", "done", "cbk_none")
    assert (done.status, done.err.count("\n")) == (1, 1)


def test_tries_and_what_came_of_them_are_shown(place: Installation) -> None:
    place.say("您好呀")
    [row] = place.run("callbacks", "list", "--json").data
    assert (row["tries"], row["outcome"], row["rung"]) == (0, None, [])

    async def rung(uow: UnitOfWork) -> None:
        callback = await uow.callbacks.require(row["callback_id"])
        callback.tries, callback.outcome = 1, "busy"
        uow.callback_tries.add(CallbackTry("try_1", callback.callback_id, 1, callback.created_at, outcome="busy"))
        await uow.commit()

    place.stored(rung)
    [row] = place.run("callbacks", "list", "--json").data
    assert (row["tries"], row["outcome"]) == (1, "busy")
    assert [(one["number"], one["outcome"]) for one in row["rung"]] == [(1, "busy")]
    assert "busy" in place.run("callbacks", "list").out


def test_a_held_number_is_not_in_the_table(place: Installation) -> None:
    place.say("您好呀")
    for row in place.run("callbacks", "list", "--json").data:
        place.run("callbacks", "done", row["callback_id"])
    promise(place, "c1", "now", hold=True)
    [row] = place.run("callbacks", "list", "--json").data
    assert row["hold"] is True and row["number"] == ELDER_NUMBER
    shown = place.run("callbacks", "list").out
    assert "（不要回拨）" in shown and ELDER_NUMBER not in shown


def test_what_a_private_danger_left_behind_is_held_too(place: Installation) -> None:
    place.say("儿子打我")
    promise(place, "c1", "today")
    session = session_of(place)
    place.within(lambda services: cases.open_case(session, NewCase("c2", "complain", "别的事"), services))
    for what in ("callbacks", "cases"):
        assert all(row["hold"] for row in place.run(what, "list", "--json").data)
        shown = place.run(what, "list").out
        assert "（不要回拨）" in shown and ELDER_NUMBER not in shown


def test_cases_are_closed_with_a_code(place: Installation) -> None:
    assert place.run("cases", "list").out.strip() == "no open cases"
    place.say("您好呀")
    session = session_of(place)

    async def open_two(services: Services) -> None:
        await cases.open_case(session, NewCase("c1", "complain", "送饭晚了"), services)
        await cases.open_case(session, NewCase("c2", "report_abuse", "邻居家的事"), services)

    place.within(open_two)
    rows = place.run("cases", "list", "--json").data
    assert [row["type"] for row in rows] == ["report_abuse", "complain"]
    wrong = place.run("cases", "close", rows[0]["case_id"], "--outcome", "fertig")
    assert (wrong.status, wrong.err.count("\n")) == (1, 1) and "answered" in wrong.err
    assert place.run("cases", "close", rows[0]["case_id"], "--outcome", "answered").status == 0
    assert [row["type"] for row in place.run("cases", "list", "--json").data] == ["complain"]
