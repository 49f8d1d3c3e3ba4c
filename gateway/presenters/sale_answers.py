"""The answers to a shop that tells of a sale: what it gave, and how the card stands since."""

from datetime import datetime
from uuid import UUID

import msgspec

from gateway.presenters.answers import Amount, CardProgress, Explained


class SaleSettled(msgspec.Struct, frozen=True, kw_only=True):
    """A sale is recorded in the state it was told in.

    `given` is what this state changed, below zero what it took back, and `given_in_all` what the
    whole sale gave until now. Without a `transaction_id` there was nothing to post. Totals are
    those that hold, in minor units: of two states the later one.
    """

    sale_id: UUID
    card_id: UUID
    source: str
    reference: str
    transaction_id: UUID | None
    occurred_at: datetime
    total_paid: int
    total_refunded: int
    given: tuple[Amount, ...]
    given_in_all: tuple[Amount, ...]
    rewards_earned: int
    progress: CardProgress
    tier: str | None
    tier_name: str | None
    receipt_text: str
    explanations: tuple[Explained, ...]
