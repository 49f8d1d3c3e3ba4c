"""The answers to what is done with a card: the same bytes for the first try and every retry."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from gateway.domain.errors import Refusal
from gateway.domain.progress import Progress
from gateway.domain.redemptions import Fulfilment, RedemptionStatus
from gateway.domain.rules.outcomes import Explanation
from gateway.presenters.problems import problem


class CardProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a card is: `count` of `target` of a unit, and rewards ready.

    Without a target there is nothing to fill, and `count` is what can be spent.
    """

    unit: str
    count: int
    target: int | None
    rewards_ready: int
    text: str


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule said: whether it matched, what it wanted to give, what it gave, and why.

    `reason` is a stable code and `sentence` the same in plain words.
    """

    rule: str
    unit: str
    matched: bool
    wanted: int
    given: int
    reason: str
    sentence: str


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """So much of a unit of the ledger."""

    unit: str
    amount: int


class Stamped(msgspec.Struct, frozen=True, kw_only=True):
    """A visit was rewarded; `tier` is the card's after it, by key and by name."""

    card_id: UUID
    transaction_id: UUID
    occurred_at: datetime
    given: tuple[Amount, ...]
    rewards_earned: int
    progress: CardProgress
    tier: str | None
    tier_name: str | None
    undo_until: datetime
    explanations: tuple[Explained, ...]


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """What a visit gave was taken back."""

    card_id: UUID
    transaction_id: UUID
    reversed_transaction_id: UUID
    occurred_at: datetime
    taken: tuple[Amount, ...]
    progress: CardProgress


class Redeeming(msgspec.Struct, frozen=True, kw_only=True):
    """A redemption and where it stands; `unit` and `cost` are what was paid for it."""

    redemption_id: UUID
    card_id: UUID
    reward_id: UUID
    reward: str
    unit: str
    cost: int
    status: RedemptionStatus
    fulfilment: Fulfilment
    code: str
    expires_at: datetime
    progress: CardProgress


def shown(progress: Progress) -> CardProgress:
    """Return a card's progress as answers carry it."""
    return CardProgress(
        unit=progress.unit,
        count=progress.count,
        target=progress.target,
        rewards_ready=progress.rewards_ready,
        text=progress.text,
    )


def amounts(by_unit: Mapping[str, int]) -> tuple[Amount, ...]:
    """Return amounts by unit as answers carry them, without what is zero."""
    return tuple(Amount(unit=unit, amount=amount) for unit, amount in by_unit.items() if amount)


def explained(explanations: Iterable[Explanation]) -> tuple[Explained, ...]:
    """Return what the rules said as answers carry it."""
    return tuple(
        Explained(
            rule=line.rule,
            unit=line.unit,
            matched=line.matched,
            wanted=line.wanted,
            given=line.given,
            reason=line.reason,
            sentence=line.sentence,
        )
        for line in explanations
    )


def body_of(answer: msgspec.Struct) -> str:
    """Return an answer as the JSON that is kept with its key."""
    return msgspec.json.encode(answer).decode()


def body_of_refusal(refusal: Refusal) -> str:
    """Return a refusal as the problem that is kept with its key."""
    return msgspec.json.encode(problem(refusal)).decode()
