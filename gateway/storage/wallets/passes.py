"""Passes in wallets, and publishing: giving each change a tag that no device can miss."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.among import among
from gateway.storage.tables import cards, passes
from gateway.storage.tables.passes import pass_tags

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:pass_type, 1))")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPass:
    """A card's pass of one type; devices were told of the card's `published_version`.

    `changed_at` has whole seconds and grows with each publication; `tag` does too.
    """

    pass_type_identifier: str
    serial_number: str
    card_id: UUID
    card_version: int
    published_version: int
    tag: int
    changed_at: datetime

    @property
    def is_behind(self) -> bool:
        """Whether the card changed since devices were told of it."""
        return self.published_version < self.card_version


class Passes:
    """The merchant's passes."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(
        self, pass_type_identifier: str, serial_number: str, card_id: UUID, now: datetime
    ) -> None:
        """Keep a new pass, not published yet; a card keeps the one it has of that type."""
        await self._connection.execute(
            insert(passes)
            .values(
                merchant_id=self._merchant_id,
                pass_type_identifier=pass_type_identifier,
                serial_number=serial_number,
                card_id=card_id,
                published_version=0,
                tag=0,
                changed_at=now.replace(microsecond=0),
                created_at=now,
            )
            .on_conflict_do_nothing(
                index_elements=["merchant_id", "card_id", "pass_type_identifier"]
            )
        )

    async def of_card(self, card_id: UUID) -> StoredPass | None:
        """Return the card's pass, the oldest if it has several, or None before one was made."""
        return await self._one(passes.c.card_id == card_id)

    async def one(self, pass_type_identifier: str, serial_number: str) -> StoredPass | None:
        """Return a pass by the two names Apple knows it by, or None."""
        return await self._one(_named(pass_type_identifier, serial_number))

    async def hold(self, pass_type_identifier: str, serial_number: str) -> bool:
        """Keep others from adding devices to a pass meanwhile; return whether it exists."""
        found = await self._connection.execute(
            select(passes.c.serial_number)
            .where(
                passes.c.merchant_id == self._merchant_id,
                _named(pass_type_identifier, serial_number),
            )
            .with_for_update(key_share=True)
        )
        return found.first() is not None

    async def publish(self, card_ids: Sequence[UUID]) -> None:
        """Give every pass of these cards that devices were not told of yet its tag.

        Tags are handed out under a lock per pass type that is held until the commit, so whoever
        sees a tag sees all smaller ones: a device that asks for what came after it misses
        nothing, whichever transaction commits first. Publishing comes after the change's own
        commit, so that a stamp never waits for this lock.
        """
        for pass_type in await self._types_behind(card_ids):
            await self._connection.execute(_LOCK, {"pass_type": pass_type})
            await self._connection.execute(
                update(passes)
                .where(
                    passes.c.merchant_id == self._merchant_id,
                    passes.c.pass_type_identifier == pass_type,
                    among(passes.c.card_id, card_ids),
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
        """Remember the newest version a device fetched, and when: the proof of delivery."""
        await self._connection.execute(
            update(passes)
            .where(
                passes.c.merchant_id == self._merchant_id,
                _named(stored.pass_type_identifier, stored.serial_number),
                or_(passes.c.fetched_version.is_(None), passes.c.fetched_version <= version),
            )
            .values(fetched_version=version, fetched_at=now)
        )

    async def _types_behind(self, card_ids: Sequence[UUID]) -> list[str]:
        found = await self._connection.execute(
            select(passes.c.pass_type_identifier)
            .distinct()
            .join(cards, of_same_card())
            .where(
                passes.c.merchant_id == self._merchant_id,
                among(passes.c.card_id, card_ids),
                cards.c.version > passes.c.published_version,
            )
            .order_by(passes.c.pass_type_identifier)
        )
        return list(found.scalars())

    async def _one(self, condition: ColumnElement[bool]) -> StoredPass | None:
        found = await self._connection.execute(
            shown_passes()
            .where(passes.c.merchant_id == self._merchant_id, condition)
            .order_by(passes.c.created_at)
            .limit(1)
        )
        row = found.first()
        return stored_pass(row) if row else None


def shown_passes() -> Select[Any]:
    """Return the query of passes with their card's version, for `stored_pass`."""
    return select(passes, cards.c.version.label("card_version")).join_from(
        passes, cards, of_same_card()
    )


def of_same_card() -> ColumnElement[bool]:
    """Return the condition that joins a pass and its card."""
    return and_(cards.c.merchant_id == passes.c.merchant_id, cards.c.id == passes.c.card_id)


def _named(pass_type_identifier: str, serial_number: str) -> ColumnElement[bool]:
    return and_(
        passes.c.pass_type_identifier == pass_type_identifier,
        passes.c.serial_number == serial_number,
    )


def stored_pass(row: Row[Any]) -> StoredPass:
    """Return the pass a row of `shown_passes` holds."""
    return StoredPass(
        pass_type_identifier=row.pass_type_identifier,
        serial_number=row.serial_number,
        card_id=row.card_id,
        card_version=row.card_version,
        published_version=row.published_version,
        tag=row.tag,
        changed_at=row.changed_at,
    )
