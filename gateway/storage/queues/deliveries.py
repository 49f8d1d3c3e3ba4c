"""Deliveries: what must reach the world, claimed with a lease and ended only by who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Row,
    Text,
    and_,
    any_,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gateway.storage.queues.turns import FIRST, TURN_MERCHANTS_MAX, merchants_waiting
from gateway.storage.tables import deliveries, devices, passes, registrations

CLAIM_ROWS_MAX = 200


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
    lease: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How an attempt ended: `done`, `dead`, or `waiting` until `next_at`.

    An attempt that is not `counted` brings the delivery no nearer to its death.
    """

    state: str
    reason: str
    next_at: datetime | None = None
    counted: bool = True


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
            .where(passes.c.merchant_id == self._merchant_id, passes.c.card_id.in_(card_ids))
        )
        return [
            Target(channel=channel, topic=row[0], target=row[1], card_id=row[2]) for row in found
        ]

    async def plan(self, wanted: Sequence[Wanted], now: datetime) -> int:
        """Write deliveries, leaving out targets that already have one waiting and not under way.

        A delivery says "look again", so one that waits speaks for all. It is kept from being
        sent until this unit has committed: sent before, it would speak of the past only. Return
        how many were written.
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
                "state": "waiting",
                "attempts": 0,
                "next_at": now,
            }
            for one in wanted
            if (one.channel, one.topic, one.target) not in waiting
        ]
        if rows:
            await self._connection.execute(insert(deliveries), rows)
        return len(rows)

    async def push_tokens(self, sent: Sequence[Delivery]) -> dict[tuple[str, str], str]:
        """Return the current push token for each topic and target that still has one."""
        table = devices.c
        key = tuple_(table.pass_type_identifier, table.device_library_identifier)
        found = await self._connection.execute(
            select(
                table.pass_type_identifier, table.device_library_identifier, table.push_token
            ).where(
                table.merchant_id == self._merchant_id,
                key.in_([(delivery.topic, delivery.target) for delivery in sent]),
            )
        )
        return {(row[0], row[1]): row[2] for row in found}

    async def _hold(self, wanted: Sequence[Wanted]) -> set[tuple[str, str, str]]:
        table = deliveries.c
        if not wanted:
            return set()
        names = {name: sorted({getattr(one, name) for one in wanted}) for name in _ADDRESS}
        found = await self._connection.execute(
            select(table.channel, table.topic, table.target)
            .where(
                table.merchant_id == self._merchant_id,
                table.state == "waiting",
                table.lease.is_(None),
                *(table[name] == any_(literal(names[name], ARRAY(Text))) for name in _ADDRESS),
            )
            .order_by(table.channel, table.topic, table.target, table.id)
            .with_for_update(read=True)
        )
        return {(row[0], row[1], row[2]) for row in found}


class DeliveryQueue:
    """The deliveries of all merchants; each method is one transaction of its own.

    Needs the worker's role.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the engine that opens the transactions."""
        self._engine = engine

    async def claim(
        self, lease: UUID, lease_for: timedelta, *, rows: int, after: UUID
    ) -> tuple[list[Delivery], UUID]:
        """Take what is due under `lease`, and what another worker's lease ran out on.

        At most `rows`, shared out among the merchants from the one `after` on; also return after
        whom to go on. The attempt is counted before it is made, so that a delivery that kills
        its worker ends too.
        """
        async with self._engine.begin() as connection:
            found = await connection.execute(
                merchants_waiting(deliveries.c.merchant_id, _DUE, after)
            )
            waiting = [row.merchant_id for row in found]
            merchants = waiting[:rows]
            if not merchants:
                return [], FIRST
            share = min(rows, CLAIM_ROWS_MAX) // len(merchants)
            claimed = await connection.execute(
                _CLAIM,
                {
                    "merchants": merchants,
                    "share": share,
                    "lease": lease,
                    "lease_for": lease_for,
                },
            )
            rest = len(waiting) > rows or len(waiting) == TURN_MERCHANTS_MAX
            return [_delivery(row) for row in claimed], merchants[-1] if rest else FIRST

    async def conclude(self, ended: Sequence[tuple[Delivery, Verdict]]) -> list[bool]:
        """Write how attempts ended; False where the lease is no longer ours and nothing is."""
        async with self._engine.begin() as connection:
            written = await connection.execute(_CONCLUDE, _columns(ended))
            ours = {(row.id, row.lease) for row in written}
        return [(delivery.id, delivery.lease) in ours for delivery, _ in ended]

    async def hasten(self, topic: str, reason: str) -> int:
        """Make everything of a topic that waits for `reason` due now; return how many."""
        async with self._engine.begin() as connection:
            hastened = await connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.topic == topic,
                    deliveries.c.state == "waiting",
                    deliveries.c.lease.is_(None),
                    deliveries.c.reason == reason,
                )
                .values(next_at=func.clock_timestamp())
            )
            return hastened.rowcount


_ADDRESS = ("channel", "topic", "target")

_DUE = and_(
    deliveries.c.state == "waiting",
    deliveries.c.next_at <= func.clock_timestamp(),
    or_(deliveries.c.lease.is_(None), deliveries.c.leased_until <= func.clock_timestamp()),
)

_CLAIM = text(
    """
    WITH due AS MATERIALIZED (
        SELECT d.merchant_id, d.created_at, d.id
        FROM unnest(CAST(:merchants AS uuid[])) AS turn(merchant_id),
        LATERAL (
            SELECT * FROM deliveries w
            WHERE w.merchant_id = turn.merchant_id AND w.state = 'waiting'
                AND w.next_at <= clock_timestamp()
                AND (w.lease IS NULL OR w.leased_until <= clock_timestamp())
            ORDER BY w.next_at LIMIT :share FOR UPDATE SKIP LOCKED
        ) d
    )
    UPDATE deliveries d
    SET lease = CAST(:lease AS uuid), attempts = d.attempts + 1,
        leased_until = clock_timestamp() + CAST(:lease_for AS interval)
    FROM due
    WHERE d.merchant_id = due.merchant_id AND d.created_at = due.created_at AND d.id = due.id
    RETURNING d.merchant_id, d.created_at, d.id, d.channel, d.topic, d.target, d.attempts, d.lease
    """
)

# The fence: who lost the lease finds no row.
_CONCLUDE = text(
    """
    UPDATE deliveries d
    SET state = e.state, reason = e.reason, next_at = coalesce(e.next_at, d.next_at),
        attempts = d.attempts - e.uncounted,
        ended_at = CASE WHEN e.state = 'waiting' THEN NULL ELSE clock_timestamp() END,
        lease = NULL, leased_until = NULL
    FROM unnest(
        CAST(:merchant_ids AS uuid[]), CAST(:created_ats AS timestamptz[]),
        CAST(:ids AS uuid[]), CAST(:leases AS uuid[]), CAST(:states AS text[]),
        CAST(:reasons AS text[]), CAST(:next_ats AS timestamptz[]), CAST(:uncounteds AS int[])
    ) AS e(merchant_id, created_at, id, lease, state, reason, next_at, uncounted)
    WHERE d.merchant_id = e.merchant_id AND d.created_at = e.created_at AND d.id = e.id
        AND d.state = 'waiting' AND d.lease = e.lease
    RETURNING d.id, e.lease
    """
)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name


def _columns(ended: Sequence[tuple[Delivery, Verdict]]) -> dict[str, list[object]]:
    return {
        "merchant_ids": [delivery.merchant_id for delivery, _ in ended],
        "created_ats": [delivery.created_at for delivery, _ in ended],
        "ids": [delivery.id for delivery, _ in ended],
        "leases": [delivery.lease for delivery, _ in ended],
        "states": [verdict.state for _, verdict in ended],
        "reasons": [verdict.reason for _, verdict in ended],
        "next_ats": [verdict.next_at for _, verdict in ended],
        "uncounteds": [int(not verdict.counted) for _, verdict in ended],
    }
