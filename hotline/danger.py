"""The one short question when danger is possible: yes, silence or a broken answer acts; only a clear no does not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from hotline.ids import new_id
from hotline.ports import Services
from hotline.sessions import CallSession
from knowledge.safety import common
from knowledge.yaml_files import load
from language.text import spoken


@dataclass
class DangerCheck:
    """Asked, and due at `due_at` unless answered. `outcome`: safe, acted, or None while it is open."""

    check_id: str
    session_id: str
    turn_id: str
    turn_number: int
    kind: str
    words: str
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None = None
    outcome: str | None = None


def new_check(
    session: CallSession, turn_id: str, number: int, kind: str, words: str, services: Services
) -> DangerCheck:
    """A question asked now; the sweep acts on it when no answer comes."""
    now = services.clock.now()
    due = now + timedelta(seconds=services.timing.wait(services.timing.danger_answer_seconds))
    return DangerCheck(new_id("chk"), session.session_id, turn_id, number, kind, words, now, due)


@cache
def _answers() -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in load("answers.yaml").items()}


def question(kind: str) -> str:
    """The short question for a kind of danger: who may be overheard and who despairs are asked in other words."""
    return common().get(f"danger_question_{kind}", common()["danger_question"])


def after_no(kind: str) -> str:
    """What is said to a clear no."""
    return common().get(f"after_no_{kind}", common()["after_no"])


def _without_no(text: str) -> tuple[str, bool]:
    """The words with every no-word taken out, and whether there was one."""
    words = rest = spoken(text)
    for no in sorted(_answers()["no"], key=len, reverse=True):
        rest = rest.replace(no, "")
    return rest, rest != words


def is_clear_no(text: str) -> bool:
    """True only for words that say that there is no danger, with nothing beside them that says there is."""
    rest, said_no = _without_no(text)
    return said_no and not rest.startswith(_answers()["yes"]) and not any(w in rest for w in _answers()["alarm"])


def says_ok(text: str) -> bool:
    """True for 没事了 and the like: recorded for the operator, and closing nothing."""
    return any(ok in spoken(text) for ok in _answers()["ok"])


def says_yes(text: str) -> bool:
    """True for a plain yes without a no beside it."""
    rest, said_no = _without_no(text)
    return not said_no and rest.startswith(_answers()["yes"])


async def ask_unless_answered(session_id: str, turn_id: str, words: str, services: Services) -> bool:
    """Open the danger question for what the model, not the screen, took for danger.

    False when the caller has already said no to the same words: asking again would go round in circles.
    """
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        known = await uow.danger_checks.of_session(session_id)
        if any(check.words == words and check.outcome == "safe" for check in known):
            return False
        uow.danger_checks.add(new_check(session, turn_id, session.turns, "other", words, services))
        await uow.commit()
        return True
