"""What is earned on cards, goes from one to another and ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.cards import CardChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsEarned(CardChanged):
    """A card earned points; those that are `pending` cannot be spent yet."""

    type = "loyalty.points.earned"
    transaction_id: UUID
    points: int
    balance: int
    pending: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsReleased(CardChanged):
    """What was held back can be used from now on, by unit."""

    type = "loyalty.points.released"
    transaction_id: UUID
    released: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpiring(CardChanged):
    """Something on a card ends soon and can still be used; the moment is in ISO 8601."""

    type = "loyalty.points.expiring"
    unit: str
    amount: int
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpired(CardChanged):
    """What was not used in time is gone, by unit."""

    type = "loyalty.points.expired"
    transaction_id: UUID
    expired: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentChanged(CardChanged):
    """Something happened to an adjustment of which nothing is on its card yet."""

    adjustment_id: UUID
    unit: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentAsked(AdjustmentChanged):
    """An adjustment needs a second person."""

    type = "loyalty.adjustment.asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentRefused(AdjustmentChanged):
    """A second person refused an adjustment."""

    type = "loyalty.adjustment.refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceAdjusted(CardChanged):
    """A card was given something by hand, or below zero it was taken."""

    type = "loyalty.balance.adjusted"
    adjustment_id: UUID
    transaction_id: UUID
    unit: str
    amount: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransferred(CardChanged):
    """Value went from one card to another, by unit."""

    type = "loyalty.balance.transferred"
    counterpart_card_id: UUID
    transaction_id: UUID
    moved: Mapping[str, int]
