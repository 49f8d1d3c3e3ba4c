"""What shops tell of sales."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.cards import CardChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleTold(CardChanged):
    """A shop told how a sale stands; totals in minor units."""

    sale_id: UUID
    transaction_id: UUID | None
    reference: str
    currency: str
    total_paid: int
    total_refunded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRecorded(SaleTold):
    """A sale was recorded for a card; totals in minor units.

    Without a transaction it changed nothing on the card.
    """

    type = "loyalty.sale.recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleChanged(SaleTold):
    """More was paid for a sale; `given` is what the difference changed on the card, by unit."""

    type = "loyalty.sale.changed"
    given: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRefunded(SaleTold):
    """A sale was refunded, wholly or in part; `given` is below zero what the card gave back."""

    type = "loyalty.sale.refunded"
    given: Mapping[str, int]
