"""Where the hotline keeps its records: SQLAlchemy tables, repositories, the unit of work, migrations.

Start with `store.database.Database`; `store.schema.upgrade` brings a database up to date.
"""

from store.schema import downgrade, upgrade

__all__ = ["downgrade", "upgrade"]
