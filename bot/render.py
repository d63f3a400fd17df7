"""A reply as a chat shows it: text in parts, buttons, numbered lines. Pure."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.wording import say
from hotline.sessions import Choice, Reply

SAYS, LONG, CLAIM, REACHED = "say:", "key:", "claim:", "reached:"
REMEMBERED = 1024
SHORT_LABEL = 6
"""Characters up to which two buttons share a row; longer ones stay readable in a row of their own."""


@dataclass
class LongChoices:
    """What long buttons say: callback data holds 64 bytes only. Bounded; a forgotten one says its label."""

    _says: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def keep(self, says: str) -> str:
        """A short name for `says`, the same every time."""
        name = hashlib.sha256(says.encode()).hexdigest()[:16]
        self._says[name] = says
        self._says.move_to_end(name)
        while len(self._says) > REMEMBERED:
            self._says.popitem(last=False)
        return name

    def says(self, data: str, label: str) -> str:
        """The words that pressing a button says."""
        if data.startswith(SAYS):
            return data.removeprefix(SAYS)
        return self._says.get(data.removeprefix(LONG), label)


def callback_data(choice: Choice, long: LongChoices) -> str:
    """The words themselves when they fit, else a name for them."""
    data = SAYS + choice.says
    fits = len(data.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    return data if fits else LONG + long.keep(choice.says)


def keyboard(choices: Sequence[Choice], long: LongChoices) -> InlineKeyboardMarkup | None:
    """One button per choice, two short ones to a row; None without choices."""
    rows: list[list[InlineKeyboardButton]] = []
    for choice in choices:
        button = InlineKeyboardButton(choice.label, callback_data=callback_data(choice, long))
        if rows and len(rows[-1]) == 1 and len(choice.label) <= SHORT_LABEL >= len(rows[-1][0].text):
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows) if rows else None


def claim_keyboard(escalation_id: str) -> InlineKeyboardMarkup:
    """The one button of an alert."""
    return InlineKeyboardMarkup.from_button(
        InlineKeyboardButton(say("alert_button"), callback_data=CLAIM + escalation_id)
    )


def reached_keyboard(escalation_id: str) -> InlineKeyboardMarkup:
    """The one button of what a relative is told."""
    return InlineKeyboardMarkup.from_button(
        InlineKeyboardButton(say("family.reached_button"), callback_data=REACHED + escalation_id)
    )


def label_of(markup: InlineKeyboardMarkup | None, data: str) -> str | None:
    """The label of the button that carries `data`; None when the message has no such button (any more)."""
    rows = markup.inline_keyboard if markup else ()
    return next((button.text for row in rows for button in row if button.callback_data == data), None)


def message_parts(text: str, limit: int = MessageLimit.MAX_TEXT_LENGTH) -> list[str]:
    """The text in messages of at most `limit` UTF-16 units (Telegram's count), cut after a line or a sentence
    where there is one in the last half. Nothing is lost but the spaces at a cut."""
    parts = []
    rest = text.strip()
    while units(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in (*parts, rest) if part]


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, limit: int) -> int:
    end = min(len(text), limit)
    while units(text[:end]) > limit:
        end -= 1
    for marks in ("\n", "。！？!?；", "，,、 "):
        found = max(text.rfind(mark, end // 2, end) for mark in marks)
        if found >= 0:
            return found + 1
    return end


def numbered(reply: Reply) -> str:
    """A reply for a terminal: the text, then the choices as numbered lines."""
    choices = enumerate(reply.choices, start=1)
    lines = [say("terminal.choice", number=str(n), label=choice.label) for n, choice in choices]
    return "\n".join([reply.text, *lines])
