"""When a till asks for an amount, and of what."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.domain.earning.asking import asked_categories, asks_for_amount
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.stamps import EarnBasis, PunchRule, StampEarnRule, StampRule
from tests.plans import (
    hybrid_plan,
    points_plan,
    punch_plan,
    spending_plan,
    stamp_plan,
    tier_plan,
    visit_plan,
)

LUNCH = FreeItem(description="Lunch")
PER_EURO = StampEarnRule(type=EarnBasis.PER_DOLLAR, value=500)


@pytest.mark.parametrize(
    ("plan", "asks"),
    [
        (stamp_plan(), False),
        (visit_plan(), False),
        (Plan(rules=(PunchRule(punches_required=5, reward=LUNCH),)), False),
        (punch_plan(), True),
        (points_plan(), True),
        (spending_plan(), True),
        (tier_plan(), True),
        (replace(stamp_plan(), rules=(*stamp_plan().rules, tier_plan().rules[1])), True),
        (hybrid_plan(), True),
        (
            Plan(rules=(StampRule(stamps_required=5, reward=LUNCH, stamp_earn_rule=PER_EURO),)),
            True,
        ),
    ],
)
def test_a_till_asks_for_the_amount_only_when_a_rule_looks_at_it(
    plan: Plan, *, asks: bool
) -> None:
    """One rule that does is enough."""
    assert asks_for_amount(plan) is asks


def test_a_till_asks_for_the_categories_that_make_a_difference() -> None:
    """Those that a rule is for, and those that weigh otherwise, each once and by name."""
    points = PointsRule(
        points_per_dollar=Decimal(1),
        category_multipliers={"food": Decimal(2), "beans": Decimal(3)},
    )
    punches = PunchRule(punches_required=5, reward=LUNCH, category_filter="food")

    assert asked_categories(Plan(rules=(points, punches))) == ("beans", "food")
    assert asked_categories(visit_plan()) == ()
