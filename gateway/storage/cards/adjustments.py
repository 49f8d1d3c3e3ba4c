"""Adjustments: asked for, decided once, and the limit of what one person does alone."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.adjustments import (
    ADJUST_ALONE_MAX,
    ALONE_HOURS,
    Adjustment,
    AdjustmentClosed,
    AdjustmentStatus,
)
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.storage.tables import adjustments, ledger_settings

ASKED_ROWS_MAX = 200


class Adjustments:
    """The merchant's adjustments."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def alone_max(self) -> int:
        """Return how much one person may adjust alone."""
        found = await self._connection.execute(
            select(ledger_settings.c.adjust_alone_max).where(
                ledger_settings.c.merchant_id == self._merchant_id
            )
        )
        most: int | None = found.scalar()
        return ADJUST_ALONE_MAX if most is None else most

    async def posted_alone(self, wish: Adjustment) -> int:
        """Return how much whoever wishes this gave alone to its card in this unit lately.

        Or took from it, if that is what is wished. All API keys together are one person.
        """
        table = adjustments.c
        same_way = table.amount > 0 if wish.amount > 0 else table.amount < 0
        found = await self._connection.execute(
            select(func.coalesce(func.sum(func.abs(table.amount)), 0)).where(
                table.merchant_id == self._merchant_id,
                table.card_id == wish.card_id,
                table.asked_at > wish.asked_at - timedelta(hours=ALONE_HOURS),
                table.unit == wish.unit,
                table.status == AdjustmentStatus.POSTED,
                table.asked_by_staff_id.is_not_distinct_from(wish.asked_by_staff_id),
                table.decided_by_staff_id.is_not_distinct_from(wish.asked_by_staff_id),
                same_way,
            )
        )
        return int(found.scalar_one())

    async def allow_alone(self, most: int, *, before: int) -> None:
        """Keep how much one may adjust alone, if it is `before`; raises `ChangedMeanwhile`."""
        table = ledger_settings
        kept = insert(table).values(merchant_id=self._merchant_id, adjust_alone_max=before)
        if before == ADJUST_ALONE_MAX:
            await self._connection.execute(kept.on_conflict_do_nothing())
        written = await self._connection.execute(
            update(table)
            .where(table.c.merchant_id == self._merchant_id, table.c.adjust_alone_max == before)
            .values(adjust_alone_max=most)
        )
        if not written.rowcount:
            raise ChangedMeanwhile

    async def add(self, adjustment: Adjustment) -> None:
        """Keep a new adjustment."""
        await self._connection.execute(
            insert(adjustments).values(
                merchant_id=self._merchant_id,
                id=adjustment.id,
                card_id=adjustment.card_id,
                unit=adjustment.unit,
                amount=adjustment.amount,
                reason=adjustment.reason,
                may_owe=adjustment.may_owe,
                status=adjustment.status,
                asked_by=adjustment.asked_by,
                asked_by_staff_id=adjustment.asked_by_staff_id,
                asked_at=adjustment.asked_at,
                decided_by_staff_id=adjustment.decided_by_staff_id,
                decided_at=adjustment.decided_at,
                transaction_id=adjustment.transaction_id,
            )
        )

    async def one(self, adjustment_id: UUID) -> Adjustment:
        """Return an adjustment; raises `NotFound`."""
        found = await self._connection.execute(
            select(adjustments).where(
                adjustments.c.merchant_id == self._merchant_id,
                adjustments.c.id == adjustment_id,
            )
        )
        row = found.first()
        if row is None:
            raise NotFound("This adjustment does not exist.")
        return _adjustment(row)

    async def listed(
        self,
        status: AdjustmentStatus | None = None,
        card_id: UUID | None = None,
        *,
        after: tuple[datetime, UUID] | None = None,
        rows: int = ASKED_ROWS_MAX,
    ) -> list[Adjustment]:
        """Return adjustments, newest first, after the last one seen; at most `ASKED_ROWS_MAX`."""
        query = select(adjustments).where(adjustments.c.merchant_id == self._merchant_id)
        if status is not None:
            query = query.where(adjustments.c.status == status)
        if card_id is not None:
            query = query.where(adjustments.c.card_id == card_id)
        if after is not None:
            query = query.where(tuple_(adjustments.c.asked_at, adjustments.c.id) < tuple_(*after))
        newest = query.order_by(adjustments.c.asked_at.desc(), adjustments.c.id.desc())
        found = await self._connection.execute(newest.limit(min(rows, ASKED_ROWS_MAX)))
        return [_adjustment(row) for row in found]

    async def decide(
        self,
        adjustment_id: UUID,
        status: AdjustmentStatus,
        by: UUID | None,
        now: datetime,
        transaction_id: UUID | None = None,
    ) -> None:
        """Move an adjustment to its end; raises `AdjustmentClosed` when it already had one."""
        decided = await self._connection.execute(
            update(adjustments)
            .where(
                adjustments.c.merchant_id == self._merchant_id,
                adjustments.c.id == adjustment_id,
                adjustments.c.status == AdjustmentStatus.ASKED,
            )
            .values(
                status=status,
                decided_by_staff_id=by,
                decided_at=now,
                transaction_id=transaction_id,
            )
        )
        if not decided.rowcount:
            raise AdjustmentClosed


def _adjustment(row: Row[Any]) -> Adjustment:
    return Adjustment(
        id=row.id,
        card_id=row.card_id,
        unit=row.unit,
        amount=row.amount,
        reason=row.reason,
        may_owe=row.may_owe,
        status=AdjustmentStatus(row.status),
        asked_by=row.asked_by,
        asked_by_staff_id=row.asked_by_staff_id,
        asked_at=row.asked_at,
        decided_by_staff_id=row.decided_by_staff_id,
        decided_at=row.decided_at,
        transaction_id=row.transaction_id,
    )
