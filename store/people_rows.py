"""The rows of a file of people: which fields there are, and which values they take."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from hotline.people import RELATIONS, OperatorStatus, Role
from hotline.sessions import Channel
from knowledge.vocabulary import places
from store.columns import phone_digits

OLDEST, YOUNGEST = 1900, 2100
CHATS = tuple(channel.value for channel in Channel if channel.is_chat)


def _one_of(allowed: Callable[[], Any]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in allowed():
            raise ValueError(f"one of {', '.join(sorted(allowed()))} is allowed")
        return value

    return AfterValidator(check)


def _number(value: str) -> str:
    digits = phone_digits(value)
    if not 3 <= len(digits) <= 15:
        raise ValueError("a telephone number of 3 to 15 digits is allowed")
    return digits


def _quoted(value: Any) -> Any:
    """Without quotes YAML drops a leading nought of a number, and reads some as octal."""
    if isinstance(value, int | float):
        raise ValueError('write it in quotes: "..."')
    return value


def _chat(value: Any) -> Any:
    """An id of Telegram never begins with 0, so it may stand without quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _person(value: str) -> str:
    if not (value.isascii() and value.isdigit()):  # a group's is negative
        raise ValueError("the number of a person's own chat is allowed")
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("some words are needed")
    return value


def _year(value: int) -> int:
    if not OLDEST <= value <= YOUNGEST:
        raise ValueError(f"a year from {OLDEST} to {YOUNGEST} is allowed")
    return value


Words = Annotated[str, BeforeValidator(_quoted), AfterValidator(_filled)]
Phone = Annotated[str, BeforeValidator(_quoted), AfterValidator(_number)]
Chat = Annotated[str, BeforeValidator(_chat), AfterValidator(_person)]


class Row(BaseModel):
    """Fields that are not written stay as they are in the database."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ElderRow(Row):
    elder_id: Words
    name: Words
    phone: Phone | None = None
    place: Annotated[str, _one_of(places)] | None = None
    address: Words | None = None
    birth_year: Annotated[int, AfterValidator(_year)] | None = None
    key_holder: Words | None = None
    conditions: Words | None = None
    devices: Words | None = None
    care_group: Words | None = None


class ContactRow(Row):
    contact_id: Words
    elder_id: Words
    name: Words
    relation: Annotated[str, _one_of(lambda: RELATIONS | {"other"})]
    phone: Phone | None = None
    telegram_chat_id: Chat | None = None
    is_emergency_contact: bool = False
    rank: Annotated[int, Field(ge=1)] = 1


class OperatorRow(Row):
    operator_id: Words
    name: Words
    role: Annotated[str, _one_of(lambda: set(Role))] = Role.OPERATOR.value
    status: Annotated[str, _one_of(lambda: set(OperatorStatus))] = OperatorStatus.AWAY.value
    telegram_chat_id: Chat | None = None
    sip_address: Words | None = None


def _moment(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


class LinkRow(Row):
    link_id: Words
    channel: Annotated[str, _one_of(lambda: CHATS)]
    address: Annotated[str, BeforeValidator(_chat), AfterValidator(_filled)]
    elder_id: Words
    contact_id: Words | None = None
    linked_at: Annotated[AwareDatetime, BeforeValidator(_moment)] | None = None


SECTIONS: dict[str, type[Row]] = {
    "elders": ElderRow,
    "family_contacts": ContactRow,
    "operators": OperatorRow,
    "chat_links": LinkRow,
}
IDS = {"elders": "elder_id", "family_contacts": "contact_id", "operators": "operator_id", "chat_links": "link_id"}
