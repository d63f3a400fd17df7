"""Errors that say what to do: the class docstring is the default message."""


class HotlineError(Exception):
    """The hotline could not do this; see the cause."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class DialogueUnavailable(HotlineError):
    """The dialogue engine did not answer in time; a fallback reply is due and the caller keeps a person."""


class StoreUnavailable(HotlineError):
    """The database did not take the write in time; put the record in the spool, a sweep replays it."""


class NotFound(HotlineError):
    """No such record; list the open ones and check the id."""


class NotAllowed(HotlineError):
    """This caller may not hear or change that; ask for name and last four digits, or hand to a person."""


class StillOpen(HotlineError):
    """This person has visits ahead or an open escalation; cancel and close them, then delete."""


class AlreadyRegistered(HotlineError):
    """Another operator has that name or chat; give another one, or remove that operator first."""


class StillHolding(HotlineError):
    """This operator holds a caller or a claimed escalation; close it, then remove the operator."""


class WrongCode(HotlineError):
    """No such code, or it has been used or is too old; ask for a new one."""


class TooManyTries(HotlineError):
    """Too many codes have been tried; wait an hour, or ask an operator."""


class WrongField(HotlineError):
    """A field of a record can't be like that; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class WeakPassword(HotlineError):
    """A password has 10 to 200 characters, not all alike; choose a longer one."""


class TimeTaken(HotlineError):
    """The elder already has a visit at that time; offer another time."""

    def __init__(self, order_id: str) -> None:
        super().__init__()
        self.order_id = order_id


class AlreadyClaimed(HotlineError):
    """Another operator has claimed this escalation; look at the list for the next one."""

    def __init__(self, operator_id: str | None) -> None:
        super().__init__()
        self.operator_id = operator_id
