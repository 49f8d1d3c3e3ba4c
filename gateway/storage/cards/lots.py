"""Lots as they stand open: what a card's balances are made of, and when each part ends."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, null, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.ledger import Account
from gateway.domain.merging import Part
from gateway.storage.tables import accounts, lots

DEADLINES_MAX = 100


class Lots:
    """The open lots of the merchant's cards."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def parts(self, card_id: UUID) -> list[Part]:
        """Return what a card has, soonest-ending first; what never ends comes last.

        That is the order in which it is spent, of what ends together the oldest first.
        """
        return await self._parts(card_id, true())

    async def expired(self, card_id: UUID, now: datetime) -> list[Part]:
        """Return what ended and is still there."""
        is_over = (lots.c.expires_at <= now) & (lots.c.account == Account.AVAILABLE)
        return await self._parts(card_id, is_over)

    async def matured(self, card_id: UUID, now: datetime) -> list[Part]:
        """Return what was held back and can be used from now on."""
        is_due = (lots.c.usable_from <= now) & (lots.c.account == Account.PENDING)
        return await self._parts(card_id, is_due)

    async def waiting(self, card_id: UUID) -> list[Part]:
        """Return what is held back, by unit and when it can be used; at most `DEADLINES_MAX`."""
        found = await self._connection.execute(
            select(
                lots.c.unit,
                lots.c.account,
                lots.c.usable_from,
                null().label("expires_at"),
                func.sum(lots.c.remaining).label("amount"),
            )
            .where(
                lots.c.merchant_id == self._merchant_id,
                lots.c.card_id == card_id,
                lots.c.account == Account.PENDING,
                lots.c.remaining > 0,
            )
            .group_by(lots.c.unit, lots.c.account, lots.c.usable_from)
            .order_by(lots.c.usable_from, lots.c.unit)
            .limit(DEADLINES_MAX)
        )
        return [_part(row) for row in found]

    async def deadlines(self, card_id: UUID, now: datetime) -> list[Part]:
        """Return what ends after now and can be spent, soonest first; at most `DEADLINES_MAX`.

        With what never ends it sums to the available balances.
        """
        found = await self._connection.execute(
            select(accounts.c.unit).where(
                accounts.c.merchant_id == self._merchant_id,
                accounts.c.card_id == card_id,
                accounts.c.account == Account.AVAILABLE,
                accounts.c.balance > 0,
            )
        )
        parts = [part for unit in found.scalars() for part in await self._ends(card_id, unit, now)]
        return sorted(parts, key=_soonest)[:DEADLINES_MAX]

    async def unnoticed(self, card_id: UUID, since: datetime, until: datetime) -> list[Part]:
        """Return what ends after `since`, up to `until`, and the customer was not told of."""
        return await self._parts(card_id, _is_unnoticed(since, until))

    async def notice(self, card_id: UUID, since: datetime, until: datetime) -> None:
        """Remember that the customer was told of what `unnoticed` returned."""
        await self._connection.execute(
            update(lots)
            .where(
                lots.c.merchant_id == self._merchant_id,
                lots.c.card_id == card_id,
                _is_unnoticed(since, until),
            )
            .values(noticed_for=lots.c.expires_at)
        )

    async def _ends(self, card_id: UUID, unit: str, now: datetime) -> list[Part]:
        """Return the soonest deadlines of one unit, which its index has in order."""
        key = (lots.c.unit, lots.c.account, lots.c.expires_at, lots.c.usable_from)
        found = await self._connection.execute(
            select(*key, func.sum(lots.c.remaining).label("amount"))
            .where(
                lots.c.merchant_id == self._merchant_id,
                lots.c.card_id == card_id,
                lots.c.unit == unit,
                lots.c.account == Account.AVAILABLE,
                lots.c.remaining > 0,
                lots.c.expires_at > now,
            )
            .group_by(*key)
            .order_by(lots.c.expires_at)
            .limit(DEADLINES_MAX)
        )
        return [_part(row) for row in found]

    async def _parts(self, card_id: UUID, condition: ColumnElement[bool]) -> list[Part]:
        key: Sequence[ColumnElement[object]] = (
            lots.c.unit,
            lots.c.account,
            lots.c.usable_from,
            lots.c.expires_at,
        )
        query = (
            select(*key, func.sum(lots.c.remaining).label("amount"))
            .where(
                lots.c.merchant_id == self._merchant_id,
                lots.c.card_id == card_id,
                lots.c.remaining > 0,
                condition,
            )
            .group_by(*key)
            .order_by(lots.c.expires_at.nulls_last(), lots.c.unit, lots.c.account)
        )
        return [_part(row) for row in await self._connection.execute(query)]


def _soonest(part: Part) -> tuple[datetime, str]:
    assert part.expires_at is not None, "asked for as what ends"
    return part.expires_at, part.unit


def _part(row: Any) -> Part:  # noqa: ANN401 -- a row of the queries above
    return Part(
        unit=row.unit,
        account=Account(row.account),
        amount=int(row.amount),
        usable_from=row.usable_from,
        expires_at=row.expires_at,
    )


def _is_unnoticed(since: datetime, until: datetime) -> ColumnElement[bool]:
    return (
        (lots.c.account == Account.AVAILABLE)
        & (lots.c.remaining > 0)
        & (lots.c.expires_at > since)
        & (lots.c.expires_at <= until)
        & lots.c.noticed_for.is_distinct_from(lots.c.expires_at)
    )
