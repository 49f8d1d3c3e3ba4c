"""The answers to what is done with a card: the same bytes for the first try and every retry."""

from datetime import datetime
from uuid import UUID

import msgspec

from gateway.domain.cards import Progress
from gateway.domain.errors import Refusal
from gateway.domain.redemptions import RedemptionStatus
from gateway.presenters.problems import problem


class CardProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a card is: `stamps` of `target` on the card in hand, and rewards ready."""

    stamps: int
    target: int
    rewards_ready: int
    text: str


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule said: whether it matched, what it wanted to give, what it gave, and why."""

    rule: str
    matched: bool
    wanted: int
    given: int
    reason: str


class Stamped(msgspec.Struct, frozen=True, kw_only=True):
    """A stamp was given."""

    card_id: UUID
    transaction_id: UUID
    occurred_at: datetime
    stamps_given: int
    rewards_earned: int
    progress: CardProgress
    undo_until: datetime
    explanations: tuple[Explained, ...]


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """A stamp was taken back."""

    card_id: UUID
    transaction_id: UUID
    reversed_transaction_id: UUID
    occurred_at: datetime
    progress: CardProgress


class Redeeming(msgspec.Struct, frozen=True, kw_only=True):
    """A redemption and where it stands."""

    redemption_id: UUID
    card_id: UUID
    reward: str
    status: RedemptionStatus
    code: str
    expires_at: datetime
    progress: CardProgress


def shown(progress: Progress) -> CardProgress:
    """Return a card's progress as answers carry it."""
    return CardProgress(
        stamps=progress.stamps,
        target=progress.target,
        rewards_ready=progress.rewards_ready,
        text=progress.text,
    )


def body_of(answer: msgspec.Struct) -> str:
    """Return an answer as the JSON that is kept with its key."""
    return msgspec.json.encode(answer).decode()


def body_of_refusal(refusal: Refusal) -> str:
    """Return a refusal as the problem that is kept with its key."""
    return msgspec.json.encode(problem(refusal)).decode()
