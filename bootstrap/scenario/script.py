"""The file of a scenario: who calls, what is given, what is said, what is expected."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bootstrap.reading import SettingsError

ChannelName = Literal["chat", "phone"]


def _underscored(value: Any) -> Any:
    """Keys may be written with spaces or hyphens."""
    if isinstance(value, dict):
        return {str(k).strip().replace(" ", "_").replace("-", "_"): _underscored(v) for k, v in value.items()}
    return [_underscored(one) for one in value] if isinstance(value, list) else value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_text)]


class Part(BaseModel):
    """Unknown keys are kept apart: they are named on standard error, or refused with `--strict`."""

    model_config = ConfigDict(extra="allow")

    @property
    def unknown(self) -> list[str]:
        return sorted(self.model_extra or {})


class GivenContact(Part):
    name: Text = "家属"
    relation: Text = "other"
    phone: Text | None = None
    telegram: Text | None = None
    is_emergency_contact: bool = Field(default=False, alias="emergency")
    rank: int = 1

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class GivenElder(Part):
    name: Text
    phone: Text | None = None
    place: Text | None = None
    address: Text | None = None
    age: int | None = None
    birth_year: int | None = None
    conditions: Text | None = None
    key_holder: Text | None = None
    contacts: Annotated[list[GivenContact], BeforeValidator(_listed)] = []


class GivenOrder(Part):
    elder: Text | None = None
    service: str
    start: datetime
    end: datetime | None = None
    address: Text | None = None
    status: str = "booked"


class GivenCase(Part):
    elder: Text | None = None
    type: str
    words: Text = ""
    status: str = "open"
    promised_on: Any = None


class Given(Part):
    """The world before the first words. `rasa` and `database` may be down, slow, locked or full."""

    elders: Annotated[list[GivenElder], BeforeValidator(_listed)] = []
    orders: Annotated[list[GivenOrder], BeforeValidator(_listed)] = []
    cases: Annotated[list[GivenCase], BeforeValidator(_listed)] = []
    ready_operators: int | list[Text] | None = None
    supervisors: Annotated[list[Text], BeforeValidator(_listed)] = []
    rasa: Literal["up", "down"] = "up"
    database: Literal["up", "locked", "full"] = "up"


class Caller(Part):
    """Who rings or writes; a linked elder makes the caller recognised."""

    number: Text | None = None
    linked_elder: Text | bool | None = None


class Step(Part):
    """One thing that happens; exactly one of the first six, a wait after it, a claim before it."""

    say: Text | None = None
    keys: Text | None = None
    press: Text | None = None
    silence_seconds: float | None = None
    hang_up: bool = False
    operator_says: Text | None = None
    claim: Text | None = None
    hand_back: bool = False
    twice: bool = False
    then_wait_seconds: float = 0

    @model_validator(mode="before")
    @classmethod
    def _said(cls, value: Any) -> Any:
        return {"say": value} if isinstance(value, str | int) else value


class Contact(Part):
    """One contact from its first words to its end."""

    clock: datetime | None = None
    channel: ChannelName | None = None
    caller: Caller = Caller()
    turns: list[Step] = []
    answers: dict[str, Any] = {}


class Scenario(Contact):
    """A contact, what was given, a second contact, and what is expected."""

    name: Text = ""
    given: Given = Given()
    then: Annotated[list[Contact], BeforeValidator(_listed)] = []
    expect: dict[str, Any] = {}

    def contacts(self) -> list[Contact]:
        """This contact and those that follow; what a later one leaves out it takes from the first."""
        return [self, *(self._completed(contact) for contact in self.then)]

    def _completed(self, contact: Contact) -> Contact:
        missing = {
            "caller": contact.caller if "caller" in contact.model_fields_set else self.caller,
            "channel": contact.channel or self.channel,
            "clock": contact.clock or self.clock,
        }
        return contact.model_copy(update=missing)


def read_scenario(path: Path) -> Scenario:
    """Read one file. Raises SettingsError in one line: the file, the place, what is wrong."""
    try:
        data = _underscored(yaml.safe_load(path.read_text(encoding="utf-8")))
        scenario = Scenario.model_validate(data)
    except (OSError, yaml.YAMLError) as error:
        raise SettingsError(f"{path}: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{path}: {where}: {first['msg']}") from None
    scenario.name = scenario.name or path.stem
    return scenario


KNOWN_EXTRAS = {"title", "description", "notes", "tags", "id", "comment"}


def unknown_keys(part: BaseModel, where: str = "") -> list[str]:
    """Every key we do not know, with its place; remarks are welcome."""
    found = [f"{where}{key}" for key in getattr(part, "unknown", []) if key not in KNOWN_EXTRAS]
    for name in type(part).model_fields:
        value = getattr(part, name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, BaseModel):
                found += unknown_keys(one, f"{where}{name}.")
    return found
