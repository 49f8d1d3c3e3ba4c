"""What can happen to a card at a location: a visit, or a sale with its lines."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.business_day import BusinessClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a sale: `amount` is paid for all of it, with tax, in minor units.

    `tax` is the part of it that is tax, `refunded` what was given back of it since.
    """

    category: str | None = None
    quantity: int = 1
    amount: int
    tax: int = 0
    refunded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A sale as it stands now, whatever came before: all that was paid and all that was refunded.

    Amounts in minor units of `currency`. Without lines the whole sale is one line of no category.
    What the lines do not say was refunded, is taken from them in proportion.
    """

    currency: str
    total_paid: int
    total_refunded: int = 0
    lines: tuple[Line, ...] = ()

    @property
    def net(self) -> int:
        """What was paid and not refunded."""
        return self.total_paid - self.total_refunded


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A customer was at a location; `sale` is None for a visit that nobody typed an amount for."""

    clock: BusinessClock
    location_id: UUID
    sale: Sale | None = None
