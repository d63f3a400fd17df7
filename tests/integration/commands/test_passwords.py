"""`operators password`: as typed, from standard input."""

import io

import pytest

from console.passwords import Argon2Passwords
from hotline.errors import NotAllowed
from hotline.sign_in import sign_in
from tests.integration.commands.conftest import Installation

GIVEN = "一句很长很长的密码呀"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GIVEN}\n"))


async def _can_sign_in(password: str, services: object) -> bool:
    try:
        await sign_in("小罗", password, Argon2Passwords(), services)  # type: ignore[arg-type]
    except NotAllowed:
        return False
    return True


def test_a_password_from_standard_input_signs_in(place: Installation, typed: None) -> None:
    done = place.run("operators", "password", "小罗", "--stdin", "--json")
    assert done.data["password"] == "set"
    assert GIVEN not in done.out + done.err
    assert place.within(lambda services: _can_sign_in(GIVEN, services))
    assert not place.within(lambda services: _can_sign_in("别的很长很长的密码", services))


def test_a_weak_password_is_one_line(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("短\n"))
    done = place.run("operators", "password", "小罗", "--stdin")
    assert done.status == 1
    assert "10 to 200 characters" in done.err
