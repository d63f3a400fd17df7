"""The library of a process that runs, kept in step with its files: a changed file counts within seconds."""

import logging
from collections.abc import Callable
from functools import cache
from time import monotonic

from knowledge.policy.answers import Answers
from knowledge.policy.files import BadFile, Problem
from knowledge.policy.loading import Library, library

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 5.0
"""Files are looked at (time of change and size) at most so often."""


class Shelf:
    """Gives the answers in force. `clock` is in seconds; it only ever goes forward."""

    def __init__(self, library: Library, clock: Callable[[], float] = monotonic) -> None:
        self.library = library
        self._clock = clock
        self._looked_at = clock()
        self._answers: Answers | None = None
        self._told: frozenset[Problem] = frozenset()
        self._tell_problems()

    def answers(self) -> Answers:
        """As the files stand now. A bad file is refused and told of once; what it said before stays in force.

        Raises BadFile while one that all answers need has never been readable.
        """
        now = self._clock()
        if now - self._looked_at >= LOOK_EVERY_SECONDS:
            self._looked_at = now
            self.library.refresh()
            self._tell_problems()
        if self._answers is None or self._answers.version != self.library.version:
            self._answers = self._made()
        return self._answers

    def _made(self) -> Answers:
        try:
            return Answers(self.library, self._answers)
        except BadFile:
            if self._answers is None:
                raise
            return self._answers

    def _tell_problems(self) -> None:
        """Files, lines and reasons: what editors wrote, never what callers said."""
        problems = frozenset(self.library.problems())
        for problem in sorted(problems - self._told, key=str):
            logger.warning("refused %s", problem)
        self._told = problems


@cache
def shelf() -> Shelf:
    """That of this process, over the packaged library."""
    return Shelf(library())
