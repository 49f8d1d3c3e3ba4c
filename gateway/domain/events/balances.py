"""What is earned on cards, goes from one to another and ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsEarned(Event):
    """A card earned points; those that are `pending` cannot be spent yet."""

    type = "loyalty.points.earned"
    card_id: UUID
    transaction_id: UUID
    points: int
    balance: int
    pending: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsReleased(Event):
    """What was held back can be used from now on, by unit."""

    type = "loyalty.points.released"
    card_id: UUID
    transaction_id: UUID
    released: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpiring(Event):
    """Something on a card ends soon and can still be used; the moment is in ISO 8601."""

    type = "loyalty.points.expiring"
    card_id: UUID
    unit: str
    amount: int
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpired(Event):
    """What was not used in time is gone, by unit."""

    type = "loyalty.points.expired"
    card_id: UUID
    transaction_id: UUID
    expired: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentAsked(Event):
    """An adjustment needs a second person."""

    type = "loyalty.adjustment.asked"
    card_id: UUID
    adjustment_id: UUID
    unit: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentRefused(Event):
    """A second person refused an adjustment."""

    type = "loyalty.adjustment.refused"
    card_id: UUID
    adjustment_id: UUID
    unit: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceAdjusted(Event):
    """A card was given something by hand, or below zero it was taken."""

    type = "loyalty.balance.adjusted"
    card_id: UUID
    adjustment_id: UUID
    transaction_id: UUID
    unit: str
    amount: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransferred(Event):
    """Value went from one card to another, by unit."""

    type = "loyalty.balance.transferred"
    card_id: UUID
    counterpart_card_id: UUID
    transaction_id: UUID
    moved: Mapping[str, int]
