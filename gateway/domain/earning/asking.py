"""Asking: what a till must enter before a card of a plan can earn all it may."""

from gateway.domain.earning.conditions import needs_a_sale
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.tiers import Measure, TierRule
from gateway.domain.rules.visits import VisitRule


def asks_for_amount(plan: Plan) -> bool:
    """Say whether a rule of the plan looks at what was paid, so that staff enter the amount."""
    return any(_looks_at_money(rule) for rule in plan.rules)


def asked_categories(plan: Plan) -> tuple[str, ...]:
    """Return the categories of goods that make a difference, by name."""
    named = {
        rule.category_filter for rule in plan.rules if not isinstance(rule, TierRule | VisitRule)
    }
    weighed = {
        category
        for rule in plan.rules
        if isinstance(rule, PointsRule)
        for category in rule.category_multipliers
    }
    return tuple(sorted({each for each in named | weighed if each is not None}))


def _looks_at_money(rule: Rule) -> bool:
    match rule:
        case SpendingRule():
            return True
        case VisitRule():
            return False
        case TierRule():
            return any(tier.threshold.type is Measure.SPENDING for tier in rule.tiers)
        case _:
            return needs_a_sale(rule)
