"""The one session of a unit of work: statements, commit, leaving; tells errors as the hotline knows them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Executable, Select, inspect, literal, select
from sqlalchemy import func as sql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import make_transient, make_transient_to_detached
from sqlalchemy.orm.attributes import flag_modified

from store.engines import READING
from store.errors import translated

P = ParamSpec("P")
T = TypeVar("T")


def _to_its_end(
    step: Callable[Concatenate["Work", P], Awaitable[T]],
) -> Callable[Concatenate["Work", P], Coroutine[Any, Any, T]]:
    """A step that a caller may give up on, but that is never broken off: `close` waits for it.

    Cancelling inside a driver loses the connection; on SQLite it leaves a thread that may yet lock the file.
    """

    @wraps(step)
    async def run(work: "Work", /, *args: P.args, **kwargs: P.kwargs) -> T:
        async def guarded() -> T:
            with work._guarded():
                return await step(work, *args, **kwargs)

        work._running = running = asyncio.create_task(guarded())
        return await asyncio.shield(running)

    return run


class Work:
    """A thin cover of AsyncSession. Objects stay readable after commit, after leaving and after an error."""

    def __init__(self, engine: AsyncEngine, *, reading: bool = False) -> None:
        self._options = {READING: True} if reading else {}
        self.session = AsyncSession(engine, expire_on_commit=False)
        self.on_postgresql = engine.dialect.name == "postgresql"
        self._added: list[object] = []
        self._running: asyncio.Task[Any] | None = None

    @_to_its_end
    async def begin(self) -> None:
        """Connect and begin; on SQLite this takes the write lock, unless it only reads."""
        await self.session.connection(execution_options=self._options)

    def add(self, item: object) -> None:
        if inspect(item).transient:
            self._added.append(item)
        self.session.add(item)

    @_to_its_end
    async def get(self, kind: type[T], item_id: str, *, fresh: bool = False) -> T | None:
        """By primary key; `fresh` reads the row again over what is in memory."""
        await self.session.flush()
        return await self.session.get(kind, item_id, populate_existing=fresh)

    @_to_its_end
    async def all(self, statement: Select[T]) -> list[T]:
        return list((await self.session.scalars(statement)).all())

    @_to_its_end
    async def first(self, statement: Select[T]) -> T | None:
        return (await self.session.scalars(statement.limit(1))).first()

    @_to_its_end
    async def rows(self, statement: Executable) -> list[dict[str, Any]]:
        await self.session.flush()
        return [dict(row) for row in (await self.session.execute(statement)).mappings()]

    async def column(self, statement: Executable) -> list[Any]:
        """The first column of every row."""
        return [next(iter(row.values())) for row in await self.rows(statement)]

    @_to_its_end
    async def change(self, statement: Executable) -> int:
        """Run an UPDATE or DELETE and say how many rows it met. Objects in memory do not follow it."""
        await self.session.flush()
        result = await self.session.execute(statement)
        return int(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, which the stubs don't tell

    async def hold(self, what: str) -> None:
        """Let only one transaction at a time go on with `what`; ends with the transaction.

        On SQLite each unit of work already holds the only write lock.
        """
        if self.on_postgresql:
            key = sql.hashtextextended(literal(what), literal(0))
            await self.rows(select(sql.pg_advisory_xact_lock(key)))

    @_to_its_end
    async def commit(self) -> None:
        await self.session.commit()
        self._added.clear()

    async def close(self) -> None:
        """Roll back what was not committed. New objects can be added again in another unit of work."""
        if self._running is not None:
            await asyncio.wait([self._running])
        with suppress(SQLAlchemyError, OSError):  # nothing is lost: what was not committed is gone either way
            await self.session.close()
        for item in self._added:
            make_transient(item)
        self._added.clear()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """A failed flush would leave objects that can't be read any more; the fallback reply reads them."""
        kept = [(item, dict(vars(item))) for item in self.session]
        try:
            with translated():
                yield
        except Exception:
            self.session.expunge_all()
            for item, values in kept:
                self._give_back(item, values)
            raise

    def _give_back(self, item: object, values: dict[str, Any]) -> None:
        """Its values as before the failure; added to a later unit of work, all are written again."""
        values.pop("_sa_instance_state")
        make_transient(item)
        vars(item).update(values)
        if not any(item is new for new in self._added):
            make_transient_to_detached(item)
            for name in values:
                flag_modified(item, name)
