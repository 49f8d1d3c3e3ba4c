"""Transactions as they were posted: one to undo, or a card's history."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    exists,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import NotFound
from gateway.domain.ledger import Account, Entry, TransactionKind
from gateway.domain.reversals import Past
from gateway.storage.cards.transaction_rows import (
    HistoryLine,
    Movement,
    line_of,
    movement_of,
    past_of,
)
from gateway.storage.tables import cards, entries, reversals, sales, transactions

HISTORY_ROWS_MAX = 100
# An id is made when its transaction is posted, by another clock.
CLOCKS_APART_MAX = timedelta(days=1)


class Transactions:
    """The merchant's posted transactions."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def history(
        self,
        card_id: UUID,
        rows: int = HISTORY_ROWS_MAX,
        before: tuple[datetime, UUID] | None = None,
    ) -> list[HistoryLine]:
        """Return a card's transactions, newest first, that come after the last one seen."""
        table = transactions.c
        seen = tuple_(table.occurred_at, table.id) < tuple_(*before) if before else true()
        found = await self._connection.execute(
            select(transactions, self._is_reversed().label("reversed"))
            .where(table.merchant_id == self._merchant_id, table.card_id == card_id, seen)
            .order_by(table.occurred_at.desc(), table.id.desc())
            .limit(min(rows, HISTORY_ROWS_MAX))
        )
        lines = found.all()
        movements = await self._movements(card_id, lines)
        return [line_of(row, movements.get(row.id, ())) for row in lines]

    async def entries(self, card_id: UUID) -> list[Entry]:
        """Return everything ever written to a card's accounts, in order."""
        table = entries.c
        found = await self._connection.execute(
            select(entries)
            .where(table.merchant_id == self._merchant_id, table.card_id == card_id)
            .order_by(table.unit, table.account, table.seq)
        )
        return [
            Entry(
                row.transaction_id,
                row.unit,
                Account(row.account),
                row.seq,
                row.delta,
                row.balance_after,
            )
            for row in found
        ]

    async def past(self, card_id: UUID, transaction_id: UUID) -> Past:
        """Return a card's transaction to take back; raises `NotFound`.

        The tables are divided by time: what the id says of it keeps the search short.
        """
        table = transactions.c
        made = made_at(transaction_id)
        found = await self._connection.execute(
            select(transactions, self._is_reversed().label("reversed")).where(
                table.merchant_id == self._merchant_id,
                table.card_id == card_id,
                table.occurred_at.between(made - CLOCKS_APART_MAX, made + CLOCKS_APART_MAX),
                table.id == transaction_id,
            )
        )
        row = found.first()
        if row is None:
            raise NotFound("This transaction does not exist.")
        return past_of(row, (await self._movements(card_id, [row])).get(row.id, ()))

    async def nearest_earning(
        self, card_id: UUID, moment: datetime, reach: timedelta
    ) -> datetime | None:
        """Return when a card earned nearest to a moment, less than `reach` from it, or None.

        A sale counts from when it happened, whenever it was paid; what was undone does not, and
        what was earned on a card that was merged into this one does.
        """
        table = transactions.c
        earned_at = func.coalesce(sales.c.occurred_at, table.happened_at)
        merged = select(cards.c.id).where(
            cards.c.merchant_id == self._merchant_id, cards.c.merged_into == card_id
        )
        found = await self._connection.execute(
            select(earned_at)
            .select_from(
                transactions.outerjoin(
                    sales,
                    and_(sales.c.merchant_id == table.merchant_id, sales.c.id == table.sale_id),
                )
            )
            .where(
                table.merchant_id == self._merchant_id,
                table.card_id.in_(union_all(select(literal(card_id)), merged)),
                # Nothing is posted before it happened, which spares the months before.
                table.occurred_at > moment - reach,
                table.kind == TransactionKind.EARN,
                table.earnings > 0,
                ~self._is_reversed(),
                earned_at > moment - reach,
                earned_at < moment + reach,
            )
            .order_by(func.abs(func.extract("epoch", earned_at - moment)))
            .limit(1)
        )
        nearest: datetime | None = found.scalar()
        return nearest

    async def _movements(
        self, card_id: UUID, lines: Sequence[Row[Any]]
    ) -> dict[UUID, list[Movement]]:
        if not lines:
            return {}
        moments = [row.occurred_at for row in lines]
        found = await self._connection.execute(
            select(entries).where(
                entries.c.merchant_id == self._merchant_id,
                entries.c.card_id == card_id,
                entries.c.occurred_at.between(min(moments), max(moments)),
            )
        )
        movements: dict[UUID, list[Movement]] = {}
        for row in found:
            movements.setdefault(row.transaction_id, []).append(movement_of(row))
        return movements

    def _is_reversed(self) -> ColumnElement[bool]:
        is_reversal = and_(
            reversals.c.merchant_id == self._merchant_id,
            reversals.c.transaction_id == transactions.c.id,
        )
        return exists().where(is_reversal)


def made_at(transaction_id: UUID) -> datetime:
    """Return when a UUIDv7 was made (RFC 9562 section 5.7); another UUID was made in 1970."""
    try:
        return datetime.fromtimestamp((transaction_id.int >> 80) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
