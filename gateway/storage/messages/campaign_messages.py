"""A campaign's messages: claimed portion by portion, counted, and looked through by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.consents import Purpose
from gateway.domain.messages import Channel, MessageState, SkipReason
from gateway.storage.among import among
from gateway.storage.tables import messages

PAGE_ROWS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many messages of a campaign stand alike."""

    channel: Channel
    state: MessageState
    reason: str | None
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A customer's message of a campaign, by one channel."""

    id: UUID
    customer_id: UUID
    card_id: UUID
    channel: Channel
    state: MessageState
    reason: str | None
    sent_at: datetime | None
    ended_at: datetime | None


class CampaignMessages:
    """The messages of the merchant's campaigns, without test sends."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def claim(
        self, campaign_id: UUID, channel: Channel, now: datetime, rows: int
    ) -> list[Recipient]:
        """Return messages that may be released now, locked until the unit ends."""
        table = messages.c
        found = await self._connection.execute(
            select(messages)
            .where(self._of(campaign_id, channel, MessageState.QUEUED), table.not_before <= now)
            .order_by(table.not_before, table.id)
            .limit(rows)
            .with_for_update(skip_locked=True)
        )
        return [_recipient(row) for row in found]

    async def defer(self, not_before: Mapping[UUID, datetime]) -> None:
        """Keep queued messages from being released before these moments."""
        if not_before:
            await self._connection.execute(
                _DEFER,
                {
                    "merchant_id": self._merchant_id,
                    "ids": list(not_before),
                    "moments": list(not_before.values()),
                },
            )

    async def sending(self, campaign_id: UUID, channels: Sequence[Channel]) -> dict[Channel, int]:
        """Return how many messages are on their way, by channel."""
        table = messages.c
        found = await self._connection.execute(
            select(table.channel, func.count())
            .where(
                self._of(campaign_id),
                # All of them, named so that the index leads straight to the few on their way.
                table.channel.in_(channels),
                table.state == MessageState.SENDING,
            )
            .group_by(table.channel)
        )
        return {Channel(row[0]): row[1] for row in found}

    async def offers_under_way(self, customer_ids: Sequence[UUID]) -> dict[UUID, int]:
        """Return how many offers are on their way to each customer, not counted as sent yet."""
        table = messages.c
        found = await self._connection.execute(
            select(table.customer_id, func.count())
            .where(
                table.merchant_id == self._merchant_id,
                among(table.customer_id, customer_ids),
                table.purpose == Purpose.MARKETING,
                table.state == MessageState.SENDING,
                table.sent_at.is_(None),
            )
            .group_by(table.customer_id)
        )
        return {row[0]: row[1] for row in found}

    async def has_queued(self, campaign_id: UUID, channel: Channel) -> bool:
        """Whether a message of a channel is still to be released, now or later."""
        found = await self._connection.execute(
            select(messages.c.id)
            .where(self._of(campaign_id, channel, MessageState.QUEUED))
            .limit(1)
        )
        return found.first() is not None

    async def sweep(
        self, campaign_id: UUID, now: datetime, rows: int, *, untold: Channel | None = None
    ) -> int:
        """Skip the next queued messages of a campaign that is over; return how many.

        By the channel `untold` nothing was handed to anybody, so that what was released is not
        on its way there.
        """
        table = messages.c
        is_untold = and_(table.channel == untold, table.state == MessageState.SENDING)
        queued = (
            select(table.id)
            .where(
                self._of(campaign_id),
                or_(table.state == MessageState.QUEUED, is_untold),
            )
            .limit(rows)
            .with_for_update()
            .cte("queued")
        )
        swept = await self._connection.execute(
            update(messages)
            .where(table.merchant_id == self._merchant_id, table.id == queued.c.id)
            .values(state=MessageState.SKIPPED, reason=SkipReason.CANCELLED, ended_at=now)
        )
        return swept.rowcount

    async def requeue_all(self, campaign_id: UUID, channel: Channel, now: datetime) -> None:
        """Queue again what was released by a channel and never handed to anybody."""
        await self._connection.execute(
            update(messages)
            .where(self._of(campaign_id, channel, MessageState.SENDING))
            .values(state=MessageState.QUEUED, not_before=now)
        )

    async def counts(self, campaign_id: UUID) -> list[Count]:
        """Return how many messages stand how; together all recipients, at any moment."""
        table = messages.c
        columns = (table.channel, table.state, table.reason)
        found = await self._connection.execute(
            select(*columns, func.count().label("messages"))
            .where(self._of(campaign_id))
            .group_by(*columns)
            .order_by(*columns)
        )
        return [
            Count(
                channel=Channel(row.channel),
                state=MessageState(row.state),
                reason=row.reason,
                messages=row.messages,
            )
            for row in found
        ]

    async def page(
        self,
        campaign_id: UUID,
        rows: int,
        after: tuple[UUID, Channel] | None = None,
        *,
        channel: Channel | None = None,
        state: MessageState | None = None,
    ) -> list[Recipient]:
        """Return messages by customer and channel, after the last one seen; at most 100."""
        table = messages.c
        order = (table.customer_id, table.channel)
        query = select(messages).where(self._of(campaign_id, channel, state)).order_by(*order)
        if after:
            query = query.where(tuple_(*order) > tuple_(*after))
        found = await self._connection.execute(query.limit(min(rows, PAGE_ROWS_MAX)))
        return [_recipient(row) for row in found]

    async def overdue(
        self, campaign_id: UUID, channel: Channel, before: datetime, rows: int
    ) -> list[Recipient]:
        """Return messages that were released before a moment and are on their way since."""
        table = messages.c
        found = await self._connection.execute(
            select(messages)
            .where(self._of(campaign_id, channel, MessageState.SENDING), table.not_before < before)
            .order_by(table.id)
            .limit(rows)
        )
        return [_recipient(row) for row in found]

    def _of(
        self,
        campaign_id: UUID,
        channel: Channel | None = None,
        state: MessageState | None = None,
    ) -> ColumnElement[bool]:
        table = messages.c
        conditions = [
            table.merchant_id == self._merchant_id,
            table.campaign_id == campaign_id,
            table.customer_id.is_not(None),
        ]
        if channel is not None:
            conditions.append(table.channel == channel)
        if state is not None:
            conditions.append(table.state == state)
        return and_(*conditions)


_DEFER = text(
    """
    UPDATE messages m SET not_before = d.moment
    FROM unnest(CAST(:ids AS uuid[]), CAST(:moments AS timestamptz[])) AS d(id, moment)
    WHERE m.merchant_id = :merchant_id AND m.id = d.id AND m.state = 'queued'
    """
)


def _recipient(row: Row[Any]) -> Recipient:
    return Recipient(
        id=row.id,
        customer_id=row.customer_id,
        card_id=row.card_id,
        channel=Channel(row.channel),
        state=MessageState(row.state),
        reason=row.reason,
        sent_at=row.sent_at,
        ended_at=row.ended_at,
    )
