"""How the other processes have operators rung: they ask the line by HTTP. Implements `hotline.ports.Dialler`."""

import logging
from dataclasses import replace
from typing import Any

import httpx

from hotline.escalation import Escalation
from hotline.people import Operator
from hotline.ports import Delivery
from hotline.records import as_record

log = logging.getLogger(__name__)

LIMIT_SECONDS = 3.8
"""The line answers within QUICK_SECONDS of `operators.py`; a notice is retried when it takes 5 s."""

NO_PHONE = Delivery("no_channel")


class LineDialler:
    """Asks the line at `url`. Never raises: a line that is away is a failed delivery, which is tried again."""

    def __init__(self, url: str, token: str, limit_seconds: float = LIMIT_SECONDS) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.AsyncClient(base_url=url, headers=headers, timeout=limit_seconds, trust_env=False)

    async def ring_operator(self, operator: Operator, escalation: Escalation) -> Delivery:
        if not operator.sip_address:
            return NO_PHONE
        try:
            answer = await self._client.post("/ring/operator", json=request_for(operator, escalation))
            answer.raise_for_status()
            return Delivery(str(answer.json()["state"]), str(answer.json()["detail"]))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.warning("escalation %s: the line was not asked: %s", escalation.escalation_id, type(error).__name__)
            return Delivery("failed", type(error).__name__)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()


def request_for(operator: Operator, escalation: Escalation) -> dict[str, Any]:
    """All that the line needs, so that it rings while the database is away; without words of the caller."""
    bare = replace(escalation, trigger="", asked=[], known={}, draft={})
    return {"operator": as_record(operator), "escalation": as_record(bare)}
