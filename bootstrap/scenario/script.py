"""The file of a scenario: who calls, what is given, what is said, what is expected."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

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


def _named(value: Any) -> Any:
    """A name, or something that has one."""
    return value["name"] if isinstance(value, dict) and "name" in value else _text(value)


Text = Annotated[str, BeforeValidator(_text)]
Name = Annotated[str, BeforeValidator(_named)]


def _either(*names: str) -> AliasChoices:
    return AliasChoices(*names)


class Part(BaseModel):
    """Unknown keys are kept apart: they are named on standard error, or refused with `--strict`."""

    model_config = ConfigDict(extra="allow")

    @property
    def unknown(self) -> list[str]:
        return sorted(self.model_extra or {})


class GivenContact(Part):
    name: Text = "家属"
    relation: Text = "other"
    phone: Text | None = Field(default=None, validation_alias=_either("phone", "number"))
    telegram: Text | None = None
    is_emergency_contact: bool = Field(default=False, validation_alias=_either("emergency", "is_emergency_contact"))
    rank: int = 1


class GivenElder(Part):
    name: Text
    phone: Text | None = Field(default=None, validation_alias=_either("phone", "number"))
    place: Text | None = None
    address: Text | None = None
    age: int | None = None
    birth_year: int | None = None
    conditions: Text | None = None
    key_holder: Text | None = None
    contacts: Annotated[list[GivenContact], BeforeValidator(_listed)] = Field(
        default=[], validation_alias=_either("contacts", "family_contacts")
    )


class GivenOrder(Part):
    elder: Name | None = Field(default=None, validation_alias=_either("elder", "name"))
    service: str
    start: datetime = Field(validation_alias=_either("start", "starts_at"))
    end: datetime | None = Field(default=None, validation_alias=_either("end", "ends_at"))
    address: Text | None = None
    status: str = "booked"


class GivenCase(Part):
    elder: Name | None = None
    type: str
    words: Text = ""
    status: str = "open"
    promised_on: Any = None


class GivenSite(Part):
    """One site of the city's list."""

    name: Text
    type: str
    place: Text
    area: Text | None = None
    address: Text | None = None
    phone: Text | None = None
    hours: Text | None = None
    services: Text | None = None
    lat: float | None = None
    lon: float | None = None
    source: Text = "示例名录"
    checked_on: date


class Given(Part):
    """The world before the first words. Without a word about operators, one is ready."""

    elders: Annotated[list[GivenElder], BeforeValidator(_listed)] = []
    orders: Annotated[list[GivenOrder], BeforeValidator(_listed)] = []
    cases: Annotated[list[GivenCase], BeforeValidator(_listed)] = []
    directory: Annotated[list[GivenSite], BeforeValidator(_listed)] = []
    ready_operators: int | list[Name] | None = None
    supervisors: Annotated[list[Name], BeforeValidator(_listed)] = []
    rasa: Literal["up", "down"] = "up"
    database: Literal["up", "locked", "full"] = "up"
    telegram: Literal["up", "down"] = "up"


class Caller(Part):
    """Who rings or writes; a linked elder makes the caller recognised. `place`: that of the number dialled."""

    number: Text | None = None
    linked_elder: bool | Name | None = None
    place: Text | None = None


class Step(Part):
    """One thing that happens; exactly one of the first seven, a wait after it, a claim before it."""

    say: Text | None = None
    keys: Text | None = None
    press: Text | None = None
    location: tuple[float, float] | None = None
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

    def words(self) -> list[str]:
        """All that the caller may say, each once."""
        answers = (one for given in self.answers.values() for one in _listed(given))
        said = (step.say or step.press for step in self.turns)
        return list(dict.fromkeys(str(one) for one in (*said, *answers) if one))


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
