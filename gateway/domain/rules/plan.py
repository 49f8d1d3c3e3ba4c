"""A plan: everything one version of a program promises, in the order in which it is applied."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from gateway.domain.configurations.limits import Between, Items, Note, Pattern, Places
from gateway.domain.rules.caps import Cap
from gateway.domain.rules.expiry import NEVER, Expiry
from gateway.domain.rules.keys import Category
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promotions import Promotion
from gateway.domain.rules.schedules import ALWAYS, Schedule
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.tiers import TierRule
from gateway.domain.rules.visits import VisitRule
from gateway.domain.segments import Segment

COOLDOWN_MINUTES_MAX = 7 * 24 * 60
DAILY_LIMIT_MAX = 1_000

Currency = Annotated[
    str, Pattern(r"[A-Z]{3}", "A currency is three letters, like EUR."), Note("ISO 4217.")
]
Rule = PointsRule | PunchRule | StampRule | SpendingRule | TierRule | VisitRule


class TaxMode(StrEnum):
    """Whether what is earned counts tax."""

    BEFORE_TAX = "before_tax"
    AFTER_TAX = "after_tax"


class RoundingMode(StrEnum):
    """How a fraction of a point becomes whole."""

    FLOOR = "floor"
    HALF_UP = "half_up"
    CEILING = "ceiling"


class RoundingScope(StrEnum):
    """What is rounded: the whole purchase once, or each of its lines."""

    PER_ORDER = "per_order"
    PER_LINE = "per_line"


class NegativeBalance(StrEnum):
    """What a refund may take back when the points were already spent."""

    ONLY_PENDING = "only_pending"
    WITHIN_BALANCE = "within_balance"
    ALLOW_NEGATIVE = "allow_negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """Rounding happens once, at the end."""

    mode: RoundingMode = RoundingMode.FLOOR
    scope: RoundingScope = RoundingScope.PER_ORDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Against misuse: how soon and how often a card can earn."""

    cooldown_minutes: Annotated[
        int, Between(0, COOLDOWN_MINUTES_MAX, "A cooldown is 0 to 10,080 minutes.")
    ] = 15
    daily_limit: Annotated[
        int,
        Between(1, DAILY_LIMIT_MAX, "A daily limit is 1 to 1,000 times."),
        Note("How often a card can earn on a business day."),
    ] = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a version promises; `locations` empty means every location of the merchant."""

    rules: Annotated[tuple[Rule, ...], Items(1, 8)]
    currency: Currency = "EUR"
    tax_mode: TaxMode = TaxMode.AFTER_TAX
    rounding: Rounding = Rounding()
    limits: Limits = Limits()
    excluded_categories: Annotated[
        tuple[Category, ...], Items(0, 50), Note("What never earns, like tips and shipping.")
    ] = ("tips", "shipping")
    promotions: Annotated[tuple[Promotion, ...], Items(0, 20)] = ()
    caps: Annotated[tuple[Cap, ...], Items(0, 20)] = ()
    schedule: Schedule = ALWAYS
    locations: Annotated[tuple[UUID, ...], Items(0, 1_000)] = ()
    audience: Segment | None = None
    expiry: Expiry = NEVER
    pending_days: Annotated[int, Between(0, 365, "Points are held back 0 to 365 days.")] = 0
    negative_balance: NegativeBalance = NegativeBalance.ALLOW_NEGATIVE
    grace_days: Annotated[
        int,
        Between(0, 730, "Balances stay redeemable 0 to 730 days after the end."),
    ] = 90
    expected_redemption: Annotated[
        Decimal,
        Places(4),
        Between(Decimal(0), Decimal(1), "The expected redemption is between 0 and 1."),
        Note("The share of points expected to be redeemed at last, for the liability report."),
    ] = Decimal(1)


def rule_of(plan: Plan, key: str) -> Rule | None:
    """Return the plan's rule with this key."""
    return next((rule for rule in plan.rules if rule.key == key), None)
