"""A sale as its shop tells of it, again and again: which state holds, and when it happened."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.errors import Kind, Refusal
from gateway.domain.rules.happenings import Sale
from gateway.domain.rules.outcomes import PastSale

ONLINE_HOURS_MAX = 48
OFFLINE_DAYS_MAX = 30
OFFLINE_REDEMPTION_DAYS_MAX = 6
"""Fewer than the days for which answers are kept: those alone keep it from happening twice."""
FUTURE_MINUTES_MAX = 5


class SaleOfAnotherCard(Refusal):
    """This purchase was recorded for another card, and stays there."""

    code = "sale_of_another_card"
    kind = Kind.CONFLICT


class TransactionCannotBeReversed(Refusal):
    """There is nothing of this transaction that could be taken back."""

    code = "transaction_cannot_be_reversed"


class TooLongAgo(Refusal):
    """This happened too long ago to be recorded."""

    code = "too_long_ago"


class InTheFuture(Refusal):
    """This is said to happen in the future. Please check the clock of the till."""

    code = "in_the_future"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSale:
    """A sale as it is known: whose, which one, its latest state, and what it gave so far.

    `reference` is unique for each `source` for ever. `sequence` is the number its shop gave to
    the state, if it numbers them. `revision` counts the states that changed something.
    """

    id: UUID
    card_id: UUID
    source: str
    reference: str
    location_id: UUID
    program_version_id: UUID
    occurred_at: datetime
    sale: Sale
    past: PastSale
    sequence: int | None = None
    revision: int = 1


def later(known: KnownSale, told: Sale, sequence: int | None) -> Sale | None:
    """Return the state of a sale that holds once it is told of, or None when nothing is new.

    States come late, twice and in any order. A shop that numbers them has the higher number
    right, even with a lower total. Otherwise totals are cumulative: of each the higher one holds,
    and the lines are those of the state in which more was paid.
    """
    if sequence is not None and known.sequence is not None:
        return told if sequence > known.sequence and told != known.sale else None
    paid = max(told.total_paid, known.sale.total_paid)
    refunded = max(told.total_refunded, known.sale.total_refunded)
    if (paid, refunded) == (known.sale.total_paid, known.sale.total_refunded):
        return None
    is_newer = told.total_paid > known.sale.total_paid or (
        told.total_paid == known.sale.total_paid
        and told.total_refunded > known.sale.total_refunded
    )
    newer = told if is_newer else known.sale
    return replace(newer, total_paid=paid, total_refunded=refunded)


def happened_at(
    told: datetime | None,
    now: datetime,
    *,
    age_max: timedelta = timedelta(hours=ONLINE_HOURS_MAX),
    synced_at: datetime | None = None,
) -> datetime:
    """Return when something happened: as told, but not before the last sync, and not after now.

    Raises `TooLongAgo`, or `InTheFuture` for more than the clock of a till may be wrong.
    """
    if told is None:
        return now
    if told > now + timedelta(minutes=FUTURE_MINUTES_MAX):
        raise InTheFuture(now=now.isoformat())
    if told < now - age_max:
        raise TooLongAgo(oldest=(now - age_max).isoformat())
    return min(max(told, synced_at or told), now)


def as_of(standing: Standing, moment: datetime, nearest: datetime | None = None) -> Standing:
    """Return a standing as its limits have to see it at an earlier moment.

    `nearest` is what the card earned nearest to the moment, before or after it; None when that is
    what it earned last, or further away than any cooldown. It counts as if it had been as long
    before the moment as it was after it, so a cooldown keeps any two earnings apart whichever is
    told of first. Balances, tier and status are those of today; `days` are whole business days
    and therefore exact.
    """
    last = nearest or standing.last_earned_at
    if last is None or (nearest is None and last <= moment):
        return standing
    return replace(standing, last_earned_at=moment - abs(moment - last))
