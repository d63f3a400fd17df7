"""Telephones for tools: our own SIP endpoint on free ports of this machine."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from bootstrap.own_stack import free_udp_port, free_udp_ports
from voice.legs import CallLeg, DialFailed, Endpoint
from voice.sip import SipConfig, open_endpoint

PORTS_A_CALL = 4
RING_SECONDS = 10.0

WHY = {
    "busy": "the line is busy",
    "declined": "the call was declined",
    "no_answer": "nobody answered",
    "unreachable": "nobody is there (no SIP answer)",
    "refused": "the call was refused",
}


class NoCall(Exception):
    """The call did not come about; the text says why."""


@asynccontextmanager
async def open_phone(
    number: str = "12349", calls: int = 4, host: str = "127.0.0.1"
) -> AsyncIterator[tuple[Endpoint, str]]:
    """An endpoint and its own address (`sip:...`); everything is hung up at the end."""
    first, last = free_udp_ports(calls * PORTS_A_CALL)
    config = SipConfig(host=host, port=free_udp_port(), number=number, first_port=first, last_port=last)
    endpoint = await open_endpoint(config)
    try:
        yield endpoint, f"sip:{number}@{host}:{config.port}"
    finally:
        await endpoint.close()


async def ring_up(endpoint: Endpoint, to: str, number: str = "", headers: Mapping[str, str] | None = None) -> CallLeg:
    """The answered call to `to`; `number` is what is shown there. Raises NoCall."""
    try:
        return await endpoint.dial(to, number=number, ring_seconds=RING_SECONDS, headers=headers)
    except DialFailed as failed:
        status = f" ({failed.status})" if failed.status else ""
        raise NoCall(f"{to}: {WHY.get(failed.reason, failed.reason)}{status}") from failed
