"""Placing a call that may become pointless while it rings."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from voice.legs import CallLeg, Endpoint

RING_SECONDS = 30.0


async def placed(
    endpoint: Endpoint, address: str, pointless: Coroutine[Any, Any, object], ring_seconds: float = RING_SECONDS
) -> CallLeg | None:
    """The answered leg; None when `pointless` ended first, and then nothing rings any more. Raises DialFailed."""
    dialling = asyncio.create_task(endpoint.dial(address, ring_seconds=ring_seconds))
    stopping = asyncio.create_task(pointless)
    try:
        await asyncio.wait({dialling, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if dialling.done():
            return dialling.result()
        dialling.cancel()
        [leg] = await asyncio.gather(dialling, return_exceptions=True)
        if not isinstance(leg, BaseException):  # answered in the same moment
            leg.hang_up()
        return None
    finally:
        dialling.cancel()
        stopping.cancel()
        await asyncio.gather(dialling, stopping, return_exceptions=True)
