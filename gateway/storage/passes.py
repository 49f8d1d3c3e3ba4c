"""Passes in wallets, and publishing: giving each change a tag that no device can miss."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.tables import cards, passes
from gateway.storage.tables.passes import pass_tags

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:pass_type, 1))")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPass:
    """A card's pass of one type; devices were told of the card's `published_version`."""

    pass_type_identifier: str
    serial_number: str
    card_id: UUID
    published_version: int
    tag: int
    changed_at: datetime


class Passes:
    """The merchant's passes."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(
        self, pass_type_identifier: str, serial_number: str, card_id: UUID, now: datetime
    ) -> None:
        """Keep a new pass, which is not published yet."""
        await self._connection.execute(
            insert(passes).values(
                merchant_id=self._merchant_id,
                pass_type_identifier=pass_type_identifier,
                serial_number=serial_number,
                card_id=card_id,
                published_version=0,
                tag=0,
                changed_at=now.replace(microsecond=0),
                created_at=now,
            )
        )

    async def of_card(self, card_id: UUID) -> StoredPass | None:
        """Return the card's pass, or None before one was made."""
        return await self._one(passes.c.card_id == card_id)

    async def one(self, pass_type_identifier: str, serial_number: str) -> StoredPass | None:
        """Return a pass by the two names Apple knows it by, or None."""
        return await self._one(
            and_(
                passes.c.pass_type_identifier == pass_type_identifier,
                passes.c.serial_number == serial_number,
            )
        )

    async def publish(self, card_ids: Sequence[UUID]) -> None:
        """Give every pass of these cards that devices were not told of yet its tag.

        Tags are handed out under a lock per pass type that is held until the commit, so whoever
        sees a tag sees all smaller ones: a device that asks for what came after it misses
        nothing, whichever transaction commits first. Publishing comes after the change's own
        commit, so that a stamp never waits for this lock.
        """
        behind = await self._behind(card_ids)
        for pass_type in sorted({stored.pass_type_identifier for stored in behind}):
            await self._connection.execute(_LOCK, {"pass_type": pass_type})
            await self._connection.execute(
                update(passes)
                .where(
                    passes.c.merchant_id == self._merchant_id,
                    passes.c.pass_type_identifier == pass_type,
                    passes.c.card_id.in_(card_ids),
                    cards.c.merchant_id == passes.c.merchant_id,
                    cards.c.id == passes.c.card_id,
                    cards.c.version > passes.c.published_version,
                )
                .values(
                    published_version=cards.c.version,
                    tag=pass_tags.next_value(),
                    # `Last-Modified` counts whole seconds: each change needs one of its own.
                    changed_at=func.greatest(
                        func.date_trunc("second", func.clock_timestamp()),
                        passes.c.changed_at + text("interval '1 second'"),
                    ),
                )
            )

    async def fetched(self, stored: StoredPass, version: int, now: datetime) -> None:
        """Remember which version a device fetched: the proof of delivery."""
        await self._connection.execute(
            update(passes)
            .where(
                passes.c.merchant_id == self._merchant_id,
                passes.c.pass_type_identifier == stored.pass_type_identifier,
                passes.c.serial_number == stored.serial_number,
            )
            .values(fetched_version=version, fetched_at=now)
        )

    async def _behind(self, card_ids: Sequence[UUID]) -> list[StoredPass]:
        found = await self._connection.execute(
            select(passes)
            .join(
                cards,
                and_(cards.c.merchant_id == passes.c.merchant_id, cards.c.id == passes.c.card_id),
            )
            .where(
                passes.c.merchant_id == self._merchant_id,
                passes.c.card_id.in_(card_ids),
                cards.c.version > passes.c.published_version,
            )
        )
        return [stored_pass(row) for row in found]

    async def _one(self, condition: ColumnElement[bool]) -> StoredPass | None:
        found = await self._connection.execute(
            select(passes).where(passes.c.merchant_id == self._merchant_id, condition)
        )
        row = found.first()
        return stored_pass(row) if row else None


def stored_pass(row: Row[Any]) -> StoredPass:
    """Return the pass a row of the table holds."""
    return StoredPass(
        pass_type_identifier=row.pass_type_identifier,
        serial_number=row.serial_number,
        card_id=row.card_id,
        published_version=row.published_version,
        tag=row.tag,
        changed_at=row.changed_at,
    )
