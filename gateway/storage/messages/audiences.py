"""Audiences: the holders a campaign is for, found where the cards are, chunk by chunk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.campaigns import Audience
from gateway.domain.segments import Comparison, Condition, Segment, SegmentField
from gateway.storage.among import among
from gateway.storage.cards.segment_conditions import belongs
from gateway.storage.tables import cards, customers, programs, transactions


@dataclass(frozen=True, slots=True)
class Holder:
    """A customer, and the card of theirs that a campaign is about."""

    customer_id: UUID
    card_id: UUID


@dataclass(frozen=True, slots=True)
class Chunk:
    """The next holders, and up to which customer was looked; None at the end."""

    holders: tuple[Holder, ...]
    looked_after: UUID | None


class Audiences:
    """The merchant's holders, as a campaign sees them."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def chunk(
        self, audience: Audience, after: UUID | None, rows: int, now: datetime
    ) -> Chunk:
        """Return who of the next `rows` customers by id belongs to the audience.

        Each comes with one card: of those to which all applies, the one that was stamped last.
        A saved segment has to be in the audience with its definition.
        """
        assert audience.segment_id is None or audience.segment, "nobody would be left out"
        people = await self._people(after, rows)
        if not people:
            return Chunk((), None)
        found = await self._connection.execute(self._best_cards(people, audience, now))
        holders = tuple(Holder(row.customer_id, row.id) for row in found)
        return Chunk(holders, people[-1] if len(people) == rows else None)

    async def _people(self, after: UUID | None, rows: int) -> list[UUID]:
        query = (
            select(customers.c.id)
            .where(customers.c.merchant_id == self._merchant_id, customers.c.erased_at.is_(None))
            .order_by(customers.c.id)
            .limit(rows)
        )
        if after is not None:
            query = query.where(customers.c.id > after)
        return list((await self._connection.execute(query)).scalars())

    def _best_cards(self, people: list[UUID], audience: Audience, now: datetime) -> Select[Any]:
        return (
            select(cards.c.customer_id, cards.c.id)
            .ext(distinct_on(cards.c.customer_id))
            .where(
                cards.c.merchant_id == self._merchant_id,
                among(cards.c.customer_id, people),
                # Names every program, so that the index by program and customer serves.
                cards.c.program_id.in_(self._programs(audience)),
                # What a merged card had stands on the other, so it looks like a new one.
                cards.c.merged_into.is_(None),
                *self._conditions(audience),
                *_visits(audience, now),
                *(belongs(segment, now) for segment in _segments(audience)),
            )
            .order_by(
                cards.c.customer_id, cards.c.last_earned_at.desc().nulls_last(), cards.c.id.desc()
            )
        )

    def _programs(self, audience: Audience) -> Select[tuple[UUID]]:
        query = select(programs.c.id).where(programs.c.merchant_id == self._merchant_id)
        if audience.program_id is not None:
            query = query.where(programs.c.id == audience.program_id)
        return query

    def _conditions(self, audience: Audience) -> list[ColumnElement[bool]]:
        conditions = []
        if audience.location_id is not None:
            conditions.append(_was_stamped_at(audience.location_id))
        if audience.language is not None:
            conditions.append(_reads(audience.language))
        return conditions


def _segments(audience: Audience) -> list[Segment]:
    """Return what an audience asks for that a segment can ask for, its own wishes as another."""
    wishes = (
        (SegmentField.TIER, Comparison.EQUAL, audience.tier),
        (SegmentField.STAMPS, Comparison.AT_LEAST, audience.stamps_min),
        (SegmentField.STAMPS, Comparison.AT_MOST, audience.stamps_max),
    )
    own = tuple(
        Condition(field=field, comparison=comparison, value=value)
        for field, comparison, value in wishes
        if value is not None
    )
    segments = [audience.segment] if audience.segment else []
    return [*segments, Segment(conditions=own)] if own else segments


def _was_stamped_at(location_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        transactions.c.merchant_id == cards.c.merchant_id,
        transactions.c.card_id == cards.c.id,
        transactions.c.location_id == location_id,
    )


def _reads(language: str) -> ColumnElement[bool]:
    """Whether a customer's language, such as `fr-LU`, is this one."""
    primary = func.split_part(func.replace(func.lower(customers.c.language), "_", "-"), "-", 1)
    return exists().where(
        customers.c.merchant_id == cards.c.merchant_id,
        customers.c.id == cards.c.customer_id,
        primary == language,
    )


def _visits(audience: Audience, now: datetime) -> list[ColumnElement[bool]]:
    """Count whole days since the last stamp; who was never here was not here so long ago."""
    conditions = []
    if audience.visited_days_min is not None:
        latest = now - timedelta(days=audience.visited_days_min)
        conditions.append(cards.c.last_earned_at <= latest)
    if audience.visited_days_max is not None:
        earliest = now - timedelta(days=audience.visited_days_max + 1)
        conditions.append(cards.c.last_earned_at > earliest)
    return conditions
