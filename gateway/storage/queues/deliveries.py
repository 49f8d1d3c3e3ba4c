"""Deliveries: what must reach the world, as a merchant's relay writes them down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Text,
    and_,
    any_,
    insert,
    literal,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.among import among
from gateway.storage.tables import deliveries, devices, passes, registrations

INTERACTIVE, BULK = 0, 1
"""The lanes: somebody waits for it; it can wait until nobody does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom something is delivered to: a device, as its pass type (the topic) knows it."""

    channel: str
    topic: str
    target: str
    card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A delivery to be written; `id` will be the provider's key for life."""

    id: UUID
    event_id: UUID
    channel: str
    topic: str
    target: str
    lane: int = INTERACTIVE
    not_before: datetime | None = None


class Deliveries:
    """The merchant's deliveries, as the relay plans them and the sender addresses them."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def targets(self, channel: str, card_ids: Sequence[UUID]) -> list[Target]:
        """Return the devices that want updates of these cards' passes."""
        found = await self._connection.execute(
            select(
                passes.c.pass_type_identifier,
                registrations.c.device_library_identifier,
                passes.c.card_id,
            )
            .join(
                registrations,
                and_(
                    registrations.c.merchant_id == passes.c.merchant_id,
                    registrations.c.pass_type_identifier == passes.c.pass_type_identifier,
                    registrations.c.serial_number == passes.c.serial_number,
                ),
            )
            .where(passes.c.merchant_id == self._merchant_id, among(passes.c.card_id, card_ids))
        )
        return [
            Target(channel=channel, topic=row[0], target=row[1], card_id=row[2]) for row in found
        ]

    async def plan(self, wanted: Sequence[Wanted], now: datetime) -> int:
        """Write deliveries, leaving out targets that already have one waiting and not under way.

        A delivery says "look again", so one that waits speaks for all, unless it waits in a
        slower lane. It is kept from being sent until this unit has committed: sent before, it
        would speak of the past only. Return how many were written.
        """
        waiting = await self._hold(wanted)
        rows = [
            {
                "merchant_id": self._merchant_id,
                "created_at": now,
                "id": one.id,
                "channel": one.channel,
                "topic": one.topic,
                "target": one.target,
                "event_id": one.event_id,
                "lane": one.lane,
                "state": "waiting",
                "attempts": 0,
                "next_at": one.not_before or now,
            }
            for one in wanted
            if waiting.get((one.channel, one.topic, one.target), BULK + 1) > one.lane
        ]
        if rows:
            await self._connection.execute(insert(deliveries), rows)
        return len(rows)

    async def push_tokens(
        self, addresses: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], str]:
        """Return the current push token for each (topic, target) that still has one."""
        table = devices.c
        key = tuple_(table.pass_type_identifier, table.device_library_identifier)
        found = await self._connection.execute(
            select(
                table.pass_type_identifier, table.device_library_identifier, table.push_token
            ).where(
                table.merchant_id == self._merchant_id,
                key.in_(addresses),
            )
        )
        return {(row[0], row[1]): row[2] for row in found}

    async def _hold(self, wanted: Sequence[Wanted]) -> dict[tuple[str, str, str], int]:
        table = deliveries.c
        if not wanted:
            return {}
        names = {name: sorted({getattr(one, name) for one in wanted}) for name in _ADDRESS}
        found = await self._connection.execute(
            select(table.channel, table.topic, table.target, table.lane)
            .where(
                table.merchant_id == self._merchant_id,
                table.state == "waiting",
                table.lease.is_(None),
                *(table[name] == any_(literal(names[name], ARRAY(Text))) for name in _ADDRESS),
            )
            .order_by(table.channel, table.topic, table.target, table.lane.desc(), table.id)
            .with_for_update(read=True)
        )
        return {(row[0], row[1], row[2]): row.lane for row in found}


_ADDRESS = ("channel", "topic", "target")
