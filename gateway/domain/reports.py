"""Reports on a program's value over a period, each number with its formula.

Not accounting advice: what a merchant may do with them (ASC 606, IFRS 15) is for an accountant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from gateway.domain.errors import Invalid
from gateway.domain.money import exponent
from gateway.domain.rules.keys import POINT
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promises import AmountOff, Credit, Promise
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.visits import VisitRule

FORMULAS: Mapping[str, str] = {
    "issued": "what cards earned in the period",
    "reversed": "what refunds and undoings took back in the period",
    "redeemed": "what was handed out as rewards in the period, less what was taken back",
    "expired": "what ran out unused in the period",
    "adjusted": "what staff added in the period, less what they took",
    "transferred": "what came from cards of other programs; 0, as cards stay in theirs",
    "opening": "pending + available + reserved as the period began",
    "closing": (
        "opening + issued - reversed - redeemed - expired + adjusted + transferred, "
        "which is pending + available + reserved as the period ended"
    ),
    "owed": "what cards are below zero, after refunds of what was spent; part of closing",
    "cohort_issued": "what was earned in the period, whatever became of it",
    "cohort_expired": "what of cohort_issued has run out unused by now",
    "value_per_unit": (
        "points: one unit of money / redemption rate; stamps: the reward's amount / stamps "
        "required; otherwise unknown"
    ),
    "liability": "closing x value per unit x expected redemption, rounded to minor units",
    "redemption_rate": "redeemed / issued, of the same period",
    "breakage": "expired / issued, of the same period",
    "cohort_breakage": "cohort_expired / cohort_issued",
    "deadlines": (
        "what is left of each lot by the day it expires; together closing + owed - reserved"
    ),
}


class PeriodInvalid(Invalid):
    """A report's period ends after it begins, and lasts at most three years."""

    code = "period_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What moved of one unit in a period, and what stood before and after."""

    unit: str
    issued: int = 0
    reversed: int = 0
    redeemed: int = 0
    expired: int = 0
    adjusted: int = 0
    transferred: int = 0
    opening: int = 0
    closing: int = 0
    owed: int = 0
    cohort_issued: int = 0
    cohort_expired: int = 0

    @property
    def is_balanced(self) -> bool:
        """Whether the flows explain the difference between opening and closing."""
        change = self.issued - self.reversed - self.redeemed - self.expired
        return self.closing == self.opening + change + self.adjusted + self.transferred


@dataclass(frozen=True, slots=True)
class Deadline:
    """How much of a unit expires on a day; None is never."""

    unit: str
    day: date | None
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """What a flow comes to in money; amounts in minor units, None where no value is known."""

    value_per_unit: Decimal | None
    liability: int | None
    redemption_rate: Decimal | None
    breakage: Decimal | None
    cohort_breakage: Decimal | None


def valuation(flow: Flow, plan: Plan) -> Valuation:
    """Return what a unit's flow comes to under a plan."""
    value = value_per_unit(flow.unit, plan)
    liability = None
    if value is not None:
        owed_to_customers = max(flow.closing, 0) * value * plan.expected_redemption
        liability = int(owed_to_customers.to_integral_value(ROUND_HALF_UP))
    return Valuation(
        value_per_unit=value,
        liability=liability,
        redemption_rate=_share(flow.redeemed, flow.issued),
        breakage=_share(flow.expired, flow.issued),
        cohort_breakage=_share(flow.cohort_expired, flow.cohort_issued),
    )


def value_per_unit(unit: str, plan: Plan) -> Decimal | None:
    """Return what one of a unit is worth in the plan's minor units, if that is known."""
    for rule in plan.rules:
        value = _value(rule, unit, plan)
        if value is not None:
            return value
    return None


def _value(rule: Rule, unit: str, plan: Plan) -> Decimal | None:
    match rule:
        case PointsRule() if unit == POINT:
            return Decimal(10) ** exponent(plan.currency) / rule.redemption_rate
        case StampRule() | PunchRule() if unit == rule.unit:
            amount = _amount(rule.reward)
            return None if amount is None else Decimal(amount) / rule.target
        case SpendingRule() | VisitRule() if unit == rule.unit:
            amount = _amount(rule.reward)
            return None if amount is None else Decimal(amount)
        case _:
            return None


def _amount(promise: Promise) -> int | None:
    return promise.amount if isinstance(promise, AmountOff | Credit) else None


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.0001")) if whole > 0 else None
