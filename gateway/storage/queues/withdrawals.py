"""Withdrawals: taking back deliveries of a campaign, and asking what became of others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.queues.deliveries import BULK
from gateway.storage.queues.delivery_queue import INTERRUPTED
from gateway.storage.tables import deliveries

WITHDRAWN = "Withdrawn"
GOOGLE = "google"
"""Takes a message as often as it is sent, so that one that was tried is looked for first."""


@dataclass(frozen=True, slots=True)
class Address:
    """What a delivery is for: the channel, who sends, and the target."""

    channel: str
    topic: str
    target: str


class Withdrawals:
    """The merchant's deliveries, as a campaign looks after them; it is their event."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def withdraw(self, campaign_id: UUID, now: datetime) -> set[Address]:
        """End a campaign's deliveries that nobody has begun; return what they were for.

        One that was cut off may have arrived: whoever finds it has to know that it was begun.
        """
        table = deliveries.c
        waiting = (
            select(table.created_at, table.id)
            .where(
                table.merchant_id == self._merchant_id,
                table.state == "waiting",
                table.lane == BULK,
                table.event_id == campaign_id,
                table.lease.is_(None),
                table.reason.is_distinct_from(INTERRUPTED),
                or_(table.channel != GOOGLE, table.attempts == 0),
            )
            .order_by(table.created_at, table.id)
            .with_for_update()
            .cte("waiting")
        )
        ended = await self._connection.execute(
            update(deliveries)
            .where(
                table.merchant_id == self._merchant_id,
                table.created_at == waiting.c.created_at,
                table.id == waiting.c.id,
            )
            .values(state="done", reason=WITHDRAWN, ended_at=now)
            .returning(table.channel, table.topic, table.target)
        )
        return {Address(row.channel, row.topic, row.target) for row in ended}

    async def waiting(self, addresses: Collection[Address]) -> set[Address]:
        """Return which of these still have a delivery that has not ended."""
        table = deliveries.c
        columns = (table.channel, table.topic, table.target)
        found = await self._connection.execute(
            select(*columns).where(
                table.merchant_id == self._merchant_id,
                table.state == "waiting",
                tuple_(*columns).in_([(a.channel, a.topic, a.target) for a in addresses]),
            )
        )
        return {Address(row.channel, row.topic, row.target) for row in found}

    async def reasons(
        self, addresses: Collection[Address], since: datetime
    ) -> dict[Address, str | None]:
        """Return why the newest delivery for each of these since a moment ended."""
        found = await self._connection.execute(
            _REASONS,
            {
                "merchant_id": self._merchant_id,
                "channels": [address.channel for address in addresses],
                "topics": [address.topic for address in addresses],
                "targets": [address.target for address in addresses],
                "since": since,
            },
        )
        return {Address(row.channel, row.topic, row.target): row.reason for row in found}


_REASONS = text(
    """
    SELECT DISTINCT ON (d.channel, d.topic, d.target) d.channel, d.topic, d.target, d.reason
    FROM deliveries d
    JOIN unnest(
        CAST(:channels AS text[]), CAST(:topics AS text[]), CAST(:targets AS text[])
    ) AS asked(channel, topic, target) USING (channel, topic, target)
    WHERE d.merchant_id = :merchant_id AND d.created_at >= :since AND d.state <> 'waiting'
    ORDER BY d.channel, d.topic, d.target, d.ended_at DESC
    """
)
