"""Which updates Telegram may forget."""

from bot.polling import WINDOW, Updates, proxy_settings


def test_the_offset_stays_at_the_oldest_unfinished() -> None:
    updates = Updates()
    assert updates.offset() is None
    assert [updates.fetched(n) for n in (10, 11, 12)] == [True, True, True]
    updates.finish(11)
    assert updates.offset() == 10
    updates.finish(10)
    assert updates.offset() == 12
    updates.finish(12)
    assert updates.offset() == 13


def test_each_is_fetched_and_begun_once() -> None:
    updates = Updates()
    assert updates.fetched(10)
    assert not updates.fetched(10)
    assert updates.begin(10)
    assert not updates.begin(10)
    updates.finish(10)
    assert not updates.fetched(10)


def test_stuck_ones_do_not_fill_the_window() -> None:
    updates = Updates()
    for number in range(1, 200):
        updates.fetched(number)
    assert updates.offset() == 200 - WINDOW


def test_an_unreadable_one_is_passed() -> None:
    updates = Updates()
    updates.skip(7)
    assert updates.offset() == 8


async def test_waiting_ends_with_a_change_or_in_time() -> None:
    updates = Updates()
    updates.fetched(1)
    await updates.all_finished(0.01)
    assert updates.offset() == 1
    updates.finish(1)
    await updates.all_finished(60)


def test_a_proxy_is_never_used_for_this_machine() -> None:
    assert proxy_settings("http://127.0.0.1:8081/bot") == {"trust_env": False}
    assert proxy_settings("https://api.telegram.org/bot") == {"trust_env": True}
