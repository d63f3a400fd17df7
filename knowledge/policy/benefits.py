"""A benefit: who may get what, as a rule in data. The conditions stand over named facts of facts.yaml."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from knowledge.policy.shapes import Commitment, Payee, RowId, Sections, Shape, Statement, Target, Text, Word


class Fact(Shape):
    """Something known about an elder or asked for: `asks` is the question on the phone.

    yes_no facts take true or false, number facts a number of `unit`, choice facts one or more of `choices`.
    `judged` facts are terms the texts leave undefined: only an official can say, so they are never asked.

    `when_true` and `when_false` are what callers say for it without being asked; `asks_more` is asked when the
    first answer was not enough (要帮: a little or with everything?).
    """

    kind: Literal["yes_no", "number", "choice"]
    asks: Text | None = None
    unit: str | None = None
    choices: dict[Word, tuple[Word, ...]] = Field(default_factory=dict)
    judged: bool = False
    when_true: tuple[Word, ...] = ()
    when_false: tuple[Word, ...] = ()
    asks_more: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Fact":
        if (self.asks is None) != self.judged:
            raise ValueError("a fact has a question, unless it is judged by an official")
        if bool(self.choices) != (self.kind == "choice") or bool(self.unit) != (self.kind == "number"):
            raise ValueError("choices go with kind choice, unit with kind number")
        if self.kind != "yes_no" and (self.when_true or self.when_false):
            raise ValueError("when_true and when_false go with kind yes_no")
        return self


class Condition(Shape):
    """Either `all`, `any` or `not` over conditions, or one test of one fact with the section it comes from.

    Tests: `is` (true, false or one choice), `one_of` (choices), `at_least` and `below` (a number). `reason`
    says in our own words what is asked for.
    """

    all: tuple["Condition", ...] = ()
    any: tuple["Condition", ...] = ()
    not_: Annotated["Condition | None", Field(alias="not")] = None
    fact: str | None = None
    is_: Annotated[bool | str | None, Field(alias="is")] = None
    one_of: tuple[str, ...] = ()
    at_least: float | None = None
    below: float | None = None
    reason: Text | None = None
    at: Sections | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "Condition":
        forms = [bool(self.all), bool(self.any), self.not_ is not None, self.fact is not None]
        if sum(forms) != 1:
            raise ValueError("a condition is exactly one of all, any, not, fact")
        tests = (self.is_ is not None, bool(self.one_of), self.at_least is not None, self.below is not None)
        if self.fact is None:
            if any((*tests, self.reason, self.at)):
                raise ValueError("only a fact carries a test, reason and at")
        elif not any(tests) or not self.reason or not self.at:
            raise ValueError(f"{self.fact}: give a test (is, one_of, at_least, below), reason and at")
        return self

    def leaves(self) -> tuple["Condition", ...]:
        """Every test of a fact in it, in order."""
        if self.fact is not None:
            return (self,)
        inner = (*self.all, *self.any, *((self.not_,) if self.not_ else ()))
        return tuple(leaf for part in inner for leaf in part.leaves())


class Amount(Shape):
    """What the text gives, as it stands there; never more. `per` is for example 每人每年."""

    value: float
    unit: Annotated[str, Field(min_length=1)]
    per: str | None = None
    bound: Literal["exactly", "about", "at_least", "at_most"] = "exactly"
    as_written: Annotated[str, Field(max_length=24)]
    at: Sections


class Version(Shape):
    """The rule from one day up to and including another; null: the text gives no such day.

    `amount` null means that the document does not give it.
    """

    from_: Annotated[date | None, Field(alias="from")]
    until: date | None
    when: Condition
    amount: Amount | None
    gives: Statement
    target: Target | None = None


class Benefit(Shape):
    """One file of benefits/<place>/: versions in order of time, an ended one stays with its last day."""

    name: Word
    words: tuple[Word, ...]
    covers: tuple[RowId, ...]
    commitment: Commitment
    payee: Payee
    versions: Annotated[tuple[Version, ...], Field(min_length=1)]
    open: tuple[Text, ...]
    ask_whom: tuple[Statement, ...] = ()
    warnings: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> "Benefit":
        for earlier, later in zip(self.versions, self.versions[1:], strict=False):
            if earlier.until is None or later.from_ is None or later.from_ <= earlier.until:
                raise ValueError("versions overlap: end the earlier one the day before the later one begins")
        return self

    def parts(self) -> tuple[Any, ...]:
        """Everything in it that names sections."""
        inner = [
            part
            for version in self.versions
            for part in (version.gives, version.amount, version.target, *version.when.leaves())
        ]
        return (*filter(None, inner), *self.ask_whom)
