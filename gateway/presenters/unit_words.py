"""Amounts of a unit as customers and staff read them: 1 stamp, 340 points, 2 × A cake."""

from gateway.domain.progress import Counts
from gateway.domain.rules.keys import POINT, STAMP, VOUCHER_PREFIX, voucher
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promises import Promise
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.tiers import TierRule
from gateway.domain.wording import Language
from gateway.presenters.counting import count_text, number_text, rewards_text

_MINUS = "\u2212"
_COUNTS = {POINT: Counts.POINTS, STAMP: Counts.STAMPS}


def unit_words(plan: Plan, unit: str, amount: int, language: Language = Language.EN) -> str:
    """Return so much of a unit in words; a voucher is called what it is good for."""
    if unit in _COUNTS:
        return count_text(_COUNTS[unit], amount, language)
    written = number_text(amount, language)
    if unit.startswith(VOUCHER_PREFIX):
        promise = promise_of(plan, unit)
        if promise is None:
            return rewards_text(amount, language)
        return promise.description if amount == 1 else f"{written} × {promise.description}"
    return f"{written} {unit}"


def change_words(plan: Plan, unit: str, delta: int, language: Language = Language.EN) -> str:
    """Return how much of a unit came or went: +12 points, or less."""
    return f"{'+' if delta > 0 else _MINUS}{unit_words(plan, unit, abs(delta), language)}"


def promise_of(plan: Plan, unit: str) -> Promise | None:
    """Return what a voucher is good for, unless the plan promises it no more."""
    for rule in plan.rules:
        if isinstance(rule, PointsRule | TierRule):
            continue
        if rule.unit == unit:
            return rule.reward
        if isinstance(rule, StampRule | PunchRule):
            for milestone in rule.intermediate_rewards:
                if voucher(milestone.key) == unit:
                    return milestone.reward
    return None
