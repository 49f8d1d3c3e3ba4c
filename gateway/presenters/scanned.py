"""A scanned card as the till's script reads it."""

from datetime import datetime
from uuid import UUID

import msgspec

from gateway.presenters.answers import CardProgress


class RewardOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A reward the card can be redeemed for, once it has the stamps."""

    reward_id: UUID
    name: str
    cost: int


class ReservedReward(msgspec.Struct, frozen=True, kw_only=True):
    """A reward that is being handed out."""

    redemption_id: UUID
    reward: str
    code: str
    expires_at: datetime


class ScannedCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card before staff: enough to recognise its customer, too little to write to them."""

    card_id: UUID
    customer: str
    program: str
    program_status: str
    progress: CardProgress
    columns: int
    reward: RewardOffer
    reserved: tuple[ReservedReward, ...]
    last_visit_at: datetime | None
