"""The outcome of an evaluation: what to post, what the card remembers, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from gateway.domain.business_day import BusinessClock
from gateway.domain.errors import Refusal
from gateway.domain.ledger import Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What one rule said to an event: did it match, what it wanted to give, what it gave, why.

    `reason` is a stable code, and `sentence` the same in plain words.
    """

    rule: str
    unit: str
    matched: bool
    wanted: int
    given: int
    reason: str
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMemory:
    """What a card remembers for one rule beyond its ledger and its days.

    `count` is how far it is towards the next reward. `period` is the period that `count` and
    `granted` rewards belong to, or a streak's last one; `used_until` the last business day whose
    visits were already rewarded.
    """

    count: int = 0
    period: str = ""
    granted: int = 0
    streak: int = 0
    best: int = 0
    used_until: date | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule that counts towards a reward says: vouchers to give, or below zero to take back.

    `memory` is what the card remembers for the rule from now on.
    """

    given: int
    memory: RuleMemory
    explanation: Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a card did on one business day; a change of a day may be negative.

    `earnings` counts how often the card earned, `visits` is 1 when there was one that counts,
    `spent` is in minor units, `points` what it earned of the unit point, `given` what each rule
    gave, by key.
    """

    day: date
    earnings: int = 0
    visits: int = 0
    spent: int = 0
    points: int = 0
    given: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a sale was judged by when it happened, and how much of it counts so far.

    A later state of the sale is judged by the same: `multipliers` are the tier's, by unit;
    `promotions` the keys of all that held, newest first; `closed` the rules outside their hours;
    `headroom` what each cap could still give, by `caps.headroom_key`; `carried` what each rule had
    left over from earlier purchases; `collected` how much of each unit was on the card.

    So far: `spent` is what counts of the sale in minor units, by spending rule and under "" for
    the card; `owed` what could not be taken back, by unit; `earned` whether it is an earning.
    """

    earned_at: datetime
    clock: BusinessClock
    tier: str | None = None
    multipliers: Mapping[str, Decimal] = field(default_factory=dict)
    promotions: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    headroom: Mapping[str, int] = field(default_factory=dict)
    carried: Mapping[str, int] = field(default_factory=dict)
    collected: Mapping[str, int] = field(default_factory=dict)
    spent: Mapping[str, int] = field(default_factory=dict)
    owed: Mapping[str, int] = field(default_factory=dict)
    earned: bool = False


Given = Mapping[tuple[str, str], int]
"""What each rule gave in each unit, by (rule key, unit)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSale:
    """A sale as it was settled last: on which business day it happened, and what it gave so far.

    `transactions` are the ids of all that belong to it.
    """

    basis: Basis
    day: date
    given: Given = field(default_factory=dict)
    transactions: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TierMove:
    """A card's tier changed, or is about to: `tier` None is no tier."""

    before: str | None
    tier: str | None
    is_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an event comes to: transfers to post and what the card remembers, or a refusal.

    `day` is the change of the business day that it belongs to. `memory` holds the rules whose
    memory changed. `basis` and `given` are what a sale keeps: all that it gave until now, not the
    change. `budgets` is the change of what the whole program gave, by `caps.budget_key`.
    `rewards_earned` counts the rewards that became ready. `last_earned_at` None leaves the card's
    as it is.
    """

    explanations: tuple[Explanation, ...]
    refusal: Refusal | None = None
    transfers: tuple[Transfer, ...] = ()
    day: Day | None = None
    memory: Mapping[str, RuleMemory] = field(default_factory=dict)
    tier_move: TierMove | None = None
    basis: Basis | None = None
    given: Given = field(default_factory=dict)
    budgets: Mapping[str, int] = field(default_factory=dict)
    rewards_earned: int = 0
    last_earned_at: datetime | None = None
