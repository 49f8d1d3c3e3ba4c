"""What the ledger is asked and told: questions and readings, postings and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.ledger import TransactionKind, Transfer
from gateway.domain.people import Origin, Principal
from gateway.domain.rules.outcomes import Day, Explanation, RuleMemory


class Written(StrEnum):
    """What became of one posting of a set."""

    DONE = "done"
    REPLAYED = "replayed"
    LOST = "lost"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a key was answered with, and for which request."""

    fingerprint: bytes
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Question:
    """Which card a command is about, and the key it is known by.

    With `follows`, a card that was merged into another one stands for that one.
    """

    merchant_id: UUID
    card_id: UUID
    principal: str
    key: str
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer already given to a key, or how the card stands at the database's `now`."""

    answer: StoredAnswer | None
    standing: Standing | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """An event with the id it keeps on its way out."""

    id: UUID
    type: str
    data: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetUse:
    """How much of a cap on a whole program is used, and the most that may be."""

    cap: str
    delta: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """What a transaction moves on a card, and why.

    `happened_at` None is the moment it is posted; `slides` are units whose lots now expire at a
    later moment. `source_event_id` is a receipt of `event_source`, or else of the door through
    which the command came.
    """

    transaction_id: UUID
    kind: TransactionKind
    transfers: tuple[Transfer, ...]
    day: Day
    happened_at: datetime | None = None
    location_id: UUID | None = None
    explanations: tuple[Explanation, ...] = ()
    earned_before: datetime | None = None
    memory_before: Mapping[str, RuleMemory] | None = None
    tier_review_on: date | None = None
    may_owe: bool = False
    budgets: tuple[BudgetUse, ...] = ()
    slides: Mapping[str, datetime] = field(default_factory=dict)
    reverses: UUID | None = None
    event_source: str | None = None
    source_event_id: str | None = None
    sale_id: UUID | None = None
    reason: str | None = None
    approved_by: UUID | None = None
    counterpart_card_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A transaction to post on the card that was read as `before`, and the card it leaves.

    Valid only for the version and the balances of `before`; of the card that is left what it
    remembers, its last earning and its tier are kept.
    """

    transaction: Transaction
    before: Standing
    left: Standing
    occurred_at: datetime
    announcements: tuple[Announcement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A key with its final answer and, unless that is a refusal, the change to post."""

    principal: Principal
    origin: Origin
    key: str
    card_id: UUID
    answer: StoredAnswer
    change: Change | None = None
