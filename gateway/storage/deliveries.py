"""Deliveries: what must reach the world, claimed with a lease and ended only by who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, insert, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.tables import deliveries

CLAIM_ROWS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing to deliver. `id` is the provider's key for life; `lease` fences the attempt."""

    merchant_id: UUID
    created_at: datetime
    id: UUID
    channel: str
    topic: str
    target: str
    attempts: int
    lease: UUID | None = None


async def add(
    connection: AsyncConnection, wanted: Sequence[Delivery], event_id: UUID, now: datetime
) -> int:
    """Write deliveries, leaving out targets that already have one waiting and not under way.

    A delivery says "look again", so one that waits speaks for all. Return how many were written.
    """
    written = 0
    for delivery in wanted:
        written += await _add_one(connection, delivery, event_id, now)
    return written


async def _add_one(
    connection: AsyncConnection, delivery: Delivery, event_id: UUID, now: datetime
) -> int:
    columns = {
        "merchant_id": delivery.merchant_id,
        "created_at": now,
        "id": delivery.id,
        "channel": delivery.channel,
        "topic": delivery.topic,
        "target": delivery.target,
        "event_id": event_id,
        "state": "waiting",
        "attempts": 0,
        "next_at": now,
    }
    already = exists().where(
        deliveries.c.merchant_id == delivery.merchant_id,
        deliveries.c.channel == delivery.channel,
        deliveries.c.topic == delivery.topic,
        deliveries.c.target == delivery.target,
        deliveries.c.state == "waiting",
        deliveries.c.lease.is_(None),
    )
    values = [literal(value, deliveries.c[name].type) for name, value in columns.items()]
    result = await connection.execute(
        insert(deliveries).from_select(list(columns), select(*values).where(~already))
    )
    return result.rowcount


async def claim(
    connection: AsyncConnection, lease: UUID, now: datetime, lease_for: timedelta
) -> list[Delivery]:
    """Take what is due under `lease`, and what another worker's lease ran out on.

    At most `CLAIM_ROWS_MAX`, oldest due first; the attempt is counted before it is made, so that
    a delivery that kills its worker ends too.
    """
    table = deliveries.c
    due = (
        select(table.merchant_id, table.created_at, table.id)
        .where(
            table.state == "waiting",
            table.next_at <= now,
            or_(table.lease.is_(None), table.leased_until <= now),
        )
        .order_by(table.next_at)
        .limit(CLAIM_ROWS_MAX)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    rows = await connection.execute(
        update(deliveries)
        .where(
            tuple_(table.merchant_id, table.created_at, table.id).in_(
                select(due.c.merchant_id, due.c.created_at, due.c.id)
            )
        )
        .values(lease=lease, leased_until=now + lease_for, attempts=table.attempts + 1)
        .returning(
            table.merchant_id,
            table.created_at,
            table.id,
            table.channel,
            table.topic,
            table.target,
            table.attempts,
            table.lease,
        )
    )
    return [Delivery(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name


async def end(
    connection: AsyncConnection, delivery: Delivery, state: str, reason: str, now: datetime
) -> bool:
    """End a delivery as `done` or `dead`; return False when the lease is no longer ours."""
    result = await connection.execute(
        update(deliveries)
        .where(_ours(delivery))
        .values(state=state, reason=reason, ended_at=now, lease=None, leased_until=None)
    )
    return result.rowcount == 1


async def postpone(
    connection: AsyncConnection, delivery: Delivery, reason: str, next_at: datetime
) -> bool:
    """Let a delivery wait for its next attempt; return False when the lease is no longer ours."""
    result = await connection.execute(
        update(deliveries)
        .where(_ours(delivery))
        .values(next_at=next_at, reason=reason, lease=None, leased_until=None)
    )
    return result.rowcount == 1


def _ours(delivery: Delivery) -> ColumnElement[bool]:
    table = deliveries.c
    return and_(
        table.merchant_id == delivery.merchant_id,
        table.created_at == delivery.created_at,
        table.id == delivery.id,
        table.state == "waiting",
        table.lease == delivery.lease,
    )
