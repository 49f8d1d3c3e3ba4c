"""Programs of all merchants whose time to begin or end has come."""

from uuid import UUID

from sqlalchemy import func, select, union
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.storage.tables import programs

DUE_ROWS_MAX = 200


class DuePrograms:
    """Looks through every merchant's programs; needs the worker's role."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the engine that opens the transactions."""
        self._engine = engine

    async def after(self, last: UUID) -> list[tuple[UUID, UUID]]:
        """Return merchant and id of due programs with ids after `last`, in the order of ids.

        At most `DUE_ROWS_MAX`. What waits to begin or end later is not even looked at: there is
        an index of each.
        """
        kept = programs.c.deleted_at.is_(None) & (programs.c.id > last)
        now = func.clock_timestamp()
        key = programs.c.merchant_id, programs.c.id
        begins = select(*key).where(
            programs.c.status == "scheduled", programs.c.starts_at <= now, kept
        )
        ends = select(*key).where(
            programs.c.status.in_(("scheduled", "active", "paused")),
            programs.c.ends_at <= now,
            kept,
        )
        both = union(begins, ends).subquery()
        query = select(both).order_by(both.c.id).limit(DUE_ROWS_MAX)
        async with self._engine.connect() as connection:
            return [(row.merchant_id, row.id) for row in await connection.execute(query)]
