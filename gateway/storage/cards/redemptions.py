"""Redemptions: a status that moves once from reserved to its end, and from redeemed back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import NotFound, RedemptionClosed
from gateway.domain.redemptions import COUNTED, Fulfilment, Redemption, RedemptionStatus
from gateway.storage.among import among
from gateway.storage.tables import cards, redemptions, rewards

WAITING_ROWS_MAX = 100


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
                reward_id=redemption.reward_id,
                unit=redemption.unit,
                cost=redemption.cost,
                transaction_id=redemption.transaction_id,
                has_taken_stock=redemption.has_taken_stock,
                status=redemption.status,
                fulfilment=redemption.fulfilment,
                code=redemption.code,
                reserved_at=redemption.reserved_at,
                expires_at=redemption.expires_at,
            )
        )

    async def one(self, redemption_id: UUID) -> Redemption:
        """Return a redemption; raises `NotFound`."""
        found = await self._some(self._shown().where(redemptions.c.id == redemption_id))
        if not found:
            raise NotFound("This redemption does not exist.")
        return found[0]

    async def open_of_card(self, card_id: UUID) -> list[Redemption]:
        """Return what is reserved for a card right now, oldest first."""
        return await self._some(
            self._shown()
            .where(
                redemptions.c.card_id == card_id,
                redemptions.c.status == RedemptionStatus.RESERVED,
            )
            .order_by(redemptions.c.reserved_at)
        )

    async def waiting(self, code: str | None = None) -> list[Redemption]:
        """Return what waits to be handed out or fulfilled, oldest first; at most 100.

        With a code, only what waits under it.
        """
        waits = self._shown().where(self._waits())
        if code is not None:
            waits = waits.where(redemptions.c.code == code)
        return await self._some(waits.order_by(redemptions.c.reserved_at).limit(WAITING_ROWS_MAX))

    async def had(self, card_id: UUID, reward_ids: Collection[UUID]) -> Mapping[UUID, int]:
        """Return how often a card took each of these rewards and kept it.

        What was taken with cards that were merged into it counts too.
        """
        table = redemptions.c
        merged = select(cards.c.id).where(
            cards.c.merchant_id == self._merchant_id, cards.c.merged_into == card_id
        )
        found = await self._connection.execute(
            select(table.reward_id, func.count())
            .where(
                table.merchant_id == self._merchant_id,
                among(table.reward_id, reward_ids),
                or_(table.card_id == card_id, table.card_id.in_(merged)),
                table.status.in_(COUNTED),
            )
            .group_by(table.reward_id)
        )
        return {row[0]: row[1] for row in found}

    async def end(
        self, redemption: Redemption, status: RedemptionStatus, by: UUID, now: datetime
    ) -> None:
        """Move a reservation to its end; `by` is the transaction that did.

        Raises `RedemptionClosed` when it already had one.
        """
        is_waiting = status is RedemptionStatus.REDEEMED and redemption.needs_fulfilment
        await self._move(
            redemption.id,
            RedemptionStatus.RESERVED,
            status=status,
            ended_at=now,
            end_transaction_id=by,
            fulfilment=Fulfilment.OPEN if is_waiting else Fulfilment.NONE,
        )

    async def reverse(self, redemption_id: UUID, now: datetime) -> None:
        """Take a redeemed reward back; raises `RedemptionClosed` unless it is one."""
        still_open = redemptions.c.fulfilment == Fulfilment.OPEN
        await self._move(
            redemption_id,
            RedemptionStatus.REDEEMED,
            status=RedemptionStatus.REVERSED,
            reversed_at=now,
            fulfilment=case((still_open, Fulfilment.NONE), else_=redemptions.c.fulfilment),
        )

    async def fulfil(self, redemption_id: UUID, by: str, now: datetime) -> bool:
        """Note that it was done and by whom; False when it was not waiting for that."""
        done = await self._connection.execute(
            update(redemptions)
            .where(
                self._is(redemption_id),
                redemptions.c.status == RedemptionStatus.REDEEMED,
                redemptions.c.fulfilment == Fulfilment.OPEN,
            )
            .values(fulfilment=Fulfilment.FULFILLED, fulfilled_at=now, fulfilled_by=by)
        )
        return bool(done.rowcount)

    async def _move(self, redemption_id: UUID, before: RedemptionStatus, **values: object) -> None:
        moved = await self._connection.execute(
            update(redemptions)
            .where(self._is(redemption_id), redemptions.c.status == before)
            .values(**values)
        )
        if not moved.rowcount:
            raise RedemptionClosed

    async def _some(self, query: Select[Any]) -> list[Redemption]:
        return [_redemption(row) for row in await self._connection.execute(query)]

    def _is(self, redemption_id: UUID) -> ColumnElement[bool]:
        table = redemptions.c
        return and_(table.merchant_id == self._merchant_id, table.id == redemption_id)

    def _waits(self) -> ColumnElement[bool]:
        """Return the condition of the index that finds these among all that are over."""
        return or_(
            redemptions.c.status == RedemptionStatus.RESERVED,
            redemptions.c.fulfilment == Fulfilment.OPEN,
        )

    def _shown(self) -> Select[Any]:
        return (
            select(redemptions, rewards.c.name, rewards.c.needs_fulfilment)
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
        reward_id=row.reward_id,
        name=row.name,
        unit=row.unit,
        cost=row.cost,
        transaction_id=row.transaction_id,
        end_transaction_id=row.end_transaction_id,
        has_taken_stock=row.has_taken_stock,
        needs_fulfilment=row.needs_fulfilment,
        status=RedemptionStatus(row.status),
        fulfilment=Fulfilment(row.fulfilment),
        code=row.code,
        reserved_at=row.reserved_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        fulfilled_at=row.fulfilled_at,
        fulfilled_by=row.fulfilled_by,
        reversed_at=row.reversed_at,
    )
