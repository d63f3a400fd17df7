"""What an operator reads when he has taken over: the last words and the known facts, in plain Chinese."""

from bot.wording import kind_label, say, section
from hotline.handoff import Packet
from hotline.sessions import Turn

EXCHANGES = 10
LONGEST = 200
"""Characters shown of one side of an exchange: the whole brief stays readable on a telephone."""


def brief_text(packet: Packet) -> str:
    """For the chat of the operator who has claimed it, and for nobody else: it holds a caller's words."""
    raised = packet.escalation
    lines = [say("brief.head", kind=kind_label(raised.kind), escalation_id=raised.escalation_id)]
    if not packet.may_ring:
        lines.append(say("brief.do_not_ring"))
    if not raised.tell_family:
        lines.append(say("brief.do_not_tell"))
    if raised.caller_says_ok:
        lines.append(say("brief.says_ok"))
    return "\n".join([*lines, "", *_known(raised.known), "", *_said(packet.turns)])


def _known(known: dict[str, str]) -> list[str]:
    if not known:
        return [say("brief.nothing_known")]
    labels = section("fact")
    facts = [say("brief.fact", fact=labels.get(fact, fact), words=_short(words)) for fact, words in known.items()]
    return [say("brief.known"), *facts]


def _said(turns: tuple[Turn, ...]) -> list[str]:
    if not turns:
        return [say("brief.nothing_said")]
    return [say("brief.said"), *(line for turn in turns[-EXCHANGES:] for line in _exchange(turn))]


def _exchange(turn: Turn) -> list[str]:
    at = turn.received_at.strftime("%H:%M")
    lines = [say("brief.exchange", at=at, said=_short(turn.said) or say("brief.silent"))]
    return [*lines, say("brief.reply", reply=_short(turn.reply))] if turn.reply else lines


def _short(words: str) -> str:
    """One line of it."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
