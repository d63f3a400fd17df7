import pytest
from sippy.MsgBody import MsgBody

from voice.sip import sdp


def body(media="m=audio 4000 RTP/AVP 8 0 96", connection="c=IN IP4 10.0.0.7", *attributes):
    return MsgBody("\r\n".join(["v=0", "o=- 1 1 IN IP4 10.0.0.7", "s=-", connection, "t=0 0", media, *attributes, ""]))


def test_an_offer_is_understood():
    offer = body(
        "m=audio 4000 RTP/AVP 18 0 8 96", "c=IN IP4 10.0.0.7", "a=rtpmap:96 telephone-event/8000", "a=ptime:30"
    )
    assert sdp.understood(offer) == sdp.Media("10.0.0.7", 4000, sdp.PCMU, 96, 30, held=False)


def test_without_keys_and_ptime():
    assert sdp.understood(body()) == sdp.Media("10.0.0.7", 4000, sdp.PCMA, None, 20, held=False)


@pytest.mark.parametrize("ptime", ["10", "60", "x", "", "²"])
def test_a_packet_length_that_we_do_not_do_is_20(ptime):
    assert sdp.understood(body("m=audio 4000 RTP/AVP 8", "c=IN IP4 10.0.0.7", f"a=ptime:{ptime}")).ptime == 20


@pytest.mark.parametrize(
    "media",
    ["m=audio 4000 RTP/AVP 18 9", "m=audio 0 RTP/AVP 8", "m=video 4000 RTP/AVP 8", "m=audio 70000 RTP/AVP 8", "m=x"],
)
def test_nothing_in_common(media):
    assert sdp.understood(body(media)) is None


@pytest.mark.parametrize("text", ["", "v=0", "\x00\xff", "m=audio", "v=0\r\nm=audio four RTP/AVP 8\r\n"])
def test_rubbish_is_nothing_in_common(text):
    assert sdp.understood(MsgBody(text)) is None


@pytest.mark.parametrize("direction", ["sendonly", "inactive"])
def test_hold(direction):
    held = sdp.understood(body("m=audio 4000 RTP/AVP 8", "c=IN IP4 10.0.0.7", f"a={direction}"))
    assert held.held and held.reachable
    assert "a=recvonly" in str(sdp.answer(held, "10.0.0.1", 5000))


def test_hold_by_the_empty_address_is_no_place_to_send_to():
    held = sdp.understood(body("m=audio 4000 RTP/AVP 8", "c=IN IP4 0.0.0.0"))
    assert held.held and not held.reachable
    assert not sdp.Media("phone.example", 4000).reachable


def test_the_answer_has_one_codec_and_the_offers_number_for_keys():
    text = str(sdp.answer(sdp.Media("10.0.0.7", 4000, sdp.PCMU, 97, 30), "10.0.0.1", 5000))
    assert "m=audio 5000 RTP/AVP 0 97\r\n" in text
    assert "a=rtpmap:97 telephone-event/8000" in text and "a=ptime:30" in text and "c=IN IP4 10.0.0.1" in text


def test_our_own_offer_is_understood_by_ourselves():
    assert sdp.understood(sdp.offer("10.0.0.1", 5000)) == sdp.Media("10.0.0.1", 5000, sdp.PCMA, 101, 20, held=False)
