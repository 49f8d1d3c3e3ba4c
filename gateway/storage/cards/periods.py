"""Periods: when those of a program end, and which of its cards count by them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.programs import Program
from gateway.domain.rules.outcomes import RuleMemory
from gateway.storage.among import among
from gateway.storage.tables import cards, program_versions, programs


@dataclass(frozen=True, slots=True)
class Turn:
    """When a program's cards are looked at next: None since its version was published."""

    at: datetime | None
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembering:
    """A card that remembers something, and the version it is under."""

    card_id: UUID
    version_id: UUID
    memory: Mapping[str, RuleMemory]
    last_earned_at: datetime | None


class Periods:
    """The periods of the merchant's programs."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def turn(self, program_id: UUID) -> Turn:
        """Return when a program that exists is looked at next."""
        found = await self._connection.execute(
            select(programs.c.turns_at, program_versions.c.published_at)
            .join_from(programs, program_versions, _HOLDS)
            .where(programs.c.merchant_id == self._merchant_id, programs.c.id == program_id)
        )
        return Turn(*found.one())

    async def move(self, program: Program, turn: Turn, at: datetime) -> bool:
        """Look at a program's cards again at a moment; return False if `turn` holds no more.

        Nor does it once another version does, which has periods of its own.
        """
        moved = await self._connection.execute(
            update(programs)
            .where(
                programs.c.merchant_id == self._merchant_id,
                programs.c.id == program.id,
                programs.c.current_number == program.version.number,
                programs.c.turns_at.is_not_distinct_from(turn.at),
            )
            .values(turns_at=at)
        )
        return bool(moved.rowcount)

    async def remembering(self, program_id: UUID, after: UUID, rows: int) -> list[Remembering]:
        """Return a program's next cards by id that remember anything, at most `rows`."""
        found = await self._connection.execute(
            select(
                cards.c.id,
                func.coalesce(cards.c.variant_version_id, program_versions.c.id),
                cards.c.memory,
                cards.c.last_earned_at,
            )
            .join_from(
                cards,
                programs,
                (programs.c.merchant_id == cards.c.merchant_id)
                & (programs.c.id == cards.c.program_id),
            )
            .join(program_versions, _HOLDS)
            .where(
                cards.c.merchant_id == self._merchant_id,
                cards.c.program_id == program_id,
                cards.c.id > after,
                cards.c.memory != {},
            )
            .order_by(cards.c.id)
            .limit(rows)
        )
        return [
            Remembering(
                card_id=card_id,
                version_id=version_id,
                memory=msgspec.convert(memory, dict[str, RuleMemory]),
                last_earned_at=last_earned_at,
            )
            for card_id, version_id, memory, last_earned_at in found
        ]

    async def count_up(self, card_ids: Collection[UUID]) -> None:
        """Count up the versions of cards that read otherwise, locked in the ledger's order."""
        due = (
            select(cards.c.id)
            .where(cards.c.merchant_id == self._merchant_id, among(cards.c.id, card_ids))
            .order_by(cards.c.id)
            .with_for_update()
            .cte("due")
        )
        await self._connection.execute(
            update(cards)
            .where(cards.c.merchant_id == self._merchant_id, cards.c.id == due.c.id)
            .values(version=cards.c.version + 1)
        )


_HOLDS = (
    (program_versions.c.merchant_id == programs.c.merchant_id)
    & (program_versions.c.program_id == programs.c.id)
    & (program_versions.c.number == programs.c.current_number)
)
