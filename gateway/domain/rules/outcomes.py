"""The outcome of an evaluation: what to post, what the card remembers, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

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
    """What a sale was judged by when it happened, so that a refund is judged by the same.

    `multipliers` are the tier's, by unit; `promotions` the keys of those that held; `headroom`
    what each capped rule or unit could still give; `visit` whether it was the day's first.
    """

    tier: str | None = None
    multipliers: Mapping[str, Decimal] = field(default_factory=dict)
    promotions: tuple[str, ...] = ()
    headroom: Mapping[str, int] = field(default_factory=dict)
    visit: bool = False
    scheduled: tuple[str, ...] = ()
    remainders: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TierMove:
    """A card's tier changed, or is about to: `tier` None is no tier."""

    before: str | None
    tier: str | None
    is_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an event comes to: transfers to post and what the card remembers, or a refusal.

    `given` is what each rule gave in each unit by (rule key, unit), which a sale keeps.
    `rewards_earned` counts by unit the rewards that became ready.
    """

    explanations: tuple[Explanation, ...]
    refusal: Refusal | None = None
    transfers: tuple[Transfer, ...] = ()
    day: Day | None = None
    memory: Mapping[str, RuleMemory] = field(default_factory=dict)
    tier_move: TierMove | None = None
    basis: Basis = Basis()
    given: Mapping[tuple[str, str], int] = field(default_factory=dict)
    rewards_earned: int = 0
    last_earned_at: datetime | None = None
