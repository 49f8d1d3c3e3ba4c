"""Upkeep of cards beside the ledger: blocked, merged, retold, and their tiers reviewed."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.cards import CardStatus, Standing
from gateway.domain.rules.outcomes import RuleMemory, TierMove
from gateway.storage.tables import card_days, cards, sales, tier_moves

# Days add up, also what counts as a visit: so they stay what the transactions of both sum to.
_MERGE_DAYS = text(
    """
    INSERT INTO card_days AS d
        (merchant_id, card_id, day, earnings, visits, spent, points, given)
    SELECT merchant_id, :into, day, earnings, visits, spent, points, given
    FROM card_days WHERE merchant_id = :merchant AND card_id = :merged
    ON CONFLICT ON CONSTRAINT card_days_pkey DO UPDATE SET
        earnings = d.earnings + excluded.earnings,
        visits = d.visits + excluded.visits, spent = d.spent + excluded.spent,
        points = d.points + excluded.points,
        given = (
            SELECT coalesce(jsonb_object_agg(key, amount), '{}') FROM (
                SELECT key, sum(value::bigint) AS amount FROM (
                    SELECT * FROM jsonb_each_text(d.given)
                    UNION ALL SELECT * FROM jsonb_each_text(excluded.given)) AS both_days
                GROUP BY key) AS summed)
    """
)
_MERGE_TOTALS = text(
    """
    UPDATE cards c SET visits_total = c.visits_total + m.visits_total,
        spent_total = c.spent_total + m.spent_total,
        points_total = c.points_total + m.points_total,
        tier_review_on = least(c.tier_review_on, m.tier_review_on)
    FROM cards m WHERE m.merchant_id = :merchant AND m.id = :merged
        AND c.merchant_id = :merchant AND c.id = :into
    """
)


class Upkeep:
    """What is done to the merchant's cards as a whole."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def block(self, card_id: UUID, reason: str | None) -> bool:
        """Block a card for a reason, or with None unblock it; return whether that changed it.

        A card that was merged is neither.
        """
        before, status = CardStatus.ACTIVE, CardStatus.BLOCKED
        if reason is None:
            before, status = status, before
        changed = await self._connection.execute(
            update(cards)
            .where(
                cards.c.merchant_id == self._merchant_id,
                cards.c.id == card_id,
                cards.c.status == before,
            )
            .values(status=status, blocked_reason=reason, version=cards.c.version + 1)
        )
        return bool(changed.rowcount)

    async def change_words(self, customer_id: UUID) -> list[UUID]:
        """Count up the versions of a customer's cards, which speak otherwise now; return them.

        Locked in the order of the ledger.
        """
        of_customer = (
            cards.c.merchant_id == self._merchant_id,
            cards.c.customer_id == customer_id,
        )
        await self._connection.execute(
            select(cards.c.id).where(*of_customer).order_by(cards.c.id).with_for_update()
        )
        changed = await self._connection.execute(
            update(cards)
            .where(*of_customer)
            .values(version=cards.c.version + 1)
            .returning(cards.c.id)
        )
        return sorted(changed.scalars())

    async def blocked_reason(self, card_id: UUID) -> str | None:
        """Return why a card is blocked, or None."""
        found = await self._connection.execute(
            select(cards.c.blocked_reason).where(
                cards.c.merchant_id == self._merchant_id, cards.c.id == card_id
            )
        )
        reason: str | None = found.scalar()
        return reason

    async def hold(self, card_ids: Collection[UUID]) -> None:
        """Keep everybody else from changing these cards and their sales until this unit ends.

        Sales first, as whoever changes one changes its card afterwards; cards in the order of the
        ledger.
        """
        for table, column in ((sales, sales.c.card_id), (cards, cards.c.id)):
            await self._connection.execute(
                select(table.c.id)
                .where(table.c.merchant_id == self._merchant_id, column.in_(card_ids))
                .order_by(table.c.id)
                .with_for_update(key_share=True)
            )

    async def hold_at(self, card_id: UUID, version: int) -> bool:
        """Keep everybody else from changing a card; return False if it is not at the version."""
        held = await self._connection.execute(
            select(cards.c.id)
            .where(
                cards.c.merchant_id == self._merchant_id,
                cards.c.id == card_id,
                cards.c.version == version,
            )
            .with_for_update(key_share=True)
        )
        return held.first() is not None

    async def merge(self, merged: UUID, left: Standing) -> None:
        """Add a card's days, totals and sales to another's, which is left as said.

        The first one's codes lead to the other from now on. Both are held.
        """
        into = left.card_id
        named = {"merchant": self._merchant_id, "merged": merged, "into": into}
        await self._connection.execute(_MERGE_DAYS, named)
        await self._connection.execute(_MERGE_TOTALS, named)
        await self._connection.execute(
            update(card_days)
            .where(card_days.c.merchant_id == self._merchant_id, card_days.c.card_id == merged)
            .values(earnings=0, visits=0, spent=0, points=0, given={})
        )
        await self._connection.execute(
            update(cards)
            .where(
                cards.c.merchant_id == self._merchant_id,
                (cards.c.id == merged) | (cards.c.merged_into == merged),
            )
            .values(
                status=CardStatus.MERGED,
                merged_into=into,
                visits_total=0,
                spent_total=0,
                points_total=0,
                tier_review_on=None,
                version=cards.c.version + 1,
            )
        )
        await self._connection.execute(
            update(cards)
            .where(cards.c.merchant_id == self._merchant_id, cards.c.id == into)
            .values(
                memory=msgspec.to_builtins(left.memory),
                last_earned_at=left.last_earned_at,
                version=cards.c.version + 1,
            )
        )
        await self._connection.execute(
            update(sales)
            .where(sales.c.merchant_id == self._merchant_id, sales.c.card_id == merged)
            .values(card_id=into)
        )

    async def tier_review_on(self, card_id: UUID) -> date | None:
        """Return when a card's tier is to be looked at, or None for never."""
        found = await self._connection.execute(
            select(cards.c.tier_review_on).where(
                cards.c.merchant_id == self._merchant_id, cards.c.id == card_id
            )
        )
        due_on: date | None = found.scalar()
        return due_on

    async def review_tier(
        self,
        card_id: UUID,
        version: int,
        memory: Mapping[str, RuleMemory],
        next_on: date,
    ) -> bool:
        """Keep what a review of a card's tier remembers; return False when the card changed."""
        changed = await self._connection.execute(
            update(cards)
            .where(
                cards.c.merchant_id == self._merchant_id,
                cards.c.id == card_id,
                cards.c.version == version,
            )
            .values(
                memory=msgspec.to_builtins(memory),
                tier_review_on=None if next_on == date.max else next_on,
                version=cards.c.version + 1,
            )
        )
        return bool(changed.rowcount)

    async def move_tier(
        self, card_id: UUID, move_id: UUID, move: TierMove, reason: str, now: datetime
    ) -> None:
        """Move a card that was just reviewed to another tier, and keep that it happened."""
        await self._connection.execute(
            update(cards)
            .where(cards.c.merchant_id == self._merchant_id, cards.c.id == card_id)
            .values(tier=move.tier, tier_since=now)
        )
        await self._connection.execute(
            insert(tier_moves).values(
                merchant_id=self._merchant_id,
                card_id=card_id,
                id=move_id,
                before=move.before,
                tier=move.tier,
                reason=reason,
                moved_at=now,
            )
        )
