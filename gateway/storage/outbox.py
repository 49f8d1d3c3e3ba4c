"""The outbox: facts written with what they tell of, claimed by state and never by number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.ledger import Announcement
from gateway.storage.tables import outbox

CLAIM_ROWS_MAX = 100
RELAY_ATTEMPTS_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An announced event on its way: whose it is and what it says."""

    merchant_id: UUID
    id: UUID
    type: str
    data: dict[str, object]
    announced_at: datetime


class Outbox:
    """Where a unit's facts are written."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, announcements: Sequence[Announcement], now: datetime) -> None:
        """Write facts in the unit's transaction."""
        if announcements:
            await self._connection.execute(
                insert(outbox),
                [
                    {
                        "merchant_id": self._merchant_id,
                        "id": announcement.id,
                        "type": announcement.type,
                        "data": announcement.data,
                        "announced_at": now,
                    }
                    for announcement in announcements
                ],
            )


async def claim(connection: AsyncConnection) -> list[Fact]:
    """Lock waiting facts of all merchants, oldest first; other relays skip them.

    At most `CLAIM_ROWS_MAX`. Needs the worker's role.
    """
    table = outbox.c
    rows = await connection.execute(
        select(table.merchant_id, table.id, table.type, table.data, table.announced_at)
        .where(table.relayed_at.is_(None))
        .order_by(table.announced_at)
        .limit(CLAIM_ROWS_MAX)
        .with_for_update(skip_locked=True)
    )
    return [Fact(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name


async def mark_relayed(connection: AsyncConnection, facts: Sequence[Fact], now: datetime) -> None:
    """Say that everything that follows from these facts is written down."""
    await connection.execute(
        update(outbox)
        .where(
            tuple_(outbox.c.merchant_id, outbox.c.id).in_([(f.merchant_id, f.id) for f in facts])
        )
        .values(relayed_at=now)
    )


async def mark_failed(connection: AsyncConnection, fact: Fact, reason: str, now: datetime) -> bool:
    """Count a failed relay of one fact; the last of `RELAY_ATTEMPTS_MAX` makes it dead.

    Return whether it is dead now.
    """
    attempts = (
        await connection.execute(
            update(outbox)
            .where(outbox.c.merchant_id == fact.merchant_id, outbox.c.id == fact.id)
            .values(attempts=outbox.c.attempts + 1)
            .returning(outbox.c.attempts)
        )
    ).scalar_one()
    dead: bool = attempts >= RELAY_ATTEMPTS_MAX
    if dead:
        await connection.execute(
            update(outbox)
            .where(outbox.c.merchant_id == fact.merchant_id, outbox.c.id == fact.id)
            .values(relayed_at=now, dead_reason=reason)
        )
    return dead


async def ring(connection: AsyncConnection) -> None:
    """Wake every listening relay; nothing depends on it being heard."""
    await connection.execute(text("SELECT pg_notify('outbox', '')"))
