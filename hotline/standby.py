"""When the database takes nothing: who is told of an escalation at a later rung all the same, from memory."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from hotline.people import Operator, OperatorStatus, Role
from hotline.ports import Services
from knowledge.ladder import Rung

if TYPE_CHECKING:
    from hotline.escalation import Escalation

PATIENCE_SECONDS = 3.0
"""A database busy for a moment is no outage: the ladder tries again first, so that people are told once."""


@dataclass
class Standby:
    """An open escalation as last seen here; `told` are the rungs told from memory."""

    escalation: "Escalation"
    failing_since: datetime | None = None
    told: set[str] = field(default_factory=set)


def remember(escalation: "Escalation", services: Services) -> None:
    """Keep it, for the time when the database can't be asked."""
    known = services.live.standby.setdefault(escalation.escalation_id, Standby(escalation))
    known.escalation = escalation


def settled(escalation_id: str, over: bool, services: Services) -> None:
    """The database took this rung; `over`: it will not be needed again."""
    known = services.live.standby.get(escalation_id)
    if over:
        services.live.standby.pop(escalation_id, None)
    elif known is not None:
        known.failing_since = None


def operators_of(rung: Rung, operators: Iterable[Operator]) -> list[Operator]:
    """The operators of a rung's groups, each once."""
    everyone = list(operators)
    groups = {
        "ready_operators": [o for o in everyone if o.status == OperatorStatus.READY],
        "supervisors": [o for o in everyone if o.role == Role.SUPERVISOR],
        "all_operators": everyone,
    }
    return list({o.operator_id: o for group in rung.tell for o in groups.get(group, [])}.values())


async def tell(escalation_id: str, rung: Rung, services: Services) -> None:
    """Tell the operators of a rung that could not be recorded, once per rung.

    With the database back the ladder tells them again: twice rather than not at all.
    """
    known, now = services.live.standby.get(escalation_id), services.clock.now()
    if known is None or rung.name in known.told:
        return
    known.failing_since = known.failing_since or now
    if (now - known.failing_since).total_seconds() < services.timing.wait(PATIENCE_SECONDS):
        return
    known.told.add(rung.name)
    people = operators_of(rung, services.roster) or services.roster
    await asyncio.gather(*(services.notifier.alert(o, known.escalation, rung.name) for o in people))


async def climb_unrecorded(escalation: "Escalation", services: Services) -> None:
    """The ladder of an escalation that only the spool has yet; its first rung was told when it was raised."""
    remember(escalation, services)
    ladder = services.timing.ladder(escalation.urgency)
    age_seconds = (services.clock.now() - escalation.raised_at).total_seconds()
    number = 0
    while ladder.rung(number + 1).after_seconds <= age_seconds:
        number += 1
    if number:
        await tell(escalation.escalation_id, ladder.rung(number), services)
