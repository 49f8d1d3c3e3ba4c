"""A card: a customer in a program, what stands on it and how that reads."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from gateway.domain.ledger import Account
from gateway.domain.programs import ProgramStatus


class CardStatus(StrEnum):
    """Whether a card may be used."""

    ACTIVE = "active"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything a rule may know about a card, as read at one moment.

    `version` is the number of changes so far; a decision holds only if it is still the same
    when the decision is written.
    """

    card_id: UUID
    program_id: UUID
    program_version_id: UUID
    program_status: ProgramStatus
    card_status: CardStatus = CardStatus.ACTIVE
    version: int
    balances: dict[Account, int] = field(default_factory=dict)
    last_earned_at: datetime | None = None
    earned_on: date | None = None
    earned_that_day: int = 0

    @property
    def available(self) -> int:
        """How many stamps can be spent."""
        return self.balances.get(Account.AVAILABLE, 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a card is: `stamps` of `target` on the card in hand, and rewards ready."""

    stamps: int
    target: int
    rewards_ready: int

    @property
    def text(self) -> str:
        """The progress in words, for everybody who cannot see dots."""
        return f"{self.stamps} of {self.target}"


def progress(available: int, target: int) -> Progress:
    """Return how a balance reads on a stamp card; a just completed card reads full, not empty."""
    rewards, stamps = divmod(available, target)
    if rewards and not stamps:
        stamps = target
    return Progress(stamps, target, rewards)
