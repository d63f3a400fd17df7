"""政策答复: what the documents say to a caller's question, and on which cards and version the answer rested."""

import logging

from hotline.outcomes import note
from hotline.people import known_facts, linked_elders
from hotline.places import place_in
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession
from knowledge.policy.answers import Answers
from knowledge.policy.files import BadFile
from knowledge.policy.result import Answer
from knowledge.policy.shelf import shelf

logger = logging.getLogger(__name__)


async def answer_question(
    session_id: str,
    turn_id: str,
    question: str,
    place: str | None,
    relation: str | None,
    services: Services,
    *,
    settled: bool = False,
) -> Answer:
    """Answer for `place`, else the elder's or the session's where these agree. `settled`: the caller was just asked.

    Raises BadFile while the knowledge can't be read.
    """
    answers = shelf().answers()
    elder_id = (await known_facts(session_id, relation, None, services)).elder_id
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        place = place or await _place_of(session, elder_id, uow)
        answer = answers.answer(question, place, session.now(services.clock.now()).date(), settled=settled)
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


def asks_documents(text: str, told_last: str | None) -> bool:
    """Whether words that were not understood are a question for the documents, or about the card told last."""
    try:
        answers = documents()
    except BadFile:
        return False
    return answers.knows(text) or (told_last is not None and answers.asks_on(text))


def warm() -> None:
    """Read and index everything before the first caller asks."""
    try:
        documents()
    except BadFile as error:
        logger.error("no policy answers: %s", error)  # files, lines and reasons


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
