"""Sales by their shop's reference: their latest state, and what they were judged by."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, bindparam, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import NotFound
from gateway.domain.ledger import TransactionKind
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules.happenings import Line, Sale
from gateway.domain.rules.outcomes import Basis, Day, Given, PastSale
from gateway.domain.sales import KnownSale
from gateway.storage.tables import card_days, program_versions, programs, sales, source_events

OF_CARD_ROWS_MAX = 100

# Made once: every sale is asked for and added by them, and making them costs more than running.
_ADD = insert(sales).on_conflict_do_nothing(index_elements=["merchant_id", "source", "reference"])
_TOLD = (
    select(source_events.c.transaction_id.label("visit_id"), sales)
    .select_from(
        source_events.outerjoin(
            sales,
            (sales.c.merchant_id == source_events.c.merchant_id)
            & (sales.c.source == source_events.c.source)
            & (sales.c.reference == source_events.c.source_event_id),
        )
    )
    .where(
        source_events.c.merchant_id == bindparam("merchant"),
        source_events.c.source == bindparam("system"),
        source_events.c.source_event_id == bindparam("name"),
        source_events.c.effect == TransactionKind.EARN,
    )
)


class Sales:
    """The merchant's sales."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def known(self, source: str, reference: str) -> KnownSale | None:
        """Return the sale with this reference, or None."""
        return await self._one((sales.c.source == source) & (sales.c.reference == reference))

    async def one(self, sale_id: UUID) -> KnownSale:
        """Return a sale; raises `NotFound`."""
        known = await self._one(sales.c.id == sale_id)
        if known is None:
            raise NotFound("This purchase does not exist.")
        return known

    async def of_card(self, card_id: UUID, rows: int = OF_CARD_ROWS_MAX) -> list[KnownSale]:
        """Return a card's sales, newest first; at most `OF_CARD_ROWS_MAX`."""
        found = await self._connection.execute(
            select(sales)
            .where(sales.c.merchant_id == self._merchant_id, sales.c.card_id == card_id)
            .order_by(sales.c.occurred_at.desc(), sales.c.id.desc())
            .limit(min(rows, OF_CARD_ROWS_MAX))
        )
        return [_known(row) for row in found]

    async def owing(self, card_id: UUID, unit: str, since: datetime) -> list[KnownSale]:
        """Return a card's sales that owe of a unit and changed since, oldest first, locked.

        Whoever writes a sale locks it before its card, so ask before the card is written.
        """
        found = await self._connection.execute(
            select(sales)
            .where(
                sales.c.merchant_id == self._merchant_id,
                sales.c.card_id == card_id,
                sales.c.changed_at >= since,
                sales.c.basis["owed"].has_key(unit),
            )
            .order_by(sales.c.occurred_at, sales.c.id)
            .with_for_update()
        )
        return [_known(row) for row in found]

    async def add(self, sale: KnownSale, now: datetime) -> bool:
        """Keep a new sale; return False when its reference is taken, which is for ever."""
        added = await self._connection.execute(
            _ADD,
            {
                "merchant_id": self._merchant_id,
                "id": sale.id,
                "card_id": sale.card_id,
                "source": sale.source,
                "reference": sale.reference,
                "program_version_id": sale.program_version_id,
                "location_id": sale.location_id,
                "occurred_at": sale.occurred_at,
                "business_day": sale.past.day,
                "changed_at": now,
            }
            | _state(sale),
        )
        return bool(added.rowcount)

    async def change(self, sale: KnownSale, now: datetime) -> bool:
        """Write a later state; return False when somebody else wrote one meanwhile."""
        changed = await self._connection.execute(
            update(sales)
            .where(
                sales.c.merchant_id == self._merchant_id,
                sales.c.id == sale.id,
                sales.c.revision == sale.revision - 1,
            )
            .values(changed_at=now, **_state(sale))
        )
        return bool(changed.rowcount)

    async def claim(self, source: str, reference: str) -> bool:
        """Take the reference of a sale that posts nothing; return False when a visit has it.

        What is posted takes it with its transaction. Either comes after the card is locked, so
        that no two wait for each other.
        """
        claimed = await self._connection.execute(
            insert(source_events)
            .values(
                merchant_id=self._merchant_id,
                source=source,
                source_event_id=reference,
                effect=TransactionKind.EARN,
            )
            .on_conflict_do_nothing()
        )
        return bool(claimed.rowcount)

    async def told(self, source: str, reference: str) -> KnownSale | UUID | None:
        """Return the sale with this reference, or the transaction of a visit, or None."""
        found = await self._connection.execute(
            _TOLD, {"merchant": self._merchant_id, "system": source, "name": reference}
        )
        row = found.first()
        if row is None or row.id is None:
            visit_id: UUID | None = row.visit_id if row else None
            return visit_id
        return _known(row)

    async def days(self, card_id: UUID, since: date) -> tuple[Day, ...]:
        """Return what a card did on each business day since one, oldest first."""
        found = await self._connection.execute(
            select(card_days)
            .where(
                card_days.c.merchant_id == self._merchant_id,
                card_days.c.card_id == card_id,
                card_days.c.day >= since,
            )
            .order_by(card_days.c.day)
        )
        return tuple(
            Day(
                day=row.day,
                earnings=row.earnings,
                visits=row.visits,
                spent=row.spent,
                points=row.points,
                given=row.given,
            )
            for row in found
        )

    async def version_at(self, version: ProgramVersion, moment: datetime) -> UUID | None:
        """Return the id of what held at a moment before a program's current version.

        None before its first, or when the version is not the current one.
        """
        is_current = exists().where(
            programs.c.merchant_id == self._merchant_id,
            programs.c.id == version.program_id,
            programs.c.current_number == version.number,
        )
        found = await self._connection.execute(
            select(program_versions.c.id)
            .where(
                program_versions.c.merchant_id == self._merchant_id,
                program_versions.c.program_id == version.program_id,
                program_versions.c.published_at <= moment,
                is_current,
            )
            .order_by(program_versions.c.number.desc())
            .limit(1)
        )
        version_id: UUID | None = found.scalar()
        return version_id

    async def _one(self, condition: ColumnElement[bool]) -> KnownSale | None:
        found = await self._connection.execute(
            select(sales).where(sales.c.merchant_id == self._merchant_id, condition)
        )
        row = found.first()
        return _known(row) if row else None


def _state(sale: KnownSale) -> dict[str, object]:
    return {
        "currency": sale.sale.currency,
        "total_paid": sale.sale.total_paid,
        "total_refunded": sale.sale.total_refunded,
        "lines": msgspec.to_builtins(sale.sale.lines),
        "basis": msgspec.to_builtins(sale.past.basis),
        "given": [[rule, unit, amount] for (rule, unit), amount in sale.past.given.items()],
        "transactions": list(sale.past.transactions),
        "sequence": sale.sequence,
        "revision": sale.revision,
    }


def _known(row: Row[Any]) -> KnownSale:
    given: Given = {(rule, unit): amount for rule, unit, amount in row.given}
    return KnownSale(
        id=row.id,
        card_id=row.card_id,
        source=row.source,
        reference=row.reference,
        location_id=row.location_id,
        program_version_id=row.program_version_id,
        occurred_at=row.occurred_at,
        sale=Sale(
            currency=row.currency,
            total_paid=row.total_paid,
            total_refunded=row.total_refunded,
            lines=msgspec.convert(row.lines, tuple[Line, ...]),
        ),
        past=PastSale(
            basis=msgspec.convert(row.basis, Basis),
            day=row.business_day,
            given=given,
            transactions=tuple(row.transactions),
        ),
        sequence=row.sequence,
        revision=row.revision,
    )
