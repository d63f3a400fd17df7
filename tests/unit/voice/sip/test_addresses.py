import pytest
from sippy.SipRequest import SipRequest

from voice.legs import DialFailed
from voice.sip import addresses, reactor
from voice.sip.addresses import Target
from voice.sip.config import SipConfig

TRUNK = SipConfig(trunk="trunk.example:5070", trunk_user="line", trunk_password="secret")


def request(*headers):
    lines = [
        "INVITE sip:12349@10.0.0.1 SIP/2.0",
        "Via: SIP/2.0/UDP 10.0.0.7;branch=z9hG4bK1",
        "To: <sip:12349@10.0.0.1>",
        "Call-ID: a",
        "CSeq: 1 INVITE",
        *headers,
        "",
        "",
    ]
    return SipRequest("\r\n".join(lines))


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("sip:li@10.0.0.7:5090", Target("li", "10.0.0.7", 5090)),
        ("sip:li@10.0.0.7", Target("li", "10.0.0.7", 5060)),
        ("SIP:li@10.0.0.7;transport=udp", Target("li", "10.0.0.7", 5060)),
        ("138 0000-0000", Target("13800000000", "trunk.example", 5070, ("line", "secret"))),
    ],
)
def test_where_a_call_goes(address, target):
    assert addresses.target_of(address, TRUNK) == target


@pytest.mark.parametrize("address", ["", "sip:", "sip:li@", "sip:li@host:port", "nobody"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(DialFailed, match="refused"):
        addresses.target_of(address, TRUNK)


def test_a_number_without_a_trunk_is_refused():
    with pytest.raises(DialFailed, match="refused"):
        addresses.target_of("13800000000", SipConfig())


@pytest.mark.parametrize(
    ("headers", "number"),
    [
        (["From: <sip:13800000000@a>;tag=1"], "13800000000"),
        (['From: "Li" <sip:%2B8613800000000@a;user=phone>;tag=1'], "+8613800000000"),
        (["From: <tel:+8613800000000;phone-context=x>;tag=1"], "+8613800000000"),
        (['From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=1'], ""),
        (["From: <sip:10.0.0.7>;tag=1"], ""),
        (["From: <sip:li@a>;tag=1", "P-Asserted-Identity: <sip:13911111111@b>"], "13911111111"),
        (["From: <sip:li@a>;tag=1", "P-Asserted-Identity: <tel:+8613911111111>"], "+8613911111111"),
        (["From: <sip:13800000000@a>;tag=1", "P-Asserted-Identity: <sip:anonymous@b>"], "13800000000"),
    ],
)
def test_who_rings(headers, number):
    reactor.tame()
    assert addresses.caller_of(request(*headers)) == number


def test_only_our_own_headers_are_kept():
    found = addresses.test_headers(request("From: <sip:a@b>;tag=1", "X-Warmline-Now: 2026-01-01", "X-Other: 1"))
    assert found == {"x-warmline-now": "2026-01-01"}
