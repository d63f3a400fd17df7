"""政策答复: what the documents say to a caller's question, and on which cards and version the answer rested."""

from hotline.outcomes import note
from hotline.people import known_facts, linked_elders
from hotline.places import place_in
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession
from knowledge.policy.answers import Answers
from knowledge.policy.result import Answer
from knowledge.policy.shelf import shelf


async def answer_question(
    session_id: str, turn_id: str, question: str, settled: str | None, relation: str | None, services: Services
) -> Answer:
    """Answer for the caller's place: `settled` by asking, else the elder's or the session's where these agree.

    Raises BadFile while the knowledge can't be read.
    """
    answers = shelf().answers()
    elder_id = (await known_facts(session_id, relation, None, services)).elder_id
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        place = settled or await _place_of(session, elder_id, uow)
        answer = answers.answer(question, place, session.now(services.clock.now()).date())
        await _keep(answer, session, turn_id, uow)
    return answer


async def answer_from_card(
    session_id: str, turn_id: str, card_id: str, question: str, services: Services
) -> Answer | None:
    """Answer from the card that was chosen, or told last; None if it is no more. Raises BadFile."""
    answers = shelf().answers()
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        answer = answers.of_card(card_id, question, session.now(services.clock.now()).date())
        if answer is not None:
            await _keep(answer, session, turn_id, uow)
    return answer


def documents() -> Answers:
    """The answers in force. Raises BadFile."""
    return shelf().answers()


async def _place_of(session: CallSession, elder_id: str | None, uow: UnitOfWork) -> str | None:
    """Where the elder lives by the profile, else what number or words said; None where they differ."""
    elders = [elder for elder in await linked_elders(session, uow) if elder_id in (None, elder.elder_id)]
    known = {place_in(elder.place) or elder.place for elder in elders if elder.place}
    if session.place:
        known.add(session.place)
    return known.pop() if len(known) == 1 else None


async def _keep(answer: Answer, session: CallSession, turn_id: str, uow: UnitOfWork) -> None:
    """Write down what the answer rests on, so that an officer can see why the caller was told it."""
    turn = await uow.turns.require(turn_id)
    sections = [f"{one.document} {one.section}" for one in answer.citations]
    turn.basis = {"cards": list(answer.cards), "sections": sections, "version": answer.version}
    if answer.outcome == "answered":
        note(session, "answered")
    await uow.commit()
