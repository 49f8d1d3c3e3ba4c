"""The outbox: facts written with what they tell of, claimed by state and never by number."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gateway.storage.among import among
from gateway.storage.cards.postings import Announcement
from gateway.storage.queues.turns import FIRST, TURN_MERCHANTS_MAX, merchants_waiting
from gateway.storage.tables import outbox

CLAIM_ROWS_MAX = 100
RELAY_ATTEMPTS_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An announced event on its way: what it says and when that happened."""

    id: UUID
    type: str
    data: dict[str, object]
    announced_at: datetime


class Outbox:
    """The merchant's facts: written in the unit they tell of, relayed in one of their own."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
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

    async def claim(self, rows: int = CLAIM_ROWS_MAX) -> list[Fact]:
        """Lock waiting facts until the unit ends, oldest first; other relays skip them.

        At most `CLAIM_ROWS_MAX`. A fact that failed waits twice as long each time.
        """
        table = outbox.c
        found = await self._connection.execute(
            select(table.id, table.type, table.data, table.announced_at)
            .where(table.merchant_id == self._merchant_id, _waiting())
            .order_by(table.announced_at)
            .limit(min(rows, CLAIM_ROWS_MAX))
            .with_for_update(skip_locked=True)
        )
        return [Fact(**row._mapping) for row in found]  # noqa: SLF001 -- SQLAlchemy's public name

    async def some(self, fact_ids: Collection[UUID]) -> dict[UUID, Fact]:
        """Return those of these facts that are still kept, relayed or not."""
        table = outbox.c
        found = await self._connection.execute(
            select(table.id, table.type, table.data, table.announced_at).where(
                table.merchant_id == self._merchant_id, among(table.id, fact_ids)
            )
        )
        return {row.id: Fact(**row._mapping) for row in found}  # noqa: SLF001 -- SQLAlchemy's public name

    async def hold(self, fact: Fact) -> bool:
        """Lock one fact until the unit ends; return False when it is relayed or in other hands."""
        found = await self._connection.execute(
            select(outbox.c.id)
            .where(
                outbox.c.merchant_id == self._merchant_id,
                outbox.c.id == fact.id,
                outbox.c.relayed_at.is_(None),
            )
            .with_for_update(skip_locked=True)
        )
        return found.first() is not None

    async def mark_relayed(self, facts: Sequence[Fact], now: datetime) -> None:
        """Say that everything that follows from these facts is written down."""
        await self._connection.execute(
            update(outbox)
            .where(
                outbox.c.merchant_id == self._merchant_id,
                among(outbox.c.id, [fact.id for fact in facts]),
            )
            .values(relayed_at=now)
        )

    async def mark_failed(self, fact: Fact, reason: str, now: datetime) -> bool:
        """Count a failed relay of one fact; the last of `RELAY_ATTEMPTS_MAX` makes it dead.

        Return whether it is dead now. It may have been relayed by somebody else meanwhile.
        """
        dies = outbox.c.attempts + 1 >= RELAY_ATTEMPTS_MAX
        counted = await self._connection.execute(
            update(outbox)
            .where(
                outbox.c.merchant_id == self._merchant_id,
                outbox.c.id == fact.id,
                outbox.c.relayed_at.is_(None),
            )
            .values(
                attempts=outbox.c.attempts + 1,
                relayed_at=case((dies, now)),
                dead_reason=case((dies, reason)),
            )
            .returning(outbox.c.relayed_at)
        )
        row = counted.first()
        return row is not None and row.relayed_at is not None


async def merchants_with_facts(engine: AsyncEngine, after: UUID) -> tuple[list[UUID], UUID]:
    """Return merchants whose facts wait, from the one `after` on, and after whom to go on.

    At most `TURN_MERCHANTS_MAX`. Needs the worker's role.
    """
    async with engine.connect() as connection:
        found = await connection.execute(
            merchants_waiting(outbox.c.merchant_id, _waiting(), after)
        )
        waiting = [row.merchant_id for row in found]
    return waiting, waiting[-1] if len(waiting) == TURN_MERCHANTS_MAX else FIRST


def _waiting() -> ColumnElement[bool]:
    """Not relayed, and not waiting after a failure: 2, 4, 8 … seconds after its announcement."""
    pause = func.power(2, outbox.c.attempts) * text("interval '1 second'")
    return and_(
        outbox.c.relayed_at.is_(None),
        or_(outbox.c.attempts == 0, outbox.c.announced_at + pause <= func.clock_timestamp()),
    )
