"""What happens to rewards, from the catalogue to the counter."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event
from gateway.domain.events.cards import CardChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardEarned(CardChanged):
    """A card reached a reward."""

    type = "loyalty.reward.earned"
    rewards_ready: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionChanged(CardChanged):
    """Something happened to a redemption; `cost` is what it takes of `unit`."""

    redemption_id: UUID
    reward_id: UUID
    unit: str
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardReserved(RedemptionChanged):
    """A reward is being handed out; what it costs is set aside."""

    type = "loyalty.reward.reserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRedeemed(RedemptionChanged):
    """A reward was handed out."""

    type = "loyalty.reward.redeemed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationReleased(RedemptionChanged):
    """A reservation was cancelled or ran out; what it held is back on the card."""

    type = "loyalty.reward.reservation_released"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionReversed(RedemptionChanged):
    """A reward that was handed out was taken back; what it cost is back on the card."""

    type = "loyalty.reward.reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardFulfilled(CardChanged):
    """What was still to be done for a redeemed reward was done."""

    type = "loyalty.reward.fulfilled"
    redemption_id: UUID
    reward_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardSoldOut(Event):
    """The last piece of a reward was taken."""

    type = "loyalty.reward.sold_out"
    reward_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueChanged(Event):
    """Something happened to a reward of a catalogue; `by` is who did it.

    `stock` is what is left, null without end.
    """

    reward_id: UUID
    program_id: UUID
    name: str
    unit: str
    cost: int
    stock: int | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardCreated(CatalogueChanged):
    """A reward was added to a program's catalogue."""

    type = "loyalty.reward.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardUpdated(CatalogueChanged):
    """A reward of the catalogue is offered otherwise, or its stock was counted anew."""

    type = "loyalty.reward.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardArchived(CatalogueChanged):
    """A reward was taken off the shelf for good."""

    type = "loyalty.reward.archived"
