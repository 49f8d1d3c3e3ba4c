"""The answers to what is done to the books by hand."""

from datetime import datetime
from uuid import UUID

import msgspec

from gateway.domain.adjustments import AdjustmentStatus
from gateway.domain.cards import CardStatus
from gateway.presenters.answers import Amount


class Adjusted(msgspec.Struct, frozen=True, kw_only=True):
    """An adjustment and where it stands; `asked` ones wait for a second person.

    `amount` is below zero for what is taken. Nobody is named by an API key.
    """

    adjustment_id: UUID
    card_id: UUID
    unit: str
    amount: int
    reason: str
    status: AdjustmentStatus
    asked_by_staff_id: UUID | None
    asked_at: datetime
    decided_by_staff_id: UUID | None
    decided_at: datetime | None
    transaction_id: UUID | None


class Transferred(msgspec.Struct, frozen=True, kw_only=True):
    """Value went from a card to another, each in a transaction of its own; `moved` by unit."""

    card_id: UUID
    counterpart_card_id: UUID
    transaction_id: UUID | None
    counterpart_transaction_id: UUID | None
    moved: tuple[Amount, ...]
    merged: bool


class CardState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a card can be used, and why not."""

    card_id: UUID
    status: CardStatus
    blocked_reason: str | None
