"""Alembic's entry: runs the migrations as the owner, on the caller's connection."""

import re

from alembic import context
from sqlalchemy import ForeignKeyConstraint, Index, Table, text
from sqlalchemy.schema import SchemaItem

from gateway.storage.tables import metadata

LOCK_TIMEOUT_SECONDS = 5
_PARTITION = re.compile(r"_\d{4}_\d{2}$")


def _is_ours(item: SchemaItem, _name: str | None, *_rest: object) -> bool:
    """Leave out the monthly partitions, which the database makes for itself."""
    return not any(_PARTITION.search(table) for table in _tables_of(item))


def _tables_of(item: SchemaItem) -> list[str]:
    if isinstance(item, ForeignKeyConstraint):
        return [element.target_fullname.split(".")[0] for element in item.elements]
    if isinstance(item, Index):
        return [item.table.name] if item.table is not None else []
    return [item.name] if isinstance(item, Table) else []


def run() -> None:
    """Run what is asked for on the connection in the configuration's attributes."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, include_object=_is_ours)
    with context.begin_transaction():
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'"))
        context.run_migrations()


run()
