"""Errors of the jobs process that say what to do: the class docstring is the default message."""


class AlreadyRunning(Exception):
    """Another jobs process uses this database; stop it first, or leave the jobs role off here."""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())
