"""Redemptions: a status that moves once from reserved to its end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import NotFound, RedemptionClosed
from gateway.domain.redemptions import Redemption, RedemptionStatus, Reward
from gateway.storage.tables import redemptions, rewards


class Redemptions:
    """The merchant's redemptions."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, redemption: Redemption) -> None:
        """Keep a new reservation."""
        await self._connection.execute(
            insert(redemptions).values(
                merchant_id=self._merchant_id,
                id=redemption.id,
                card_id=redemption.card_id,
                reward_id=redemption.reward.id,
                status=redemption.status,
                code=redemption.code,
                reserved_at=redemption.reserved_at,
                expires_at=redemption.expires_at,
            )
        )

    async def one(self, redemption_id: UUID) -> Redemption:
        """Return a redemption; raises `NotFound`."""
        found = await self._connection.execute(
            self._shown().where(redemptions.c.id == redemption_id)
        )
        row = found.first()
        if row is None:
            raise NotFound("This redemption does not exist.")
        return _redemption(row)

    async def open_of_card(self, card_id: UUID) -> list[Redemption]:
        """Return what is reserved for a card right now, oldest first."""
        found = await self._connection.execute(
            self._shown()
            .where(
                redemptions.c.card_id == card_id,
                redemptions.c.status == RedemptionStatus.RESERVED,
            )
            .order_by(redemptions.c.reserved_at)
        )
        return [_redemption(row) for row in found]

    async def end(self, redemption_id: UUID, status: RedemptionStatus, now: datetime) -> None:
        """Move a reservation to its end; raises `RedemptionClosed` when it already had one."""
        ended = await self._connection.execute(
            update(redemptions)
            .where(
                redemptions.c.merchant_id == self._merchant_id,
                redemptions.c.id == redemption_id,
                redemptions.c.status == RedemptionStatus.RESERVED,
            )
            .values(status=status, ended_at=now)
        )
        if not ended.rowcount:
            raise RedemptionClosed

    def _shown(self) -> Select[Any]:
        return (
            select(redemptions, rewards.c.name, rewards.c.cost)
            .join(
                rewards,
                and_(
                    rewards.c.merchant_id == redemptions.c.merchant_id,
                    rewards.c.id == redemptions.c.reward_id,
                ),
            )
            .where(redemptions.c.merchant_id == self._merchant_id)
        )


def _redemption(row: Row[Any]) -> Redemption:
    return Redemption(
        id=row.id,
        card_id=row.card_id,
        reward=Reward(id=row.reward_id, name=row.name, cost=row.cost),
        status=RedemptionStatus(row.status),
        code=row.code,
        reserved_at=row.reserved_at,
        expires_at=row.expires_at,
    )
