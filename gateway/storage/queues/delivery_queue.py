"""The queue of all merchants: claimed with a lease, and ended only by who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, or_, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.storage.queues.turns import FIRST, TURN_MERCHANTS_MAX, merchants_waiting
from gateway.storage.tables import deliveries

CLAIM_ROWS_MAX = 200
INTERRUPTED = "Interrupted"
"""The reason of a delivery that was cut off while it was being sent."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may say how an attempt ended, and for how long nobody else may try."""

    id: UUID
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing to deliver. `id` is the provider's key for life; `lease` fences the attempt.

    `interrupted` says that an earlier attempt never ended: nobody knows what became of it.
    """

    merchant_id: UUID
    created_at: datetime
    id: UUID
    channel: str
    topic: str
    target: str
    attempts: int
    lease: UUID
    event_id: UUID
    lane: int
    interrupted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How an attempt ended: `done`, `dead`, or `waiting` until `next_at`.

    An attempt that is not `counted` brings the delivery no nearer to its death.
    """

    state: str
    reason: str
    next_at: datetime | None = None
    counted: bool = True


class DeliveryQueue:
    """The deliveries of all merchants; each method is one transaction of its own.

    Needs the worker's role.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the engine that opens the transactions."""
        self._engine = engine

    async def claim(
        self, channel: str, lease: Lease, *, rows: int, after: UUID
    ) -> tuple[list[Delivery], UUID]:
        """Take what is due on a channel under `lease`, and what another's lease ran out on.

        What somebody waits for comes first. At most `rows`, shared out among the merchants from
        the one `after` on; also return after whom to go on. The attempt is counted before it is
        made, so that a delivery that kills its worker ends too.
        """
        async with self._engine.begin() as connection:
            found = await connection.execute(
                merchants_waiting(
                    deliveries.c.merchant_id, and_(deliveries.c.channel == channel, _DUE), after
                )
            )
            waiting = [row.merchant_id for row in found]
            merchants = waiting[:rows]
            if not merchants:
                return [], FIRST
            share = min(rows, CLAIM_ROWS_MAX) // len(merchants)
            claimed = await connection.execute(
                _CLAIM,
                {
                    "channel": channel,
                    "merchants": merchants,
                    "share": share,
                    "lease": lease.id,
                    "lease_for": lease.lasts,
                    "interrupted": INTERRUPTED,
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

    async def hasten(self, channel: str, topic: str, reason: str) -> int:
        """Make all of a channel's topic that waits for `reason` due now; return how many."""
        async with self._engine.begin() as connection:
            hastened = await connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.channel == channel,
                    deliveries.c.topic == topic,
                    deliveries.c.state == "waiting",
                    deliveries.c.lease.is_(None),
                    deliveries.c.reason == reason,
                )
                .values(next_at=func.clock_timestamp())
            )
            return hastened.rowcount


_DUE = and_(
    deliveries.c.state == "waiting",
    deliveries.c.next_at <= func.clock_timestamp(),
    or_(deliveries.c.lease.is_(None), deliveries.c.leased_until <= func.clock_timestamp()),
)

_CLAIM = text(
    """
    WITH due AS MATERIALIZED (
        SELECT d.merchant_id, d.created_at, d.id,
            d.lease IS NOT NULL OR coalesce(d.reason, '') = :interrupted AS interrupted
        FROM unnest(CAST(:merchants AS uuid[])) AS turn(merchant_id),
        LATERAL (
            SELECT * FROM deliveries w
            WHERE w.channel = :channel AND w.merchant_id = turn.merchant_id
                AND w.state = 'waiting'
                AND w.next_at <= clock_timestamp()
                AND (w.lease IS NULL OR w.leased_until <= clock_timestamp())
            ORDER BY w.lane, w.next_at LIMIT :share FOR UPDATE SKIP LOCKED
        ) d
    )
    UPDATE deliveries d
    SET lease = CAST(:lease AS uuid), attempts = d.attempts + 1,
        leased_until = clock_timestamp() + CAST(:lease_for AS interval)
    FROM due
    WHERE d.merchant_id = due.merchant_id AND d.created_at = due.created_at AND d.id = due.id
    RETURNING d.merchant_id, d.created_at, d.id, d.channel, d.topic, d.target, d.attempts, d.lease,
        d.event_id, d.lane, due.interrupted
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
