"""Sessions, turns and people, as `hotline.ports` asks for them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, String, cast, delete, exists, or_, select, update

from hotline.errors import NotFound
from hotline.linking import LinkCode, LinkTry
from hotline.people import ChatLink, Elder, FamilyContact, Operator
from hotline.sessions import CallSession, Turn
from store import tables as t
from store.columns import phone_digits
from store.pulse import pulse_statements
from store.work import Work

T = TypeVar("T")


class Base(Generic[T]):
    """What every repository can do."""

    kind: ClassVar[type[Any]]

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, item: T) -> None:
        self._work.add(item)

    async def get(self, item_id: str) -> T | None:
        return await self._work.get(self.kind, item_id)

    async def require(self, item_id: str) -> T:
        item = await self.get(item_id)
        if item is None:
            raise NotFound
        return item


class Sessions(Base[CallSession]):
    kind = CallSession

    async def open_for(self, channel: str, address: str, contact: str) -> CallSession | None:
        s = t.sessions.c
        same = (s.channel == channel, s.address == address, s.contact == contact, s.ended_at.is_(None))
        return await self._work.first(select(CallSession).where(*same).order_by(s.started_at.desc()))

    async def known_address(self, channel: str, address: str) -> bool:
        """True when this address had a session before; one that is being added now does not count."""
        s = t.sessions.c
        with self._work.session.no_autoflush:
            same = select(CallSession).where(s.channel == channel, s.address == address)
            return await self._work.first(same) is not None

    async def held_by(self, operator_id: str) -> CallSession | None:
        s = t.sessions.c
        held = select(CallSession).where(s.operator_id == operator_id, s.ended_at.is_(None))
        return await self._work.first(held.order_by(s.last_turn_at.desc()))

    async def open_on(self, channel: str) -> list[CallSession]:
        s = t.sessions.c
        going_on = select(CallSession).where(s.channel == channel, s.ended_at.is_(None))
        return await self._work.all(going_on.order_by(s.started_at))

    async def live(self, since: datetime) -> list[CallSession]:
        s = t.sessions.c
        going_on = (s.ended_at.is_(None), or_(s.channel == "phone", s.last_turn_at >= since))
        return await self._work.all(select(CallSession).where(*going_on).order_by(s.started_at))

    async def between(self, starts: datetime, ends: datetime) -> list[CallSession]:
        then = t.sessions.c.started_at
        return await self._work.all(select(CallSession).where(then >= starts, then < ends).order_by(then))

    async def of_elder(self, elder_id: str, limit: int) -> list[CallSession]:
        s = t.sessions.c
        about = select(CallSession).where(or_(s.elder_id == elder_id, s.identified_elder_id == elder_id))
        return await self._work.all(about.order_by(s.started_at.desc()).limit(limit))

    async def among(self, session_ids: Iterable[str]) -> dict[str, CallSession]:
        found = select(CallSession).where(t.sessions.c.session_id.in_(set(session_ids)))
        return {one.session_id: one for one in await self._work.all(found)}

    async def pulse(self, session_ids: Iterable[str]) -> dict[str, str]:
        ids = set(session_ids)
        pulses = dict.fromkeys(ids, "")
        for statement in pulse_statements(ids):
            for row in await self._work.rows(statement):
                session_id, *values = row.values()
                pulses[session_id] += f"{values}"
        return pulses


class Turns(Base[Turn]):
    kind = Turn

    async def by_utterance(self, channel: str, utterance_id: str) -> Turn | None:
        joined = select(Turn).join(t.sessions, t.sessions.c.session_id == t.turns.c.session_id)
        same = (t.turns.c.utterance_id == utterance_id, t.sessions.c.channel == channel)
        return await self._work.first(joined.where(*same))

    async def last(self, session_id: str) -> Turn | None:
        spoken = select(Turn).where(t.turns.c.session_id == session_id, t.turns.c.reply != "")
        return await self._work.first(spoken.order_by(t.turns.c.number.desc()))

    async def of(self, session_id: str) -> list[Turn]:
        turns = select(Turn).where(t.turns.c.session_id == session_id)
        return await self._work.all(turns.order_by(t.turns.c.number))

    async def among(self, turn_ids: Iterable[str]) -> dict[str, Turn]:
        found = select(Turn).where(t.turns.c.turn_id.in_(set(turn_ids)))
        return {one.turn_id: one for one in await self._work.all(found)}

    async def latest(self, session_ids: Iterable[str], count: int) -> list[Turn]:
        u, s = t.turns.c, t.sessions.c
        last = u.number > s.turns - count
        joined = select(Turn).join(t.sessions, s.session_id == u.session_id)
        wanted = joined.where(u.session_id.in_(set(session_ids)), last)
        return await self._work.all(wanted.order_by(u.session_id, u.number))

    async def between(self, starts: datetime, ends: datetime) -> list[Turn]:
        then = t.turns.c.received_at
        return await self._work.all(select(Turn).where(then >= starts, then < ends).order_by(then))

    async def unanswered(self, before: datetime) -> list[Turn]:
        u = t.turns.c
        left = select(Turn).where(u.path == "", u.received_at < before)
        return await self._work.all(left.order_by(u.received_at))

    async def understood_below(self, confidence: float) -> list[Turn]:
        u = t.turns.c
        doubted = or_(u.intent == "nlu_fallback", u.confidence < confidence)
        return await self._work.all(select(Turn).where(doubted, u.said != "").order_by(u.received_at))


def _elders_where(on_elder: ColumnElement[bool], on_contact: ColumnElement[bool]) -> Select[Elder]:
    """Elders who meet the first condition or one of whose contacts meets the second, in a steady order."""
    contacts = exists().where(t.family_contacts.c.elder_id == t.elders.c.elder_id, on_contact)
    return select(Elder).where(or_(on_elder, contacts)).order_by(t.elders.c.elder_id)


class Elders(Base[Elder]):
    kind = Elder

    async def linked_to(self, channel: str, address: str) -> list[Elder]:
        link = t.chat_links.c
        linked = exists().where(link.elder_id == t.elders.c.elder_id, link.channel == channel, link.address == address)
        if channel == "phone" and phone_digits(address):
            found = _elders_where(or_(linked, t.elders.c.phone == address), t.family_contacts.c.phone == address)
        elif channel == "telegram":
            found = _elders_where(linked, t.family_contacts.c.telegram_chat_id == address)
        else:
            found = select(Elder).where(linked).order_by(t.elders.c.elder_id)
        return await self._work.all(found)

    async def by_last_four(self, last_four: str) -> list[Elder]:
        if len(last_four) != 4 or not (last_four.isascii() and last_four.isdigit()):
            return []
        ends = f"%{last_four}"
        # `like` on the column would bring the pattern into the form of a number
        elder, contact = (cast(c.phone, String).like(ends) for c in (t.elders.c, t.family_contacts.c))
        return await self._work.all(_elders_where(elder, contact))

    async def all(self) -> list[Elder]:
        return await self._work.all(select(Elder).order_by(t.elders.c.elder_id))

    async def search(self, words: str, limit: int) -> list[Elder]:
        e, c = t.elders.c, t.family_contacts.c

        def holds(*columns: ColumnElement[Any]) -> ColumnElement[bool]:
            return or_(*(cast(column, String).contains(words, autoescape=True) for column in columns))

        found = _elders_where(holds(e.name, e.phone, e.place, e.address), holds(c.name, c.phone))
        return await self._work.all(found.limit(limit))

    async def among(self, elder_ids: Iterable[str]) -> dict[str, Elder]:
        found = select(Elder).where(t.elders.c.elder_id.in_(set(elder_ids)))
        return {one.elder_id: one for one in await self._work.all(found)}


class Contacts(Base[FamilyContact]):
    kind = FamilyContact

    async def of(self, elder_id: str) -> list[FamilyContact]:
        c = t.family_contacts.c
        return await self._work.all(select(FamilyContact).where(c.elder_id == elder_id).order_by(c.rank, c.contact_id))

    async def by_address(self, channel: str, address: str) -> FamilyContact | None:
        c, link = t.family_contacts.c, t.chat_links.c
        same: ColumnElement[bool] = exists().where(
            link.contact_id == c.contact_id, link.channel == channel, link.address == address
        )
        if channel == "phone" and phone_digits(address):
            same = or_(same, c.phone == address)
        elif channel == "telegram":
            same = or_(same, c.telegram_chat_id == address)
        return await self._work.first(select(FamilyContact).where(same).order_by(c.rank, c.contact_id))

    async def of_chat(self, telegram_chat_id: str) -> list[FamilyContact]:
        return await self._work.all(
            select(FamilyContact).where(t.family_contacts.c.telegram_chat_id == telegram_chat_id)
        )


class Operators(Base[Operator]):
    kind = Operator

    async def all(self) -> list[Operator]:
        return await self._work.all(select(Operator).order_by(t.operators.c.operator_id))

    async def by_chat(self, telegram_chat_id: str) -> Operator | None:
        return await self._work.first(select(Operator).where(t.operators.c.telegram_chat_id == telegram_chat_id))

    async def remove(self, operator_id: str) -> None:
        await self._work.change(delete(t.operators).where(t.operators.c.operator_id == operator_id))


class Links(Base[ChatLink]):
    kind = ChatLink

    async def of_elder(self, elder_id: str) -> list[ChatLink]:
        link = t.chat_links.c
        theirs = select(ChatLink).where(link.elder_id == elder_id)
        return await self._work.all(theirs.order_by(link.linked_at, link.link_id))

    async def of_chat(self, channel: str, address: str) -> list[ChatLink]:
        link = t.chat_links.c
        return await self._work.all(select(ChatLink).where(link.channel == channel, link.address == address))

    async def remove(self, channel: str, address: str) -> None:
        link = t.chat_links.c
        await self._work.change(delete(t.chat_links).where(link.channel == channel, link.address == address))


class LinkCodes(Base[LinkCode]):
    kind = LinkCode

    async def valid(self, now: datetime) -> list[LinkCode]:
        c = t.link_codes.c
        return await self._work.all(select(LinkCode).where(c.used_at.is_(None), c.expires_at > now))

    async def use(self, code_id: str, used_by: str, at: datetime) -> bool:
        c = t.link_codes.c
        unused = update(t.link_codes).where(c.code_id == code_id, c.used_at.is_(None), c.expires_at > at)
        return await self._work.change(unused.values(used_at=at, used_by=used_by)) == 1

    async def forget(self, before: datetime) -> None:
        await self._work.change(delete(t.link_codes).where(t.link_codes.c.expires_at < before))


class LinkTries(Base[LinkTry]):
    kind = LinkTry

    async def since(self, moment: datetime) -> list[LinkTry]:
        return await self._work.all(select(LinkTry).where(t.link_tries.c.at >= moment))

    async def forget(self, before: datetime) -> None:
        await self._work.change(delete(t.link_tries).where(t.link_tries.c.at < before))
