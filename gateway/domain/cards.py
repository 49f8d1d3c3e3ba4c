"""A card: a customer in a program, and everything that stands on it at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gateway.domain.ledger import Account, Balances, balance
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.outcomes import Day, RuleMemory


class CardStatus(StrEnum):
    """Whether a card may be used; a merged card's value went to another."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a card did in its whole life; `spent` in minor units."""

    visits: int = 0
    spent: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything a rule may know about a card, as read at one moment.

    `version` is the number of changes so far; a decision holds only if it is still the same
    when the decision is written. `days` are the business days that the program version looks back
    on, oldest first. `budgets` is what the whole program gave so far, by the key of a cap.
    """

    card_id: UUID
    program_id: UUID
    program_version_id: UUID
    program_status: ProgramStatus
    program_ended_at: datetime | None = None
    version: int
    opened_at: datetime
    card_status: CardStatus = CardStatus.ACTIVE
    balances: Balances = field(default_factory=dict)
    last_earned_at: datetime | None = None
    days: tuple[Day, ...] = ()
    totals: Totals = Totals()
    memory: Mapping[str, RuleMemory] = field(default_factory=dict)
    tier: str | None = None
    tier_since: datetime | None = None
    budgets: Mapping[str, int] = field(default_factory=dict)

    def available(self, unit: str) -> int:
        """Return how much of a unit can be spent; below zero after a refund of what was spent."""
        return balance(self.balances, unit, Account.AVAILABLE)
