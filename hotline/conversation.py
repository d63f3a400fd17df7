"""One utterance, start to end: the one path of every channel."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from hotline import company, escalation, fallback, ladder, linking, outbox
from hotline.danger import DangerCheck, after_no, is_clear_no, new_check, question
from hotline.errors import DialogueUnavailable, StoreUnavailable
from hotline.escalation import PRIVATE_KINDS, Escalation, Urgency, new_escalation
from hotline.live import LiveSession
from hotline.notes import NoteKind, new_note
from hotline.outcomes import note
from hotline.person import (
    CALLBACK_OFFER,
    answer_offer,
    offer_callback,
    person_choice,
    reply_to_request,
    request_person,
)
from hotline.ports import DialogueAnswer, DialogueRequest, Services, UnitOfWork
from hotline.sessions import CallSession, Channel, Choice, Reply, Utterance
from hotline.turns import Opened, Stopwatch, finish_turn, from_memory, open_turn, trace_of
from knowledge.linking import asks_for_code
from knowledge.safety import common
from knowledge.screening import SUSPECTED, ScreenHit
from knowledge.wording import choice, say, words_for_keys
from language.distances import Point
from language.text import normalise

log = logging.getLogger(__name__)

SILENT = Reply("")

INTRODUCED = frozenset({"dialogue", "fallback", "silence"})
"""Ways of answering that may be put off by a sentence about ourselves; danger and a person may not."""


async def take_turn(utterance: Utterance, services: Services) -> Reply:
    """Answer one utterance. Screened before any lock, database, network or model; never raises for their sake."""
    utterance = replace(utterance, text=_words(utterance))
    hit = escalation.screen(utterance)
    live = services.live.of(utterance.key)
    watch = Stopwatch()
    if hit.tier == "certain":
        live.epoch += 1
        return await _never_silent(_in_danger, utterance, hit, live, services, watch)
    began = live.epoch
    async with live.lock:
        reply = await _never_silent(_take_turn, utterance, hit, live, services, watch)
    overtaken = live.epoch != began
    return replace(SILENT, trace=replace(reply.trace, path="overtaken")) if overtaken else reply


def _words(utterance: Utterance) -> str:
    """What was said: keys in words, a recogniser's words without the spaces between them."""
    text = utterance.text or words_for_keys(utterance.keys)
    return normalise(text) if utterance.channel == Channel.PHONE else text


Way = Callable[[Utterance, ScreenHit, LiveSession, Services, Stopwatch], Awaitable[Reply]]


async def _never_silent(
    way: Way, utterance: Utterance, hit: ScreenHit, live: LiveSession, services: Services, watch: Stopwatch
) -> Reply:
    """Whatever fails, the database or our own code: an answer, from memory and by the spool."""
    try:
        return await way(utterance, hit, live, services, watch)
    except StoreUnavailable:
        return await fallback.without_store(utterance, hit, live, services, watch)
    except Exception as error:
        log.error("a turn failed: %s", type(error).__name__)  # its text may hold words
        return await fallback.without_store(utterance, hit, live, services, watch)


async def _take_turn(
    utterance: Utterance, hit: ScreenHit, live: LiveSession, services: Services, watch: Stopwatch
) -> Reply:
    opened = await open_turn(utterance, services)
    live.session, live.urgent = opened.session, opened.urgent
    watch.stage("open")
    if opened.duplicate:
        return replace(SILENT, trace=trace_of(opened, "duplicate", watch))
    reply = await _answer(opened, utterance, hit, services)
    written = await _written(opened, _traced(reply, opened, hit, watch), watch, services)
    # After writing: "repeat" says the answer again, not who we are; and a code is written down nowhere.
    return await linking.with_code(_introduced(written, opened), opened.session, services)


async def _written(opened: Opened, reply: Reply, watch: Stopwatch, services: Services) -> Reply:
    """Write the turn down: in the database, else in the spool; what is said stays the same."""
    if opened.stored:
        try:
            return await finish_turn(opened, reply, watch, services)
        except StoreUnavailable:
            pass  # into the spool
    fallback.spool_turn(opened, reply, watch, services)
    return reply


async def _answer(opened: Opened, utterance: Utterance, hit: ScreenHit, services: Services) -> Reply:
    """Whoever should answer: a human, keep_company, the danger question, a person called, the dialogue."""
    if utterance.waited_seconds:
        return await _offer_callback(opened, services)
    if opened.operator is not None:
        return await _to_human(opened, utterance, hit, services)
    if opened.urgent is not None and hit.wants_person:
        return _on("company", Reply(common()["not_claimed_yet"], response="keep_company", interruptible=False))
    if opened.urgent is not None:
        return _on("company", await company.keep_company(opened.urgent, utterance, services))
    if opened.check is not None:
        return await _after_danger_question(opened, utterance, hit, services)
    if hit.tier == "possible":
        return await ask_danger(opened, utterance.text, hit.kind or "other", services)
    if hit.wants_person or utterance.unheard:
        return await _to_person(opened, services)
    if opened.last is not None and opened.last.asks == CALLBACK_OFFER and utterance.text:
        answered = await answer_offer(opened.session, utterance.text, services)
        if answered is not None:
            return _on("person", answered)
    if utterance.silence_seconds and not utterance.text:
        return await _after_silence(opened, services)
    if asks_for_code(utterance.text):
        return _on("linking", linking.reply_to_wish(opened.session))
    return await _converse(opened, _chosen(utterance, opened), services, utterance.location)


def _on(path: str, reply: Reply) -> Reply:
    return replace(reply, trace=replace(reply.trace, path=path))


# --- danger ----------------------------------------------------------------------------------------------


async def _in_danger(
    utterance: Utterance, hit: ScreenHit, live: LiveSession, services: Services, watch: Stopwatch
) -> Reply:
    """A certain hit: alert and answer at once, overtaking whatever this caller was waiting for."""
    try:
        opened = await asyncio.wait_for(open_turn(utterance, services), services.timing.save_limit_seconds)
    except (StoreUnavailable, TimeoutError):
        opened = from_memory(utterance, live, services)
    if opened.duplicate:
        return replace(SILENT, trace=trace_of(opened, "duplicate", watch))
    watch.stage("open")
    reply = await act(opened, utterance, hit.kind or "other", services, trigger=hit.phrase_id or "screen")
    live.session, live.urgent = opened.session, opened.urgent
    return await _written(opened, _traced(reply, opened, hit, watch), watch, services)


async def act(opened: Opened, utterance: Utterance, kind: str, services: Services, trigger: str) -> Reply:
    """Escalate now, or, where this session already is escalated, tell the operators again."""
    await _settle_question(opened, services)
    if opened.urgent is not None:
        if kind != opened.urgent.kind or opened.urgent.claimed_by:  # else the ladder is telling them already
            services.live.background(ladder.alert_again(opened.urgent, opened.turn.number, services))
        if kind in PRIVATE_KINDS and opened.urgent.kind not in PRIVATE_KINDS:
            await company.keep_private(opened.urgent, services)
        reply = await _further_words(opened, opened.urgent, utterance, kind, services)
    else:
        opened.urgent = await _raise_now(opened, utterance, kind, services, trigger)
        services.live.background(_keep_draft(opened, services))
        reply = _on("emergency", company.first_words(kind, opened.session.channel, opened.urgent.number))
    if opened.operator is None:
        return reply
    first = company.first_words(kind, opened.session.channel, opened.urgent.number)
    return await _relayed(opened, utterance, services, first)


async def _further_words(
    opened: Opened, urgent: Escalation, utterance: Utterance, kind: str, services: Services
) -> Reply:
    """The same danger again: on with the company. Another one: its own first words."""
    if kind == urgent.kind:
        return _on("company", await company.keep_company(urgent, utterance, services))
    return _on("company", company.first_words(kind, opened.session.channel, urgent.number))


async def _settle_question(opened: Opened, services: Services) -> None:
    """Danger spoken out answers the danger question; the sweep must not escalate it a second time."""
    if opened.check is None or not opened.stored:
        return
    try:
        async with services.unit_of_work() as uow:
            check = await uow.danger_checks.require(opened.check.check_id)
            check.answered_at, check.outcome = services.clock.now(), "acted"
            await uow.commit()
    except StoreUnavailable:
        return  # one alarm too many is better than one too few


async def _raise_now(opened: Opened, utterance: Utterance, kind: str, services: Services, trigger: str) -> Escalation:
    now = services.clock.now()
    turn = opened.turn
    raised = new_escalation(opened.session, turn.turn_id, turn.number, kind, Urgency.NOW, now, trigger)
    words = opened.check.words if opened.check else ""  # what was said before the danger question
    raised.known = {**company.told_unasked(f"{words}{utterance.text}"), **company.told_by_point(utterance)}
    if not opened.stored:
        return escalation.raise_without_store(raised, services)
    return await escalation.raise_escalation(raised, services)


async def _keep_draft(opened: Opened, services: Services) -> None:
    """An open form stays as a draft that only a person may complete."""
    slots = await services.dialogue.draft(opened.session.session_id)
    try:
        async with services.unit_of_work() as uow:
            session = await uow.sessions.get(opened.session.session_id)
            if session is None:
                return  # it is in the spool, and what was open in it with it
            note(session, "emergency")
            stored = await uow.escalations.get(opened.urgent.escalation_id) if opened.urgent else None
            if stored is not None:
                stored.draft = slots
            await uow.commit()
    except StoreUnavailable:
        return  # the escalation itself is in the spool; only the draft is lost


async def ask_danger(opened: Opened, words: str, kind: str, services: Services) -> Reply:
    """The one short question; no answer in time acts (the sweep), only a clear no does not."""
    async with services.unit_of_work() as uow:
        uow.danger_checks.add(new_check(opened.session, opened.turn.turn_id, opened.turn.number, kind, words, services))
        await uow.commit()
    choices = (Choice(*choice("yes")), Choice(*choice("no")))
    return _on(
        "danger_question",
        Reply(question(kind), response="danger_question", choices=choices, interruptible=False),
    )


async def _after_danger_question(opened: Opened, utterance: Utterance, hit: ScreenHit, services: Services) -> Reply:
    assert opened.check is not None
    if not is_clear_no(utterance.text):
        return await act(opened, utterance, hit.kind or opened.check.kind, services, trigger="danger_question")
    async with services.unit_of_work() as uow:
        check = await uow.danger_checks.require(opened.check.check_id)
        check.answered_at, check.outcome = services.clock.now(), "safe"
        await uow.commit()
    if opened.last is not None and opened.last.path == "danger_question":
        return await _go_on(opened, check, services)
    return _on("dialogue", Reply(after_no(check.kind), response="after_no"))


async def _go_on(opened: Opened, check: DangerCheck, services: Services) -> Reply:
    """After a clear no: back to what the caller was doing, or on with what the doubtful words asked for."""
    reply = await _converse(opened, check.words, services)
    understood = reply.trace.intent not in (None, "report_emergency", "nlu_fallback")
    if understood or reply.asks:
        return replace(reply, text=after_no(check.kind) + reply.text)
    return replace(_on("dialogue", Reply(after_no(check.kind), response="after_no")), trace=reply.trace)


# --- a human -------------------------------------------------------------------------------------------


async def _to_human(opened: Opened, utterance: Utterance, hit: ScreenHit, services: Services) -> Reply:
    """The assistant stays silent; a doubtful sign of danger alerts again, it is never only a line in the chat.

    What no phrase says and only learnt weights suspect (我在厨房) is left to the one who reads it.
    """
    if hit.tier is not None and hit.phrase_id != SUSPECTED:
        return await act(opened, utterance, hit.kind or "other", services, trigger="held")
    return await _relayed(opened, utterance, services, SILENT)


async def _relayed(opened: Opened, utterance: Utterance, services: Services, reply: Reply) -> Reply:
    assert opened.operator is not None
    delivery = await services.notifier.relay(opened.operator, opened.session, _to_read(utterance))
    if delivery.state == "failed" and not reply.text:
        services.live.background(_alert_holder_lost(opened, services))
        return _on("human", Reply(say("relay_failed"), response="relay_failed"))
    return _on("human" if not reply.text else "emergency", reply)


def _to_read(utterance: Utterance) -> str:
    """The words, or where on a map a point lies that was sent."""
    return utterance.text or company.told_by_point(utterance).get(company.WHERE, "")


async def _alert_holder_lost(opened: Opened, services: Services) -> None:
    async with services.unit_of_work() as uow:
        of_session = await uow.escalations.of_session(opened.session.session_id)
    for held in of_session[-1:]:
        await ladder.alert_again(held, opened.turn.number, services)


async def _to_person(opened: Opened, services: Services) -> Reply:
    asked = await request_person(opened.session, opened.turn.turn_id, opened.turn.number, services)
    return _on("person", reply_to_request(asked, opened.session, services))


async def _offer_callback(opened: Opened, services: Services) -> Reply:
    """Only while a person is being called and nothing weightier is going on."""
    busy = opened.operator is not None or opened.urgent is not None or opened.check is not None
    return _on("waiting", SILENT if busy else await offer_callback(opened.session, services))


async def operator_says(operator_id: str, text: str, services: Services, session_id: str | None = None) -> bool:
    """Hand an operator's words to the caller whose session he holds, the latest one unless another of his is named,
    and write them down; False when he holds none.
    """
    async with services.unit_of_work() as uow:
        session = await _held(operator_id, session_id, uow)
        if session is None:
            return False
        of_session = await uow.escalations.of_session(session.session_id)
        for held in of_session[-1:]:
            uow.notes.add(new_note(held, operator_id, NoteKind.SAID, text, services))
        await uow.commit()
    return (await outbox.tell(session, text, services)).state != "failed"


async def _held(operator_id: str, session_id: str | None, uow: UnitOfWork) -> CallSession | None:
    if session_id is None:
        return await uow.sessions.held_by(operator_id)
    session = await uow.sessions.get(session_id)
    return session if session is not None and session.operator_id == operator_id else None


async def hand_back(operator_id: str, services: Services, session_id: str | None = None) -> bool:
    """The operator gives the session (the latest one he holds, or the one that is named) back to the assistant; False
    when he holds none.
    """
    async with services.unit_of_work() as uow:
        session = await _held(operator_id, session_id, uow)
        if session is None:
            return False
        now = services.clock.now()
        for held in await uow.escalations.of_session(session.session_id):
            if held.claimed_by == operator_id and held.status == "claimed":
                held.status, held.closed_at, held.outcome = "closed", now, "handed_back"
                escalation.release(session, held, now)
                await escalation.settle(held, uow, services)
        session.operator_id = None
        await uow.commit()
        return True


# --- the dialogue --------------------------------------------------------------------------------------


async def _after_silence(opened: Opened, services: Services) -> Reply:
    """A gentle check, then the keys, then a person."""
    silences = opened.session.silences
    if silences >= 3:
        asked = await request_person(opened.session, opened.turn.turn_id, opened.turn.number, services)
        return _on("silence", reply_to_request(asked, opened.session, services))
    again = opened.last.reply if opened.last and opened.last.asks else ""
    key = "silence_first" if silences == 1 else "silence_second"
    asks = opened.last.asks if opened.last else None
    return _on("silence", Reply(say(key) + again, response=key, asks=asks))


def _chosen(utterance: Utterance, opened: Opened) -> str:
    """A single digit chooses among the buttons just offered."""
    offered = opened.last.choices if opened.last else []
    if utterance.keys.isdigit() and 1 <= int(utterance.keys) <= len(offered):
        return offered[int(utterance.keys) - 1]["says"]
    return utterance.text


async def _converse(opened: Opened, text: str, services: Services, location: Point | None = None) -> Reply:
    session, turn = opened.session, opened.turn
    now = session.now(services.clock.now())
    plain = text.lstrip("/")  # Rasa takes a leading slash for an intent
    request = DialogueRequest(session.session_id, turn.turn_id, plain, session.channel, now, location)
    try:
        return _from_dialogue(await services.dialogue.respond(request), opened)
    except DialogueUnavailable:
        return _on("fallback", await fallback.without_dialogue(opened, services))


def _from_dialogue(answer: DialogueAnswer, opened: Opened) -> Reply:
    """One reply of the engine's messages; the last one's buttons count."""
    last = answer.messages[-1]
    join = "\n" if Channel(opened.session.channel).is_chat else ""
    reply = Reply(
        text=join.join(m.text for m in answer.messages if m.text),
        response="+".join(m.response for m in answer.messages if m.response) or None,
        choices=last.choices,
        then=last.then,  # type: ignore[arg-type]  # the domain check allows the three values only
        asks=next((m.asks for m in reversed(answer.messages) if m.asks), None),
    )
    trace = replace(reply.trace, path="dialogue", intent=answer.intent, confidence=answer.confidence)
    return replace(reply, trace=trace)


# --- beginning and end -----------------------------------------------------------------------------------


async def open_contact(utterance: Utterance, services: Services) -> Reply:
    """The opening words: a machine answers, words are written down, 人工 reaches a person, one plain question."""
    key = "opening_phone" if utterance.channel == Channel.PHONE else "opening_chat"
    live = services.live.of(utterance.key)
    try:
        live.session = await fallback.begin(utterance, services)
    except StoreUnavailable:
        live.session = None  # the opening is said all the same; the first turn tries again
    choices = () if utterance.channel == Channel.PHONE else (person_choice(),)
    return Reply(say(key), response=key, choices=choices)


def _introduced(reply: Reply, opened: Opened) -> Reply:
    """A first message without an opening hears at once that a machine answers and that words are kept."""
    phone = opened.session.channel == Channel.PHONE  # there the opening has been spoken when the call was answered
    if phone or not opened.first_contact or not reply.text or reply.trace.path not in INTRODUCED:
        return reply
    return replace(reply, text=f"{say('first_contact')}\n{reply.text}")


def _traced(reply: Reply, opened: Opened, hit: ScreenHit, watch: Stopwatch) -> Reply:
    understood = dict(tier=hit.tier, kind=hit.kind, wants_person=hit.wants_person)
    told = dict(intent=reply.trace.intent, confidence=reply.trace.confidence)
    return replace(reply, trace=trace_of(opened, reply.trace.path, watch, **understood, **told))
