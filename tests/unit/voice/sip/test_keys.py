import pytest
from aiortp.dtmf import DtmfEvent
from aiortp.packet import RtpPacket

from voice.sip.keys import LONGEST, KeyPresses


class Phone:
    def __init__(self):
        self.now, self.heard = 100.0, []
        self.keys = KeyPresses(self.heard.append, lambda: self.now)

    def packet(self, event, timestamp, end=False):
        payload = DtmfEvent(event, end, 10, 160).serialize()
        self.keys.handle_packet(RtpPacket(payload_type=101, timestamp=timestamp, payload=payload))


@pytest.fixture
def phone():
    return Phone()


def test_a_press_counts_once_however_often_it_is_sent(phone):
    for end in (False,) * 40 + (True,) * 3:
        phone.packet(5, 1000, end)
    assert phone.heard == ["5"]


def test_the_end_or_the_beginning_may_be_lost(phone):
    phone.packet(5, 1000)
    phone.packet(5, 9000)
    phone.packet(11, 20000, end=True)
    assert phone.heard == ["5", "5", "#"]


def test_a_late_packet_of_the_key_before_is_not_a_press(phone):
    phone.packet(1, 1000)
    phone.packet(2, 5000)
    phone.packet(1, 1000, end=True)
    assert phone.heard == ["1", "2"]


def test_a_press_of_many_seconds_is_one(phone):
    for part in range(4):
        phone.packet(0, (2**32 - 70000 + part * LONGEST) % 2**32)
    assert phone.heard == ["0"]


@pytest.mark.parametrize(
    ("body", "digit"),
    [
        ("Signal=5\r\nDuration=160\r\n", "5"),
        ("signal = *\r\nduration=250", "*"),
        ("Duration=100\r\nSignal=#", "#"),
        ("7", "7"),
        ("Signal=11\r\n", "#"),
    ],
)
def test_info(phone, body, digit):
    phone.keys.info(body)
    assert phone.heard == [digit]


@pytest.mark.parametrize("body", ["", "Signal=\r\n", "hello", "Signal=A\r\nDuration=1"])
def test_info_without_a_key(phone, body):
    phone.keys.info(body)
    assert phone.heard == []


def test_the_same_press_by_both_ways_is_one_and_later_presses_count(phone):
    phone.packet(1, 1000)
    phone.keys.info("Signal=1")
    phone.now += 0.3
    phone.packet(1, 4000)
    phone.keys.info("Signal=1")
    assert phone.heard == ["1", "1"]
    phone.now += 2
    phone.keys.info("Signal=1")
    assert phone.heard == ["1", "1", "1"]


def test_broken_packets_and_letters_are_nothing(phone):
    phone.packet(12, 1000)
    phone.keys.handle_packet(RtpPacket(payload_type=101, timestamp=5, payload=b"\x01"))
    assert phone.heard == []
