"""One transaction with every repository on it: what `hotline.ports.UnitOfWork` asks for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hotline import ports
from hotline.errors import StoreUnavailable
from store import care_repositories as care
from store import console_repositories as console
from store import repositories as base
from store.directory import Directory
from store.privacy import Privacy
from store.vocabulary import Vocabulary
from store.work import Work

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy.ext.asyncio import AsyncEngine


class UnitOfWork:
    """Enter, read and write, commit. Left without commit, nothing of it stays.

    `turn` is SQLite's: units of work of one process come one after the other in the order they were
    asked for, instead of racing for the file's lock; other processes are waited for by `busy_timeout`.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        turn: asyncio.Lock | None,
        busy_seconds: float,
        leaving: set[asyncio.Task[None]],
        reading: bool = False,
    ) -> None:
        self._turn = turn
        self._busy_seconds = busy_seconds
        self._has_turn = False
        self._leaving = leaving
        self.work = work = Work(engine, reading=reading)
        self.sessions: ports.Sessions = base.Sessions(work)
        self.turns: ports.Turns = base.Turns(work)
        self.elders: ports.Elders = base.Elders(work)
        self.contacts: ports.Contacts = base.Contacts(work)
        self.operators: ports.Operators = base.Operators(work)
        self.links: ports.Links = base.Links(work)
        self.link_codes: ports.LinkCodes = base.LinkCodes(work)
        self.link_tries: ports.LinkTries = base.LinkTries(work)
        self.orders: ports.Orders = care.Orders(work)
        self.callbacks: ports.Callbacks = care.Callbacks(work)
        self.callback_tries: ports.CallbackTries = care.CallbackTries(work)
        self.cases: ports.Cases = care.Cases(work)
        self.profile_changes: ports.ProfileChanges = care.ProfileChanges(work)
        self.eligibilities: ports.Eligibilities = care.Eligibilities(work)
        self.danger_checks: ports.DangerChecks = care.DangerChecks(work)
        self.escalations: ports.Escalations = care.Escalations(work)
        self.notices: ports.Notices = care.Notices(work)
        self.outbox: ports.Outbox = care.Outbox(work)
        self.directory: ports.Directory = Directory(work)
        self.notes: ports.Notes = console.Notes(work)
        self.credentials: ports.Credentials = console.Credentials(work)
        self.sign_ins: ports.SignIns = console.SignIns(work)
        self.audit: ports.Audit = console.Audit(work)
        self.privacy: ports.Privacy = Privacy(work)
        self.vocabulary = Vocabulary(work)

    async def __aenter__(self) -> UnitOfWork:
        await self._take_turn()
        try:
            await self.work.begin()
        except BaseException as error:
            await self._leave(error)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._leave(error)

    async def commit(self) -> None:
        """Make it last. Raises StoreUnavailable, and then nothing of it stays."""
        await self.work.commit()

    async def _take_turn(self) -> None:
        if self._turn is None:
            return
        try:
            async with asyncio.timeout(self._busy_seconds):
                self._has_turn = await self._turn.acquire()
        except TimeoutError as error:
            raise StoreUnavailable from error

    async def _leave(self, error: BaseException | None) -> None:
        """A caller who gave up (a time limit) goes on at once; what is still running ends by itself."""
        task = asyncio.create_task(self._close())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        if not isinstance(error, asyncio.CancelledError):
            await asyncio.shield(task)

    async def _close(self) -> None:
        try:
            await self.work.close()
        finally:
            if self._turn is not None and self._has_turn:
                self._has_turn = False
                self._turn.release()
