"""An endpoint on free ports, scripted telephones for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bootstrap.own_stack import free_udp_port, free_udp_ports
from tests.integration.sip.scripted import Phone
from voice.sip import SipConfig, SipEndpoint, open_endpoint

Opens = Callable[..., Awaitable[SipEndpoint]]


@pytest.fixture
async def opens() -> AsyncIterator[Opens]:
    """Opens endpoints, each with its own settings; all are closed at the end."""
    opened: list[SipEndpoint] = []

    async def open_one(calls: int = 8, **settings: Any) -> SipEndpoint:
        first, last = free_udp_ports(2 * calls)
        ports = {"port": free_udp_port(), "first_port": first, "last_port": last}
        endpoint = await open_endpoint(SipConfig(**{**ports, **settings}))
        opened.append(endpoint)
        return endpoint

    yield open_one
    for endpoint in opened:
        await endpoint.close()
    await asyncio.sleep(0)


@pytest.fixture
async def endpoint(opens: Opens) -> SipEndpoint:
    """One endpoint as it is by default."""
    return await opens()


@pytest.fixture
async def phones() -> AsyncIterator[Callable[[], Awaitable[Phone]]]:
    """Makes scripted phones."""
    made: list[Phone] = []

    async def one_more() -> Phone:
        made.append(await Phone().open())
        return made[-1]

    yield one_more
    for phone in made:
        phone.close()


@pytest.fixture
async def phone(phones: Callable[[], Awaitable[Phone]]) -> Phone:
    """One scripted phone."""
    return await phones()
