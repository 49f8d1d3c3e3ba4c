"""Whom a message would reach: addresses, stop list and wallets of many customers at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.cards import CardStatus
from gateway.domain.consents import Medium
from gateway.domain.contacts import ContactKind
from gateway.storage.among import among
from gateway.storage.tables import (
    cards,
    contacts,
    customers,
    google_objects,
    passes,
    registrations,
    suppressions,
)

_MEDIA = {ContactKind.MAIL: Medium.MAIL, ContactKind.PHONE: Medium.SMS}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCard:
    """A card: whose it is, whether it may be used, and which wallets it is in."""

    customer_id: UUID
    is_active: bool
    is_in_apple: bool
    is_in_google: bool


class Recipients:
    """The merchant's customers, as somebody sees them who wants to write to them."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def time_zones(self, customer_ids: Sequence[UUID]) -> dict[UUID, str]:
        """Return the clock that each customer lives by."""
        found = await self._connection.execute(
            select(customers.c.id, customers.c.time_zone).where(
                customers.c.merchant_id == self._merchant_id,
                among(customers.c.id, customer_ids),
            )
        )
        return {row.id: row.time_zone for row in found}

    async def addresses(self, customer_ids: Sequence[UUID]) -> dict[tuple[UUID, Medium], bool]:
        """Return for each address of these customers whether it is on the stop list."""
        found = await self._connection.execute(
            select(
                contacts.c.customer_id,
                contacts.c.kind,
                suppressions.c.reason.is_not(None).label("is_suppressed"),
            )
            .join_from(
                contacts,
                suppressions,
                and_(
                    suppressions.c.merchant_id == contacts.c.merchant_id,
                    suppressions.c.contact_index == contacts.c.contact_index,
                ),
                isouter=True,
            )
            .where(
                contacts.c.merchant_id == self._merchant_id,
                among(contacts.c.customer_id, customer_ids),
            )
        )
        return {
            (row.customer_id, _MEDIA[ContactKind(row.kind)]): row.is_suppressed for row in found
        }

    async def cards_in_use(self, program_id: UUID, after: UUID, rows: int) -> list[UUID]:
        """Return a program's next cards by id that are neither blocked nor joined to another."""
        found = await self._connection.execute(
            select(cards.c.id)
            .where(
                cards.c.merchant_id == self._merchant_id,
                cards.c.program_id == program_id,
                cards.c.status == CardStatus.ACTIVE,
                cards.c.id > after,
            )
            .order_by(cards.c.id)
            .limit(rows)
        )
        return list(found.scalars())

    async def cards(self, card_ids: Sequence[UUID]) -> dict[UUID, HeldCard]:
        """Return the cards with these ids, and where they are."""
        found = await self._connection.execute(
            select(
                cards.c.id,
                cards.c.customer_id,
                cards.c.status,
                _is_in_apple().label("is_in_apple"),
                _is_in_google().label("is_in_google"),
            ).where(cards.c.merchant_id == self._merchant_id, among(cards.c.id, card_ids))
        )
        return {
            row.id: HeldCard(
                customer_id=row.customer_id,
                is_active=row.status == CardStatus.ACTIVE,
                is_in_apple=row.is_in_apple,
                is_in_google=row.is_in_google,
            )
            for row in found
        }


def _is_in_apple() -> ColumnElement[bool]:
    """Whether a device asked to be told of the card's changes."""
    return (
        exists()
        .where(
            passes.c.merchant_id == cards.c.merchant_id,
            passes.c.card_id == cards.c.id,
            registrations.c.merchant_id == passes.c.merchant_id,
            registrations.c.pass_type_identifier == passes.c.pass_type_identifier,
            registrations.c.serial_number == passes.c.serial_number,
        )
        .correlate(cards)
    )


def _is_in_google() -> ColumnElement[bool]:
    """Whether Google told us that somebody saved the card and has it still."""
    return (
        exists()
        .where(
            google_objects.c.merchant_id == cards.c.merchant_id,
            google_objects.c.card_id == cards.c.id,
            google_objects.c.saved_at.is_not(None),
            google_objects.c.removed_at.is_(None),
        )
        .correlate(cards)
    )
