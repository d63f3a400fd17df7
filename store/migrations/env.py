"""Alembic runs this for every command; `store.schema` hands in the connection."""

from alembic import context
from sqlalchemy import Connection, text

from store.tables import metadata

ONE_AT_A_TIME = 12349
"""Key of the lock on PostgreSQL; on SQLite the transaction itself is the lock."""


def run(connection: Connection) -> None:
    """All steps in one transaction: a crash leaves the old shape, never half of the new one."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        context.run_migrations()


run(context.config.attributes["connection"])
