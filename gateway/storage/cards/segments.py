"""Segments a merchant keeps by name, and how many cards are in one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.cards import CardStatus
from gateway.domain.configurations.reading import read
from gateway.domain.configurations.writing import written
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.segments import Segment
from gateway.storage.cards.segment_conditions import belongs
from gateway.storage.tables import cards, segments

SEGMENTS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSegment:
    """A segment under a merchant's name for it; `revision` counts its changes."""

    id: UUID
    name: str
    segment: Segment
    revision: int


class Segments:
    """The merchant's segments."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, saved: SavedSegment, now: datetime) -> None:
        """Keep a new segment."""
        await self._connection.execute(
            insert(segments).values(
                merchant_id=self._merchant_id,
                id=saved.id,
                name=saved.name,
                definition=written(saved.segment),
                revision=saved.revision,
                created_at=now,
            )
        )

    async def change(self, saved: SavedSegment, *, revision: int) -> None:
        """Write a segment, if it still is at `revision`; raises `ChangedMeanwhile`."""
        await self._update(
            saved.id,
            at=revision,
            name=saved.name,
            definition=written(saved.segment),
            revision=saved.revision,
        )

    async def delete(self, segment_id: UUID, now: datetime, *, revision: int) -> None:
        """Put a segment out of sight, if it still is at `revision`; raises `ChangedMeanwhile`."""
        await self._update(segment_id, at=revision, deleted_at=now, revision=revision + 1)

    async def all(self) -> list[SavedSegment]:
        """Return the merchant's segments by name; at most `SEGMENTS_MAX`."""
        found = await self._connection.execute(
            select(segments)
            .where(segments.c.merchant_id == self._merchant_id, segments.c.deleted_at.is_(None))
            .order_by(segments.c.name, segments.c.id)
            .limit(SEGMENTS_MAX)
        )
        return [_saved(row) for row in found]

    async def one(self, segment_id: UUID) -> SavedSegment:
        """Return a segment; raises `NotFound`."""
        found = await self._connection.execute(
            select(segments).where(
                segments.c.merchant_id == self._merchant_id,
                segments.c.id == segment_id,
                segments.c.deleted_at.is_(None),
            )
        )
        row = found.first()
        if row is None:
            raise NotFound("This segment does not exist.")
        return _saved(row)

    async def count(self, segment: Segment, program_id: UUID | None, now: datetime) -> int:
        """Return how many usable cards are in a segment, of one program or of all."""
        query = select(func.count()).where(
            cards.c.merchant_id == self._merchant_id,
            cards.c.status == CardStatus.ACTIVE,
            belongs(segment, now),
        )
        if program_id is not None:
            query = query.where(cards.c.program_id == program_id)
        counted = await self._connection.execute(query)
        return int(counted.scalar_one())

    async def _update(self, segment_id: UUID, *, at: int, **values: object) -> None:
        changed = await self._connection.execute(
            update(segments)
            .where(
                segments.c.merchant_id == self._merchant_id,
                segments.c.id == segment_id,
                segments.c.deleted_at.is_(None),
                segments.c.revision == at,
            )
            .values(**values)
        )
        if not changed.rowcount:
            raise ChangedMeanwhile


def _saved(row: Row[Any]) -> SavedSegment:
    return SavedSegment(
        id=row.id,
        name=row.name,
        segment=read(Segment, row.definition),
        revision=row.revision,
    )
