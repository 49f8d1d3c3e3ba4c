"""What is told of a sale: that it was recorded, that more was paid, or that it was refunded."""

from collections.abc import Mapping
from typing import TypedDict
from uuid import UUID

from gateway.domain.events.sales import SaleChanged, SaleRecorded, SaleRefunded
from gateway.domain.sales import KnownSale


class Told(TypedDict):
    """What every fact about a sale says."""

    card_id: UUID
    sale_id: UUID
    transaction_id: UUID | None
    reference: str
    currency: str
    total_paid: int
    total_refunded: int


def recorded(known: KnownSale, transaction_id: UUID | None) -> SaleRecorded:
    """Return the fact that a sale was recorded; without a transaction it changed nothing."""
    return SaleRecorded(**_told(known, transaction_id))


def changed(
    known: KnownSale, transaction_id: UUID | None, given: Mapping[str, int]
) -> SaleChanged:
    """Return the fact that more was paid; `given` is what that changed on the card, by unit."""
    return SaleChanged(**_told(known, transaction_id), given=given)


def refunded(
    known: KnownSale, transaction_id: UUID | None, given: Mapping[str, int]
) -> SaleRefunded:
    """Return the fact of a refund; `given` is below zero what the card gave back, by unit."""
    return SaleRefunded(**_told(known, transaction_id), given=given)


def _told(known: KnownSale, transaction_id: UUID | None) -> Told:
    return {
        "card_id": known.card_id,
        "sale_id": known.id,
        "transaction_id": transaction_id,
        "reference": known.reference,
        "currency": known.sale.currency,
        "total_paid": known.sale.total_paid,
        "total_refunded": known.sale.total_refunded,
    }
