"""资料变更申请: what callers want changed in a record; a person confirms it, perhaps corrected, or refuses it."""

from dataclasses import dataclass

from hotline.cases import ASKED, CONFIRMED, REFUSED, ProfileChange
from hotline.errors import NotAllowed, WrongField
from hotline.people import Elder
from hotline.ports import Services, UnitOfWork
from hotline.register import correct

WRITTEN = ("phone", "address")
"""Fields that a confirmation writes into the record; of anything else the operator corrects the record himself."""


@dataclass(frozen=True)
class AskedChange:
    """A wish that waits, and the record as it stands; `elder` None: who it is about has to be found out first."""

    change: ProfileChange
    elder: Elder | None

    @property
    def is_written(self) -> bool:
        """Whether confirming it changes the record."""
        return self.elder is not None and self.change.field in WRITTEN

    @property
    def stands(self) -> str | None:
        """What is registered now."""
        return getattr(self.elder, self.change.field) if self.is_written else None


async def listing(services: Services) -> list[AskedChange]:
    """Those that nobody has decided, oldest first."""
    async with services.reading() as uow:
        waiting = await uow.profile_changes.asked()
        elders = await uow.elders.among([one.elder_id for one in waiting if one.elder_id])
    return [AskedChange(one, elders.get(one.elder_id or "")) for one in waiting]


async def confirm(change_id: str, value: str, services: Services) -> ProfileChange:
    """It holds from now on, with the value as the operator has left it. Raises NotFound, NotAllowed when somebody has
    decided it before, WrongField.
    """
    async with services.unit_of_work() as uow:
        change = await _waiting(change_id, uow)
        elder = await uow.elders.get(change.elder_id) if change.elder_id else None
        if elder is not None and AskedChange(change, elder).is_written:
            if not value.strip():
                raise WrongField(change.field)
            correct(elder, services.clock.now().year, **{change.field: value})
            change.value = value.strip()
        change.status = CONFIRMED
        await uow.commit()
        return change


async def refuse(change_id: str, services: Services) -> ProfileChange:
    """The record stays as it is. Raises NotFound, NotAllowed when somebody has decided it before."""
    async with services.unit_of_work() as uow:
        change = await _waiting(change_id, uow)
        change.status = REFUSED
        await uow.commit()
        return change


async def _waiting(change_id: str, uow: UnitOfWork) -> ProfileChange:
    change = await uow.profile_changes.require(change_id)
    if change.status != ASKED:
        raise NotAllowed("Somebody has decided it before.")
    return change
