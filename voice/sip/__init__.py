"""The built-in SIP endpoint: sippy for SIP, in a thread of its own; aiortp for RTP, on the audio loop.

    endpoint = await open_endpoint(SipConfig(port=5060))
    leg = await endpoint.incoming.get()
    await leg.answer()
    leg.play(sound)
    event = await leg.events.get()  # Audio, Key or HungUp

UDP only. TCP, TLS, SRTP and anything past one machine belong into a PBX in front of it (docs/phone.md).
"""

from voice.sip.config import SipConfig, SipError
from voice.sip.endpoint import SipEndpoint, open_endpoint

__all__ = ["SipConfig", "SipEndpoint", "SipError", "open_endpoint"]
