"""What is given before a scenario, and what it left in the database afterwards."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from bootstrap.scenario.script import Caller, Given, GivenCase, GivenElder, GivenOrder, GivenSite
from hotline.booking import VisitOrder, window_end
from hotline.cases import Case
from hotline.directory import Site, site_id
from hotline.ids import new_id
from hotline.people import ChatLink, Elder, FamilyContact, Operator, OperatorStatus, Role
from hotline.ports import Services, UnitOfWork
from store.database import Database
from store.whole import snapshot, wipe

RECORDS = ("visit_orders", "escalations", "callbacks", "cases", "profile_changes", "eligibilities")
"""What an end state lists."""
GIVEN = "given"
"""The session of what was there before."""
SUPERVISOR, READY = "主管", "值班员"


@dataclass
class World:
    """The people of one scenario, by name."""

    services: Services
    database: Database
    now: datetime
    elders: dict[str, Elder] = field(default_factory=dict)

    async def prepare(
        self, given: Given, callers: list[tuple[str, str, Caller]], *, beside_others: bool = False
    ) -> None:
        """Empty the database and put in what is given. `callers`: channel, address, caller.

        With `beside_others` nothing is emptied, and operators who are there already serve this scenario too.
        """
        if not beside_others:
            await wipe(self.database)
        async with self.services.unit_of_work() as uow:
            if not await uow.operators.all():
                self._operators(given, uow)
            for elder in given.elders:
                self._elder(elder, uow)
            for channel, address, caller in callers:
                await self._link(channel, address, caller, uow)
            await uow.commit()
        async with self.services.unit_of_work() as uow:
            for order in given.orders:
                self._order(order, uow)
            for case in given.cases:
                self._case(case, uow)
            for site in given.directory:
                uow.directory.add(_site(site))
            await uow.commit()
            self.services.roster[:] = await uow.operators.all()

    def _operators(self, given: Given, uow: UnitOfWork) -> None:
        ready = 1 if given.ready_operators is None else given.ready_operators
        names = ready if isinstance(ready, list) else [f"{READY}{n + 1}" for n in range(ready)]
        for name in names:
            uow.operators.add(Operator(new_id("opr"), name, Role.OPERATOR, OperatorStatus.READY))
        for name in given.supervisors or [SUPERVISOR]:
            uow.operators.add(Operator(new_id("opr"), name, Role.SUPERVISOR, OperatorStatus.AWAY))

    def _elder(self, given: GivenElder, uow: UnitOfWork) -> Elder:
        born = given.birth_year or (self.now.year - given.age if given.age else None)
        elder = Elder(
            new_id("eld"), given.name, given.phone, given.place, given.address, born, given.key_holder, given.conditions
        )
        self.elders[given.name] = elder
        uow.elders.add(elder)
        for rank, contact in enumerate(given.contacts, start=1):
            uow.contacts.add(
                FamilyContact(
                    new_id("con"),
                    elder.elder_id,
                    contact.name,
                    contact.relation,
                    contact.phone,
                    contact.telegram,
                    contact.is_emergency_contact or rank == 1,
                    rank,
                )
            )
        return elder

    async def _link(self, channel: str, address: str, caller: Caller, uow: UnitOfWork) -> None:
        """Make this number or chat one that is known for the elder."""
        if not caller.linked_elder:
            return
        name = caller.linked_elder if isinstance(caller.linked_elder, str) else next(iter(self.elders), "老人")
        elder = self.elders.get(name) or self._elder(GivenElder(name=name), uow)
        contacts = [c for c in await uow.contacts.of(elder.elder_id) if caller.number and c.phone == caller.number]
        known = contacts[0] if contacts else None
        if channel == "phone" and known is None and elder.phone != address:
            uow.contacts.add(FamilyContact(new_id("con"), elder.elder_id, "来电人", "other", address, rank=9))
        elif channel != "phone":
            contact_id = known.contact_id if known else None
            uow.links.add(ChatLink(new_id("lnk"), channel, address, elder.elder_id, contact_id, self.now))

    def _named(self, name: str | None) -> Elder | None:
        return self.elders.get(name) if name else next(iter(self.elders.values()), None)

    def _order(self, given: GivenOrder, uow: UnitOfWork) -> None:
        elder = self._named(given.elder)
        start = local(given.start, self.now)
        end = local(given.end, self.now) if given.end else window_end(given.service, start)
        uow.orders.add(
            VisitOrder(
                order_id=new_id("ord"),
                session_id=GIVEN,
                turn_id=new_id("trn"),
                service=given.service,
                starts_at=start,
                ends_at=end,
                elder_key=elder.elder_id if elder else "given",
                name=elder.name if elder else given.elder or "",
                phone=elder.phone if elder else None,
                address=given.address or (elder.address if elder else None),
                place=elder.place if elder else None,
                elder_id=elder.elder_id if elder else None,
                status=given.status,
            )
        )

    def _case(self, given: GivenCase, uow: UnitOfWork) -> None:
        elder = self._named(given.elder)
        promised = given.promised_on
        uow.cases.add(
            Case(
                case_id=new_id("case"),
                session_id=GIVEN,
                turn_id=new_id("trn"),
                type=given.type,
                words=given.words,
                opened_at=self.now - timedelta(days=1),
                promised_on=promised if isinstance(promised, date) else self.now.date() + timedelta(days=2),
                elder_id=elder.elder_id if elder else None,
                status=given.status,
            )
        )


def _site(given: GivenSite) -> Site:
    return Site(
        site_id=site_id(given.place, given.type, given.name, given.area),
        place=given.place,
        name=given.name,
        kind=given.type,
        source=given.source,
        checked_on=given.checked_on,
        area=given.area,
        address=given.address,
        phone=given.phone,
        hours=given.hours,
        services=given.services,
        latitude=given.lat,
        longitude=given.lon,
    )


def local(moment: datetime, now: datetime) -> datetime:
    """A time without a zone is one of ours."""
    return moment.replace(tzinfo=now.tzinfo) if moment.tzinfo is None else moment


async def end_state(
    database: Database, sessions: list[str], zone: tzinfo | None, of_elders: set[str] | None = None
) -> dict[str, Any]:
    """Everything the scenario left, as plain values; times in `zone`.

    With `of_elders` (ids) only what belongs to these sessions or, of what was given, to these elders.
    """
    everything = await snapshot(database)
    if of_elders is not None:
        for name in RECORDS:
            everything[name] = [one for one in everything[name] if _belongs(one, sessions, of_elders)]
    names = {o.operator_id: o.name for o in everything["operators"]}
    names |= {c.contact_id: c.name for c in everything["family_contacts"]}
    elders = {e.elder_id: e.name for e in everything["elders"]}
    held = {s.session_id: s for s in everything["sessions"]}
    outcomes = [held[s].outcome for s in sessions if s in held]
    return {
        "visit_orders": [_order_state(o, zone) for o in everything["visit_orders"]],
        "escalations": [_escalation_state(e, everything["notices"], names, zone) for e in everything["escalations"]],
        "callbacks": [_callback_state(c, zone) for c in everything["callbacks"]],
        "cases": [_case_state(c, elders) for c in everything["cases"]],
        "profile_changes": [
            {"field": c.field, "value": c.value, "status": c.status, "elder": elders.get(c.elder_id)}
            for c in everything["profile_changes"]
        ],
        "eligibilities": [
            {"place": e.place, "rule": e.rule, "verdict": e.verdict, "facts": e.facts, "elder": elders.get(e.elder_id)}
            for e in everything["eligibilities"]
        ],
        "outcome": outcomes[0] if outcomes else None,
        "outcomes": outcomes,
    }


def _belongs(record: Any, sessions: list[str], elders: set[str]) -> bool:
    return record.session_id in sessions or (record.session_id == GIVEN and record.elder_id in elders)


def _order_state(order: VisitOrder, zone: Any) -> dict[str, Any]:
    return {
        "service": order.service,
        "start": order.starts_at.astimezone(zone),
        "end": order.ends_at.astimezone(zone),
        "place": order.place,
        "address": order.address,
        "name": order.name,
        "phone": order.phone,
        "contact": order.contact,
        "note": order.note,
        "status": order.status,
    }


def _escalation_state(escalation: Any, notices: list[Any], names: dict[str, str], zone: Any) -> dict[str, Any]:
    told = [
        {"rung": n.rung, "who": names.get(n.recipient_id, n.recipient_id), "state": n.state}
        for n in notices
        if n.escalation_id == escalation.escalation_id
    ]
    return {
        "kind": escalation.kind,
        "urgency": escalation.urgency,
        "raised_at_turn": escalation.raised_at_turn,
        "place": escalation.place,
        "number": escalation.number,
        "status": escalation.status,
        "claimed_by": names.get(escalation.claimed_by or ""),
        "investigate": escalation.investigate,
        "trigger": escalation.trigger,
        "caller_says_ok": escalation.caller_says_ok,
        "raised_at": escalation.raised_at.astimezone(zone),
        "told": told,
    }


def _callback_state(callback: Any, zone: Any) -> dict[str, Any]:
    return {
        "reason": callback.reason,
        "urgency": callback.urgency,
        "number": callback.number,
        "promised_at": callback.promised_at.astimezone(zone),
        "words": callback.words,
        "hold": callback.hold,
        "status": callback.status,
    }


def _case_state(case: Case, elders: dict[str, str]) -> dict[str, Any]:
    return {
        "type": case.type,
        "words": case.words,
        "elder": elders.get(case.elder_id or ""),
        "wants_callback": case.wants_callback,
        "promised_on": case.promised_on,
        "status": case.status,
    }
