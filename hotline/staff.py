"""人员: operators as an administrator registers and corrects them, and the passwords they are given."""

import re
import secrets
from contextlib import suppress
from dataclasses import replace

from hotline.errors import AlreadyRegistered, NotAllowed, WeakPassword, WrongField
from hotline.ids import new_id
from hotline.people import Operator, OperatorStatus, Role, remove_operator
from hotline.ports import Passwords, Services, UnitOfWork
from hotline.sign_in import set_password

LONGEST_NAME = 40
SIP_ADDRESS = re.compile(r"sips?:[^\s@]+(@[^\s@]+)?")
GROUPS, DIGITS = 4, 4
"""Of a given password, which is typed once: 53 bits."""


async def save_operator(wanted: Operator, by: Operator, services: Services) -> Operator:
    """Register somebody (with an empty id, away at first) or correct what stands of him; his status is his own.

    Raises WrongField, NotFound, AlreadyRegistered when the name or the chat is another's, and NotAllowed for an
    administrator who would take his own role away: somebody has to be left who can give it back.
    """
    checked = _checked(wanted)
    if checked.operator_id == by.operator_id and checked.role != by.role:
        raise NotAllowed("Nobody changes his own role.")
    async with services.unit_of_work() as uow:
        await _nobody_else_is(checked, uow)
        if not checked.operator_id:
            checked = replace(checked, operator_id=new_id("opr"), status=OperatorStatus.AWAY.value)
            uow.operators.add(checked)
        else:
            known = await uow.operators.require(checked.operator_id)
            known.name, known.role = checked.name, checked.role
            known.telegram_chat_id, known.sip_address = checked.telegram_chat_id, checked.sip_address
        await uow.commit()
        return checked


def _checked(wanted: Operator) -> Operator:
    name, chat, sip = (str(v or "").strip() for v in (wanted.name, wanted.telegram_chat_id, wanted.sip_address))
    if not name or len(name) > LONGEST_NAME:
        raise WrongField("name")
    if wanted.role not in list(Role):
        raise WrongField("role")
    if chat and not (chat.isascii() and chat.isdigit()):  # a group, or an @name: alerts go to one person's own chat
        raise WrongField("telegram_chat_id")
    if sip and not SIP_ADDRESS.fullmatch(sip):
        raise WrongField("sip_address")
    return replace(wanted, name=name, telegram_chat_id=chat or None, sip_address=sip or None)


async def _nobody_else_is(checked: Operator, uow: UnitOfWork) -> None:
    for known in await uow.operators.all():
        same = known.name == checked.name or (
            checked.telegram_chat_id and known.telegram_chat_id == checked.telegram_chat_id
        )
        if same and known.operator_id != checked.operator_id:
            raise AlreadyRegistered(f"{known.name} ({known.operator_id}) has that name or chat already.")


async def give_password(operator_id: str, passwords: Passwords, services: Services) -> str:
    """A fresh password, told once; it unlocks him and ends every browser's sign-in. Raises NotFound."""
    while True:
        given = "-".join(_group() for _ in range(GROUPS))
        with suppress(WeakPassword):  # hardly ever: too much alike
            await set_password(operator_id, given, passwords, services)
            return given


def _group() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))


async def dismiss(operator_id: str, by: Operator, services: Services) -> Operator:
    """Take somebody else off the list. Raises NotFound, NotAllowed for oneself, StillHolding."""
    if operator_id == by.operator_id:
        raise NotAllowed("Nobody takes himself off the list.")
    return await remove_operator(operator_id, services)
