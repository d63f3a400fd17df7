"""资格判定: whom a question is about, and what a caller was told of a rule, kept so that an officer can see why."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hotline.ids import new_id
from hotline.outcomes import note
from hotline.people import Elder, known_facts
from hotline.places import place_in
from hotline.ports import Services
from knowledge.policy.verdicts import Verdict
from knowledge.policy.where import named


@dataclass
class Eligibility:
    """What one caller was told of one rule, or group of rules, and on which facts.

    `rule` is the file under benefits/ or groups/, `rule_version` names its version and contents, `on_day` is the
    day that the rule was applied to. `facts` are blanked when the words of the session are.
    """

    eligibility_id: str
    session_id: str
    turn_id: str
    place: str
    rule: str
    rule_version: str
    on_day: date
    verdict: str
    judged_at: datetime
    elder_id: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AskedFor:
    """Whom a question of eligibility is about, as far as number, relation and words say. `ages` are the youngest
    and the oldest that the registered year of birth allows.
    """

    place: str | None = None
    elder_id: str | None = None
    name: str | None = None
    ages: tuple[int, int] | None = None


async def asked_for(session_id: str, text: str, relation: str | None, name: str | None, services: Services) -> AskedFor:
    """The place by the words, the elder's profile or the number dialled; the elder where there is no doubt."""
    known = await known_facts(session_id, relation, name, services)
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        elder = await uow.elders.get(known.elder_id) if known.elder_id else None
    place = place_named(text) or (_registered(elder) if elder else None) or session.place
    if elder is None:
        return AskedFor(place)
    year = session.now(services.clock.now()).year
    ages = (year - elder.birth_year - 1, year - elder.birth_year) if elder.birth_year else None
    return AskedFor(place, elder.elder_id, elder.name, ages)


def place_named(text: str) -> str | None:
    """The one place that the words name, also one that we hold no document of; None for none or several."""
    words = named(text)
    places = (*words.ours, *words.elsewhere)
    return places[0] if len(places) == 1 else None


def _registered(elder: Elder) -> str | None:
    return (place_in(elder.place) or elder.place) if elder.place else None


async def keep(
    session_id: str, turn_id: str, verdict: Verdict, facts: dict[str, Any], elder_id: str | None, services: Services
) -> Eligibility:
    """Write down what the caller is told, once for a session and turn."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        known = await uow.eligibilities.for_turn(session_id, turn_id)
        if known is not None:
            return known
        kept = Eligibility(
            eligibility_id=new_id("elg"),
            session_id=session_id,
            turn_id=turn_id,
            place=verdict.place,
            rule=verdict.rule_id,
            rule_version=verdict.rule_version,
            on_day=verdict.day,
            verdict=verdict.verdict,
            judged_at=services.clock.now(),
            elder_id=elder_id,
            facts=facts,
            missing=list(verdict.missing_facts),
            sections=list(dict.fromkeys(reason.section for reason in verdict.reasons)),
        )
        uow.eligibilities.add(kept)
        note(session, "answered")
        await uow.commit()
        return kept


async def of_session(session_id: str, services: Services) -> list[Eligibility]:
    """What was told in one session, oldest first. Raises NotFound for a session that is not there."""
    async with services.unit_of_work() as uow:
        await uow.sessions.require(session_id)
        return await uow.eligibilities.by_session(session_id)
