"""Counts guesses before they are looked at, so that guesses at once cannot slip by."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, case, delete, func, literal, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.attempts import AttemptLimit
from gateway.storage.tables import attempts


class Attempts:
    """The merchant's guess counters."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Count for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def reserve(self, limit: AttemptLimit, subject: str, now: datetime) -> datetime | None:
        """Count one try and return None, or return until when the door is closed.

        One statement: whoever comes second waits for the row and sees the count of the first.
        """
        table = attempts.c
        fresh = insert(attempts).values(
            merchant_id=self._merchant_id,
            kind=limit.kind,
            subject=subject,
            tries=1,
            window_began_at=now,
            locked_until=None,
        )
        is_locked = and_(table.locked_until.is_not(None), table.locked_until > now)
        is_over = table.window_began_at + limit.window <= now
        is_used_up = table.tries >= limit.tries
        changed = fresh.on_conflict_do_update(
            index_elements=["merchant_id", "kind", "subject"],
            set_={
                "tries": case((is_locked, table.tries), (is_over, 1), else_=table.tries + 1),
                "window_began_at": case(
                    (is_locked, table.window_began_at),
                    (is_over, literal(now)),
                    else_=table.window_began_at,
                ),
                "locked_until": case(
                    (is_locked, table.locked_until),
                    (is_over, None),
                    (is_used_up, literal(now + limit.lock)),
                    else_=None,
                ),
            },
        ).returning(table.locked_until)
        closed_until: datetime | None = (await self._connection.execute(changed)).scalar_one()
        return closed_until

    async def give_back(self, limit: AttemptLimit, subject: str) -> None:
        """Uncount the try that was right, and keep the wrong ones of everybody else."""
        table = attempts.c
        await self._connection.execute(
            update(attempts)
            .where(
                table.merchant_id == self._merchant_id,
                table.kind == limit.kind,
                table.subject == subject,
            )
            .values(tries=func.greatest(table.tries - 1, 0))
        )

    async def forget(self, limit: AttemptLimit, subject: str) -> None:
        """Begin anew after a right answer."""
        await self._connection.execute(
            delete(attempts).where(
                attempts.c.merchant_id == self._merchant_id,
                attempts.c.kind == limit.kind,
                attempts.c.subject == subject,
            )
        )
