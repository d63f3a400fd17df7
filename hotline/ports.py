"""What the hotline needs from outside, and the one object that carries it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from types import TracebackType

    from hotline.audit import AuditEntry
    from hotline.booking import OrderEvent, VisitOrder
    from hotline.callbacks import Callback, CallbackTry
    from hotline.cases import Case, ProfileChange
    from hotline.credentials import Credential, SignIn  # noqa: F401  # used in strings alone
    from hotline.danger import DangerCheck
    from hotline.directory import Site
    from hotline.eligibility import Eligibility
    from hotline.escalation import Escalation, Notice
    from hotline.linking import LinkCode, LinkTry
    from hotline.live import LiveSessions
    from hotline.notes import Note
    from hotline.outbox import Message
    from hotline.people import ChatLink, Elder, FamilyContact, Operator
    from hotline.sessions import CallSession, Choice, Turn
    from hotline.timing import Timing
    from language.distances import Point


T = TypeVar("T")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware, in the hotline's time zone."""


# --- the dialogue engine -------------------------------------------------------------------------------


@dataclass(frozen=True)
class DialogueRequest:
    """One utterance for the dialogue engine. `now` is the session's calendar, ISO 8601 in `metadata`.

    Without words it is the point `location`, which the caller sent.
    """

    session_id: str
    turn_id: str
    text: str
    channel: str
    now: datetime
    location: Point | None = None


@dataclass(frozen=True)
class DialogueMessage:
    """One thing to say: words, the response's name, buttons, the slot it asks for, what comes after."""

    text: str
    response: str | None = None
    choices: tuple[Choice, ...] = ()
    asks: str | None = None
    then: str = "listen"


@dataclass(frozen=True)
class DialogueAnswer:
    """What the engine says and what it understood. Never without messages: that is an error."""

    messages: tuple[DialogueMessage, ...]
    intent: str | None = None
    confidence: float | None = None
    entities: tuple[dict[str, Any], ...] = ()


class Dialogue(Protocol):
    async def respond(self, request: DialogueRequest) -> DialogueAnswer:
        """Answer within the limit, or raise DialogueUnavailable (time-out, error, empty answer)."""

    async def draft(self, session_id: str) -> dict[str, Any]:
        """The slots filled so far, for the handoff packet; {} when the engine can't be asked."""


# --- telling people ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Delivery:
    """What became of one message: `sent`, `failed` (try again), `sending` (a phone is ringing, not answered yet),
    `listed` (only to be seen in the list of open escalations) or `no_channel` (this person can't be reached from here).
    """

    state: str
    detail: str = ""


class Notifier(Protocol):
    """Tells operators, family and callers. Takes ids and wording keys, never raises, never logs words."""

    async def alert(self, operator: Operator, escalation: Escalation, rung: str) -> Delivery:
        """Tell an operator: id, kind and urgency only, with a way to claim."""

    async def tell_contact(self, contact: FamilyContact, escalation: Escalation) -> Delivery:
        """Ask a relative to look at the elder now."""

    async def say(self, session: CallSession, text: str) -> Delivery:
        """Say something to the caller outside a turn (a person has claimed; an operator writes)."""

    async def relay(self, operator: Operator, session: CallSession, text: str) -> Delivery:
        """Hand a caller's words to the operator who holds the session."""


class Dialler(Protocol):
    """Rings operators' phones. Never raises, never logs numbers."""

    async def ring_operator(self, operator: Operator, escalation: Escalation) -> Delivery:
        """Ring, speak the alert, let the operator claim by a key; returns within seconds, not at the end.

        `sent` when answered at once, `sending` while it rings, `failed` when it can't ring, is busy or declined.
        """


class Passwords(Protocol):
    """Hashes passwords slowly, outside the event loop."""

    async def hashed(self, password: str) -> str: ...
    async def fits(self, password: str, password_hash: str | None) -> bool:
        """False without a hash, after the same work: whether a name exists can't be told by the time it takes."""


class Conversations(Protocol):
    """The dialogue engine's own record of conversations (Rasa's tracker store)."""

    async def forget(self, session_ids: list[str]) -> int:
        """Delete them; gives how many events went."""


class Spool(Protocol):
    """Append-only file for what the database would not take; a sweep replays it."""

    def append(self, kind: str, record: dict[str, Any]) -> None:
        """Write one record durably (fsync). Keeps it in memory if the disk refuses."""

    def drain(self) -> list[tuple[str, dict[str, Any]]]:
        """The records not yet acknowledged, oldest first."""

    def acknowledge(self, count: int) -> None:
        """Forget the first `count` drained records: they are in the database now."""


# --- storage -------------------------------------------------------------------------------------------


class Repository(Protocol[T]):
    def add(self, item: T) -> None: ...
    async def get(self, item_id: str) -> T | None: ...
    async def require(self, item_id: str) -> T:
        """As `get`, but raises NotFound."""


class Sessions(Repository["CallSession"], Protocol):
    async def open_for(self, channel: str, address: str, contact: str) -> CallSession | None: ...
    async def known_address(self, channel: str, address: str) -> bool:
        """True when this address had a session before."""

    async def held_by(self, operator_id: str) -> CallSession | None:
        """The latest open session that this operator holds."""

    async def open_on(self, channel: str) -> list[CallSession]:
        """Every open session of a channel, oldest first."""

    async def live(self, since: datetime) -> list[CallSession]:
        """Open calls, and open chats with words since that moment, oldest first."""

    async def between(self, starts: datetime, ends: datetime) -> list[CallSession]:
        """Those that began then."""

    async def of_elder(self, elder_id: str, limit: int) -> list[CallSession]:
        """Contacts about the elder, the newest first."""

    async def among(self, session_ids: Iterable[str]) -> dict[str, CallSession]: ...
    async def pulse(self, session_ids: Iterable[str]) -> dict[str, str]:
        """For each session a short text that changes whenever something is said, done or told in it."""


class Turns(Repository["Turn"], Protocol):
    async def by_utterance(self, channel: str, utterance_id: str) -> Turn | None: ...
    async def last(self, session_id: str) -> Turn | None:
        """The latest turn with a reply text."""

    async def of(self, session_id: str) -> list[Turn]: ...
    async def among(self, turn_ids: Iterable[str]) -> dict[str, Turn]: ...
    async def latest(self, session_ids: Iterable[str], count: int) -> list[Turn]:
        """The last `count` turns of each of these sessions, in order."""

    async def between(self, starts: datetime, ends: datetime) -> list[Turn]:
        """Those whose words came then."""

    async def unanswered(self, before: datetime) -> list[Turn]:
        """Words written down before that moment that nobody has answered or looked at since, oldest first."""

    async def understood_below(self, confidence: float) -> list[Turn]:
        """Turns that the dialogue engine did not understand, or with less than this confidence, oldest first."""


class Elders(Repository["Elder"], Protocol):
    async def linked_to(self, channel: str, address: str) -> list[Elder]:
        """Elders whose own or contact's number, or linked chat, is this address."""

    async def by_last_four(self, last_four: str) -> list[Elder]:
        """Elders with an own or contact's registered number that ends so."""

    async def all(self) -> list[Elder]: ...
    async def among(self, elder_ids: Iterable[str]) -> dict[str, Elder]: ...
    async def search(self, words: str, limit: int) -> list[Elder]:
        """By a part of name, number, place or address, or of a contact's name or number."""


class Contacts(Repository["FamilyContact"], Protocol):
    async def of(self, elder_id: str) -> list[FamilyContact]:
        """By rank."""

    async def by_address(self, channel: str, address: str) -> FamilyContact | None: ...
    async def of_chat(self, telegram_chat_id: str) -> list[FamilyContact]:
        """Everybody with that chat: one relative of two elders is two contacts."""


class Operators(Repository["Operator"], Protocol):
    async def all(self) -> list[Operator]: ...
    async def by_chat(self, telegram_chat_id: str) -> Operator | None: ...
    async def remove(self, operator_id: str) -> None: ...


class Links(Repository["ChatLink"], Protocol):
    async def of_elder(self, elder_id: str) -> list[ChatLink]: ...
    async def of_chat(self, channel: str, address: str) -> list[ChatLink]: ...
    async def remove(self, channel: str, address: str) -> None:
        """All of that chat."""


class LinkCodes(Repository["LinkCode"], Protocol):
    async def valid(self, now: datetime) -> list[LinkCode]:
        """Neither used nor expired."""

    async def use(self, code_id: str, used_by: str, at: datetime) -> bool:
        """One UPDATE that succeeds once; True when this call won."""

    async def forget(self, before: datetime) -> None:
        """Delete those that expired before that moment."""


class LinkTries(Repository["LinkTry"], Protocol):
    async def since(self, moment: datetime) -> list[LinkTry]: ...
    async def forget(self, before: datetime) -> None:
        """Delete those before that moment."""


class Orders(Repository["VisitOrder"], Protocol):
    async def lock(self, elder_key: str) -> None:
        """Hold off other bookings of this elder until the transaction ends."""

    async def overlapping(self, elder_key: str, starts_at: datetime, ends_at: datetime) -> list[VisitOrder]:
        """Live orders of the elder that touch the half-open window."""

    async def upcoming(self, elder_ids: list[str], now: datetime) -> list[VisitOrder]: ...
    async def by_session(self, session_id: str) -> list[VisitOrder]: ...
    async def for_turn(self, session_id: str, turn_id: str) -> VisitOrder | None: ...
    def add_event(self, event: OrderEvent) -> None: ...
    async def history(self, order_id: str) -> list[OrderEvent]: ...
    async def of_elder(self, elder_id: str, limit: int) -> list[VisitOrder]:
        """All of them, the newest first."""

    async def between(self, starts: datetime, ends: datetime) -> list[VisitOrder]:
        """Those that begin then and are not cancelled, by time."""


class Callbacks(Repository["Callback"], Protocol):
    async def for_turn(self, session_id: str, turn_id: str) -> Callback | None: ...
    async def by_session(self, session_id: str) -> list[Callback]: ...
    async def open(self) -> list[Callback]:
        """Emergencies first, then by promised time."""

    async def between(self, starts: datetime, ends: datetime) -> list[Callback]:
        """Those promised for then."""

    async def take_try(self, callback_id: str, tries: int, at: datetime, until: datetime | None = None) -> bool:
        """One UPDATE that succeeds for one taker only: counts a try more than `tries`; True when this call won.

        Nobody wins what another rings until a later moment than `at`; `until`: so long this one does.
        """


class CallbackTries(Repository["CallbackTry"], Protocol):
    async def of(self, callback_id: str) -> list[CallbackTry]:
        """In their order."""


class Cases(Repository["Case"], Protocol):
    async def for_turn(self, session_id: str, turn_id: str) -> Case | None: ...
    async def by_session(self, session_id: str) -> list[Case]: ...
    async def of_elders(self, elder_ids: list[str]) -> list[Case]:
        """Newest first."""

    async def open(self) -> list[Case]:
        """Not closed, by promised day."""

    async def found(self, words: str, elder_ids: list[str], limit: int) -> list[Case]:
        """Of these elders, or with these words as id, in the number or in what was said. The newest first."""


class ProfileChanges(Repository["ProfileChange"], Protocol):
    async def by_session(self, session_id: str) -> list[ProfileChange]: ...
    async def asked(self) -> list[ProfileChange]:
        """Nobody has decided these yet; oldest first."""


class Eligibilities(Repository["Eligibility"], Protocol):
    async def for_turn(self, session_id: str, turn_id: str) -> Eligibility | None: ...
    async def by_session(self, session_id: str) -> list[Eligibility]:
        """Oldest first."""


class DangerChecks(Repository["DangerCheck"], Protocol):
    async def pending(self, session_id: str) -> DangerCheck | None: ...
    async def of_session(self, session_id: str) -> list[DangerCheck]: ...
    async def overdue(self, now: datetime) -> list[DangerCheck]:
        """Not answered in time, or asked before the clock was set back."""


class Escalations(Repository["Escalation"], Protocol):
    async def open(self) -> list[Escalation]:
        """Not closed; now before today before soon, oldest first."""

    async def of_session(self, session_id: str) -> list[Escalation]:
        """Every escalation of the session, oldest first."""

    async def for_turn(self, session_id: str, turn_id: str, kind: str) -> Escalation | None: ...
    async def between(self, starts: datetime, ends: datetime) -> list[Escalation]:
        """Those raised then."""

    async def found(self, words: str, elder_ids: list[str], limit: int) -> list[Escalation]:
        """Of these elders, or with these words as id or in the number; without either all. The newest first."""

    async def claim(self, escalation_id: str, operator_id: str, at: datetime) -> bool:
        """One UPDATE that succeeds for the first claimer only; True when this call won."""

    async def attend(self, operator_id: str, at: datetime | None) -> None:
        """A sign of life for all that this operator has claimed in the console; None: it is not judged any more."""

    async def give_back(self, escalation_id: str, operator_id: str, attended_at: datetime | None) -> bool:
        """One UPDATE that opens it again; False when it is not this operator's, or there was a later sign of life."""

    async def without_ladder(self) -> list[Escalation]:
        """Open, unclaimed, `ladder_started_at` unset."""


class Notices(Repository["Notice"], Protocol):
    async def of(self, escalation_id: str) -> list[Notice]: ...


class Outbox(Repository["Message"], Protocol):
    async def waiting(self) -> list[Message]:
        """Not delivered yet, oldest first."""


class Directory(Repository["Site"], Protocol):
    async def of(self, place: str | None, kinds: Sequence[str] = ()) -> list[Site]:
        """The sites of a place (None: of all) and of these kinds (none: of all), by place, kind and name."""

    async def around(self, latitude: float, longitude: float, metres: float, kinds: Sequence[str] = ()) -> list[Site]:
        """Sites with coordinates in a square of twice `metres` around the point, of every place."""

    async def remove(self, site_id: str) -> None: ...


class Notes(Repository["Note"], Protocol):
    async def of(self, session_id: str) -> list[Note]:
        """What operators did and said in a contact, oldest first."""


class Credentials(Repository["Credential"], Protocol):
    async def remove(self, operator_id: str) -> None: ...


class SignIns(Repository["SignIn"], Protocol):
    async def end(self, sign_in_id: str) -> None: ...
    async def end_of(self, operator_id: str) -> None: ...
    async def end_older(self, before: datetime) -> None:
        """Those that began before that moment."""


class Audit(Repository["AuditEntry"], Protocol):
    async def latest(self, count: int) -> list[AuditEntry]:
        """The newest first."""


class Privacy(Protocol):
    async def sessions_before(self, before: datetime) -> list[str]: ...
    async def sessions_of(self, elder_id: str) -> list[str]: ...
    async def purge(self, before: datetime) -> dict[str, int]:
        """Rows blanked, by table."""

    async def export(self, elder_id: str) -> dict[str, Any]: ...
    async def forget(self, elder_id: str) -> dict[str, int]:
        """Rows deleted or made anonymous, by table."""


class UnitOfWork(Protocol):
    """One transaction. Writes begin at once (SQLite: BEGIN IMMEDIATE); leaving without commit rolls back.

    A database that is locked, full or away raises StoreUnavailable, from any call.
    """

    sessions: Sessions
    turns: Turns
    elders: Elders
    contacts: Contacts
    operators: Operators
    links: Links
    link_codes: LinkCodes
    link_tries: LinkTries
    orders: Orders
    callbacks: Callbacks
    callback_tries: CallbackTries
    cases: Cases
    profile_changes: ProfileChanges
    eligibilities: Eligibilities
    danger_checks: DangerChecks
    escalations: Escalations
    notices: Notices
    outbox: Outbox
    directory: Directory
    notes: Notes
    credentials: Credentials
    sign_ins: SignIns
    audit: Audit
    privacy: Privacy

    async def __aenter__(self) -> UnitOfWork: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    async def commit(self) -> None: ...


@dataclass
class Services:
    """Everything a hotline function may use from outside; made in one place, `bootstrap/services.py`."""

    clock: Clock
    unit_of_work: Callable[[], UnitOfWork]
    dialogue: Dialogue
    notifier: Notifier
    spool: Spool
    timing: Timing
    live: LiveSessions
    roster: list[Operator] = field(default_factory=list)
    """Operators as last read: whom to alert when the database can't be read."""
    dialler: Dialler | None = None
    """Rings one operator's phone at his own wish; alerts go by `notifier`."""
    read_only: Callable[[], UnitOfWork] | None = None

    def reading(self) -> UnitOfWork:
        """A unit of work that only looks: on SQLite it waits for no writer and goes on while the file is locked."""
        return (self.read_only or self.unit_of_work)()
