"""The chains of a merchant's cards as they were written, a portion of cards at a time."""

from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.chains import Link
from gateway.domain.checkpoints import Head
from gateway.domain.ledger import Account, Entry
from gateway.storage.among import among
from gateway.storage.tables import cards, entries, reversals, transactions

CARDS_ROWS_MAX = 500


class Chains:
    """The merchant's chains, for whoever verifies or exports them."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def portions(self) -> AsyncIterator[list[tuple[Head, list[Link]]]]:
        """Yield portions of cards by id: where each says its chain ends, and all its links."""
        after = UUID(int=0)
        while heads := await self._heads(after):
            links = await self._links([head.card_id for head in heads])
            yield [(head, links.get(head.card_id, [])) for head in heads]
            after = heads[-1].card_id

    async def _heads(self, after: UUID) -> list[Head]:
        found = await self._connection.execute(
            select(cards.c.id, cards.c.chain_number, cards.c.chain_hash)
            .where(cards.c.merchant_id == self._merchant_id, cards.c.id > after)
            .order_by(cards.c.id)
            .limit(CARDS_ROWS_MAX)
        )
        return [Head(row.id, row.chain_number, row.chain_hash) for row in found]

    async def _links(self, card_ids: Sequence[UUID]) -> dict[UUID, list[Link]]:
        table = transactions.c
        moved = (
            select(
                func.jsonb_agg(
                    aggregate_order_by(
                        func.jsonb_build_array(
                            entries.c.unit,
                            entries.c.account,
                            entries.c.seq,
                            entries.c.delta,
                            entries.c.balance_after,
                        ),
                        entries.c.unit,
                    )
                )
            )
            .where(
                entries.c.merchant_id == table.merchant_id,
                entries.c.card_id == table.card_id,
                entries.c.occurred_at == table.occurred_at,
                entries.c.transaction_id == table.id,
            )
            .scalar_subquery()
        )
        found = await self._connection.execute(
            select(
                transactions, reversals.c.transaction_id.label("reverses"), moved.label("moved")
            )
            .join(
                reversals,
                and_(
                    reversals.c.merchant_id == table.merchant_id,
                    reversals.c.reversed_by == table.id,
                ),
                isouter=True,
            )
            .where(table.merchant_id == self._merchant_id, among(table.card_id, card_ids))
            .order_by(table.card_id, table.number)
        )
        return {
            card_id: [_link(row) for row in rows]
            for card_id, rows in groupby(found, key=lambda row: row.card_id)
        }


def _link(row: Row[Any]) -> Link:
    return Link(
        merchant_id=row.merchant_id,
        card_id=row.card_id,
        number=row.number,
        id=row.id,
        kind=row.kind,
        occurred_at=row.occurred_at,
        happened_at=row.happened_at,
        program_version_id=row.program_version_id,
        business_day=row.business_day,
        earnings=row.earnings,
        visits=row.visits,
        spent=row.spent,
        given=row.given,
        reverses=row.reverses,
        actor=row.actor,
        source=row.source,
        location_id=row.location_id,
        till_id=row.till_id,
        staff_id=row.staff_id,
        sale_id=row.sale_id,
        approved_by=row.approved_by,
        counterpart_card_id=row.counterpart_card_id,
        entries=tuple(
            Entry(row.id, unit, Account(account), seq, delta, balance)
            for unit, account, seq, delta, balance in row.moved or ()
        ),
        hash=row.hash,
    )
