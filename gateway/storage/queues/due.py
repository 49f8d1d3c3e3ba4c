"""What is due on cards of all merchants: value that matures or ends, and tiers to be reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.domain.ledger import Account
from gateway.storage.among import among
from gateway.storage.tables import cards, lots

DUE_ROWS_MAX = 500


@dataclass(frozen=True, slots=True, order=True)
class DueCard:
    """A card on which something is due, and its version when it was looked at."""

    merchant_id: UUID
    card_id: UUID
    version: int


class Due:
    """Finds what is due, the longest due first; at most `DUE_ROWS_MAX` at once.

    Needs the worker's role. Those in `but` were seen to in this run, or could not be.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the engine that opens the transactions."""
        self._engine = engine

    async def matured(self, but: Sequence[UUID]) -> list[DueCard]:
        """Return cards on which something was held back long enough."""
        is_due = (lots.c.usable_from <= func.clock_timestamp()) & (
            lots.c.account == Account.PENDING
        )
        return await self._found(_by_lots(func.min(lots.c.usable_from)).where(is_due), but)

    async def expired(self, but: Sequence[UUID]) -> list[DueCard]:
        """Return cards on which something ended."""
        is_due = (lots.c.expires_at <= func.clock_timestamp()) & (
            lots.c.account == Account.AVAILABLE
        )
        return await self._found(_by_lots(func.min(lots.c.expires_at)).where(is_due), but)

    async def expiring(self, within: timedelta, but: Sequence[UUID]) -> list[DueCard]:
        """Return cards on which something ends within so long and nobody was told of it."""
        now = func.clock_timestamp()
        is_due = and_(
            lots.c.expires_at > now,
            lots.c.expires_at <= now + within,
            lots.c.account == Account.AVAILABLE,
            lots.c.noticed_for.is_distinct_from(lots.c.expires_at),
        )
        return await self._found(_by_lots(func.min(lots.c.expires_at)).where(is_due), but)

    async def tier_reviews(self, ahead: timedelta, but: Sequence[UUID]) -> list[DueCard]:
        """Return cards whose tier is to be looked at on the day it is where clocks are ahead."""
        today = cast(func.timezone("UTC", func.clock_timestamp() + ahead), Date)
        query = (
            select(cards.c.merchant_id, cards.c.id.label("card_id"), cards.c.version)
            .where(cards.c.tier_review_on <= today)
            .order_by(cards.c.tier_review_on, cards.c.id)
        )
        return await self._found(query, but)

    async def _found(self, query: Select[Any], but: Sequence[UUID]) -> list[DueCard]:
        async with self._engine.connect() as connection:
            found = await connection.execute(
                query.where(~among(cards.c.id, but)).limit(DUE_ROWS_MAX)
            )
            return [DueCard(row.merchant_id, row.card_id, row.version) for row in found]


def _by_lots(order: Any) -> Select[Any]:  # noqa: ANN401 -- an SQL expression of any type
    is_same = and_(lots.c.merchant_id == cards.c.merchant_id, lots.c.card_id == cards.c.id)
    return (
        select(cards.c.merchant_id, cards.c.id.label("card_id"), cards.c.version)
        .join_from(lots, cards, is_same)
        .where(lots.c.remaining > 0)
        .group_by(cards.c.merchant_id, cards.c.id, cards.c.version)
        .order_by(order, cards.c.id)
    )
