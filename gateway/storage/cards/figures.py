"""Figures: what a merchant's programs come to, counted where the rows are."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.program_figures import ProgramActivity
from gateway.domain.redemptions import RedemptionStatus
from gateway.storage.tables import cards, redemptions

# Days go along when a card is merged, redemptions stay where they were. By card, as the indexes
# are, so that one program costs what its own cards cost.
ACTIVITY = text("""
    SELECT count(*) FILTER (WHERE c.merged_into IS NULL) AS members,
        count(DISTINCT coalesce(c.merged_into, c.id)) FILTER (WHERE EXISTS (
            SELECT FROM card_days d WHERE d.merchant_id = :merchant AND d.card_id = c.id
                AND d.day >= :since AND d.earnings > 0
        ) OR had.lately > 0) AS active_members,
        coalesce(sum(had.ever), 0)::bigint AS redemptions
    FROM cards c CROSS JOIN LATERAL (
        SELECT count(*) AS ever, count(*) FILTER (WHERE r.ended_at >= :begins_at) AS lately
        FROM redemptions r WHERE r.merchant_id = :merchant AND r.card_id = c.id
            AND r.status = 'redeemed'
    ) AS had
    WHERE c.merchant_id = :merchant AND c.program_id = :program
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramFigures:
    """How many hold a card, how many of them came lately, and how many rewards went out."""

    members: int = 0
    active: int = 0
    rewards: int = 0


class Figures:
    """The merchant's figures."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def of_programs(self, active_since: datetime) -> dict[UUID, ProgramFigures]:
        """Return the figures by program; who earned since `active_since` is active."""
        rewards = await self._rewards()
        found = await self._connection.execute(
            select(
                cards.c.program_id,
                func.count().label("members"),
                func.count().filter(cards.c.last_earned_at >= active_since).label("active"),
            )
            .where(cards.c.merchant_id == self._merchant_id)
            .group_by(cards.c.program_id)
        )
        return {
            row.program_id: ProgramFigures(
                members=row.members, active=row.active, rewards=rewards.get(row.program_id, 0)
            )
            for row in found
        }

    async def activity(
        self, program_id: UUID, since: date, begins_at: datetime
    ) -> ProgramActivity:
        """Return one program's figures; `begins_at` is when the business day `since` began."""
        found = await self._connection.execute(
            ACTIVITY,
            {
                "merchant": self._merchant_id,
                "program": program_id,
                "since": since,
                "begins_at": begins_at,
            },
        )
        return ProgramActivity(**found.mappings().one(), active_since=since)

    async def _rewards(self) -> dict[UUID, int]:
        found = await self._connection.execute(
            select(cards.c.program_id, func.count())
            .join_from(
                redemptions,
                cards,
                and_(
                    cards.c.merchant_id == redemptions.c.merchant_id,
                    cards.c.id == redemptions.c.card_id,
                ),
            )
            .where(
                redemptions.c.merchant_id == self._merchant_id,
                redemptions.c.status == RedemptionStatus.REDEEMED,
            )
            .group_by(cards.c.program_id)
        )
        return {row[0]: row[1] for row in found}
