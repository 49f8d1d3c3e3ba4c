"""Transactions as they were posted: one to undo, or a card's history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import NotFound
from gateway.domain.ledger import STAMP, Account, Entry, TransactionKind
from gateway.domain.reversals import Past
from gateway.storage.tables import entries, reversals, transactions

HISTORY_ROWS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One line of a card's history: what happened and what it did to the stamps at hand."""

    transaction_id: UUID
    kind: TransactionKind
    occurred_at: datetime
    delta: int
    balance_after: int
    reversed: bool


class Transactions:
    """The merchant's posted transactions."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def past(self, card_id: UUID, transaction_id: UUID) -> Past:
        """Return a card's transaction to undo; raises `NotFound`.

        Found by the card, as the tables are divided by time and not by id.
        """
        table = transactions.c
        found = await self._connection.execute(
            select(
                table.id,
                table.card_id,
                table.kind,
                table.occurred_at,
                table.earned_before,
                self._is_reversed(),
                func.coalesce(entries.c.delta, 0).label("delta"),
            )
            .join(entries, self._stamps_at_hand(), isouter=True)
            .where(
                table.merchant_id == self._merchant_id,
                table.card_id == card_id,
                table.id == transaction_id,
            )
        )
        row = found.first()
        if row is None:
            raise NotFound("This transaction does not exist.")
        return Past(
            id=row.id,
            card_id=row.card_id,
            kind=TransactionKind(row.kind),
            occurred_at=row.occurred_at,
            amount=row.delta,
            reversed=row.reversed,
            earned_before=row.earned_before,
        )

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
            select(
                table.id,
                table.kind,
                table.occurred_at,
                self._is_reversed(),
                func.coalesce(entries.c.delta, 0).label("delta"),
                func.coalesce(entries.c.balance_after, 0).label("balance_after"),
            )
            .join(entries, self._stamps_at_hand(), isouter=True)
            .where(table.merchant_id == self._merchant_id, table.card_id == card_id, seen)
            .order_by(table.occurred_at.desc(), table.id.desc())
            .limit(min(rows, HISTORY_ROWS_MAX))
        )
        return [
            HistoryLine(
                transaction_id=row.id,
                kind=TransactionKind(row.kind),
                occurred_at=row.occurred_at,
                delta=row.delta,
                balance_after=row.balance_after,
                reversed=row.reversed,
            )
            for row in found
        ]

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

    def _is_reversed(self) -> ColumnElement[bool]:
        return (
            exists()
            .where(
                reversals.c.merchant_id == self._merchant_id,
                reversals.c.transaction_id == transactions.c.id,
            )
            .label("reversed")
        )

    def _stamps_at_hand(self) -> ColumnElement[bool]:
        return and_(
            entries.c.merchant_id == transactions.c.merchant_id,
            entries.c.card_id == transactions.c.card_id,
            entries.c.unit == STAMP,
            entries.c.account == Account.AVAILABLE,
            entries.c.occurred_at == transactions.c.occurred_at,
            entries.c.transaction_id == transactions.c.id,
        )
