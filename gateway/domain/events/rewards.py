"""What happens to rewards, from the catalogue to the counter."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardEarned(Event):
    """A card reached a reward."""

    type = "loyalty.reward.earned"
    card_id: UUID
    rewards_ready: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardReserved(Event):
    """A reward is being handed out; what it costs is set aside."""

    type = "loyalty.reward.reserved"
    card_id: UUID
    redemption_id: UUID
    reward_id: UUID
    unit: str
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRedeemed(Event):
    """A reward was handed out."""

    type = "loyalty.reward.redeemed"
    card_id: UUID
    redemption_id: UUID
    reward_id: UUID
    unit: str
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationReleased(Event):
    """A reservation was cancelled or ran out; what it held is back on the card."""

    type = "loyalty.reward.reservation_released"
    card_id: UUID
    redemption_id: UUID
    reward_id: UUID
    unit: str
    cost: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionReversed(Event):
    """A reward that was handed out was taken back; what it cost is back on the card."""

    type = "loyalty.reward.reversed"
    card_id: UUID
    redemption_id: UUID
    reward_id: UUID
    unit: str
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardFulfilled(Event):
    """What was still to be done for a redeemed reward was done."""

    type = "loyalty.reward.fulfilled"
    card_id: UUID
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

    type = ""
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
