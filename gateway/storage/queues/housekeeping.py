"""Housekeeping: partitions made ahead, and rows swept away that nobody will ask for again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gateway.domain.redemptions import RedemptionStatus
from gateway.storage.tables import (
    google_callbacks,
    google_notices,
    idempotency_keys,
    messages,
    outbox,
    redemptions,
    sessions,
    webhook_attempts,
    webhook_messages,
)

MONTHS_AHEAD = 3
SWEEP_ROWS_MAX = 5_000
OVERDUE_ROWS_MAX = 200
# Tills may be offline for days and then retry.
IDEMPOTENCY_KEYS_KEPT = timedelta(days=7)
RELAYED_FACTS_KEPT = timedelta(days=7)
ENDED_SESSIONS_KEPT = timedelta(days=30)
# Once it has expired a callback is not believed any more, whether it was told before or not.
EXPIRED_CALLBACKS_KEPT = timedelta(days=1)
# Google counts the notifications of 24 hours.
GOOGLE_NOTICES_KEPT = timedelta(days=2)
# So far back a merchant sees what was sent, and can have it sent again.
WEBHOOKS_KEPT = timedelta(days=30)
# Long enough to compare a campaign with last year's, and to answer who was written to and why.
MESSAGES_KEPT = timedelta(days=400)

_TRY_LOCK = text("SELECT pg_try_advisory_lock(hashtextextended(:chore, 2))")
_UNLOCK = text("SELECT pg_advisory_unlock(hashtextextended(:chore, 2))")


@dataclass(frozen=True, slots=True)
class Overdue:
    """A reservation whose time is over."""

    merchant_id: UUID
    card_id: UUID
    redemption_id: UUID


class Housekeeping:
    """Looks after the tables of all merchants; needs the worker's role."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the engine that opens the transactions."""
        self._engine = engine

    @asynccontextmanager
    async def alone(self, chore: str) -> AsyncIterator[bool]:
        """Give whether nobody else is at this chore now; if so, nobody else gets it meanwhile."""
        async with self._engine.connect() as pooled:
            # No transaction stays open meanwhile: the role may not idle in one.
            connection = await pooled.execution_options(isolation_level="AUTOCOMMIT")
            claimed = (await connection.execute(_TRY_LOCK, {"chore": chore})).scalar_one()
            try:
                yield claimed
            finally:
                if claimed:
                    await connection.execute(_UNLOCK, {"chore": chore})

    async def overdue_redemptions(self) -> list[Overdue]:
        """Return reservations that ran out, the oldest first; at most `OVERDUE_ROWS_MAX`."""
        table = redemptions.c
        async with self._engine.connect() as connection:
            found = await connection.execute(
                select(table.merchant_id, table.card_id, table.id)
                .where(
                    table.status == RedemptionStatus.RESERVED,
                    table.expires_at <= func.clock_timestamp(),
                )
                .order_by(table.expires_at)
                .limit(OVERDUE_ROWS_MAX)
            )
            return [Overdue(*row) for row in found]

    async def make_partitions(self) -> int:
        """Make the monthly partitions of the next months; return how many were missing."""
        async with self._engine.begin() as connection:
            made = await connection.execute(
                text("SELECT make_partitions(:months)"), {"months": MONTHS_AHEAD}
            )
            return int(made.scalar_one())

    async def sweep_idempotency_keys(self) -> int:
        """Forget the answers of old requests; return how many."""
        return await self._sweep(
            idempotency_keys, idempotency_keys.c.created_at < _ago(IDEMPOTENCY_KEYS_KEPT)
        )

    async def sweep_facts(self) -> int:
        """Forget relayed facts; return how many. Dead ones stay until somebody looked."""
        old = outbox.c.relayed_at < _ago(RELAYED_FACTS_KEPT)
        return await self._sweep(outbox, old & outbox.c.dead_reason.is_(None))

    async def sweep_sessions(self) -> int:
        """Forget sessions that ended long ago; return how many."""
        long_ago = _ago(ENDED_SESSIONS_KEPT)
        return await self._sweep(
            sessions, or_(sessions.c.ended_at < long_ago, sessions.c.expires_at < long_ago)
        )

    async def sweep_google(self) -> int:
        """Forget expired callbacks and notifications that no longer count; return how many."""
        expired = google_callbacks.c.expires_at < _ago(EXPIRED_CALLBACKS_KEPT)
        counted = google_notices.c.notified_at < _ago(GOOGLE_NOTICES_KEPT)
        swept = await self._sweep(google_callbacks, expired)
        return swept + await self._sweep(google_notices, counted)

    async def sweep_webhooks(self) -> int:
        """Forget webhook messages and the log of their deliveries; return how many."""
        old_messages = webhook_messages.c.created_at < _ago(WEBHOOKS_KEPT)
        old_attempts = webhook_attempts.c.attempted_at < _ago(WEBHOOKS_KEPT)
        swept = await self._sweep(webhook_messages, old_messages)
        return swept + await self._sweep(webhook_attempts, old_attempts)

    async def sweep_messages(self) -> int:
        """Forget messages that ended long ago, a campaign's recipients among them."""
        return await self._sweep(messages, messages.c.ended_at < _ago(MESSAGES_KEPT))

    async def _sweep(self, table: Table, old: ColumnElement[bool]) -> int:
        """Delete in pieces, each its own transaction, so that nobody waits long for a lock."""
        swept = 0
        while True:
            async with self._engine.begin() as connection:
                piece = await _delete_some(connection, table, old)
            swept += piece
            if piece < SWEEP_ROWS_MAX:
                return swept


async def _delete_some(connection: AsyncConnection, table: Table, old: ColumnElement[bool]) -> int:
    key: list[ColumnElement[Any]] = list(table.primary_key.columns)
    rows = select(*key).where(old).limit(SWEEP_ROWS_MAX)
    named = rows.cte("old")
    matching = [column == named.c[column.name] for column in key]
    result = await connection.execute(delete(table).where(*matching))
    return result.rowcount


def _ago(kept: timedelta) -> ColumnElement[Any]:
    return func.clock_timestamp() - kept
