"""Programs of all merchants whose time has come: to begin, to end, or to begin a period."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.storage.tables import programs
from gateway.storage.tables.programs import TURNS

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
        return await self._found(query)

    async def turning(self, last: UUID) -> list[tuple[UUID, UUID]]:
        """Return programs with ids after `last` of which a period may have ended, as `after` does.

        Those that were deleted too: their cards are still in wallets.
        """
        query = (
            select(programs.c.merchant_id, programs.c.id)
            .where(
                TURNS,
                or_(
                    programs.c.turns_at.is_(None),
                    programs.c.turns_at <= func.clock_timestamp(),
                ),
                programs.c.id > last,
            )
            .order_by(programs.c.id)
            .limit(DUE_ROWS_MAX)
        )
        return await self._found(query)

    async def _found(self, query: Select[Any]) -> list[tuple[UUID, UUID]]:
        async with self._engine.connect() as connection:
            return [(row.merchant_id, row.id) for row in await connection.execute(query)]
