"""Plans of every kind to test with, as small as they get."""

from decimal import Decimal

from gateway.domain.rules.plan import Limits, Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.tiers import Measure, Threshold, Tier, TierRule
from gateway.domain.rules.visits import VisitRule

UNLIMITED = Limits(cooldown_minutes=0, daily_limit=1_000)
"""Nobody has to wait, and no test earns more often on one card and day."""

TIERS = TierRule(
    tiers=(
        Tier(
            key="silver",
            name="Silver",
            threshold=Threshold(type=Measure.SPENDING, value=10_000),
            benefits=("A free birthday coffee",),
        ),
        Tier(
            key="gold",
            name="Gold",
            threshold=Threshold(type=Measure.SPENDING, value=50_000),
            benefits=("A free birthday coffee", "Double points"),
            multipliers={"point": Decimal(2)},
        ),
    )
)


def stamp_plan(
    stamps: int = 3,
    reward: str = "Coffee",
    *,
    cooldown_minutes: int = 0,
    daily_limit: int = UNLIMITED.daily_limit,
) -> Plan:
    """Return a stamp card, by default without cooldown."""
    return Plan(
        rules=(StampRule(stamps_required=stamps, reward=FreeItem(description=reward)),),
        limits=Limits(cooldown_minutes=cooldown_minutes, daily_limit=daily_limit),
    )


def points_plan() -> Plan:
    """Return a card of one point for each euro."""
    return Plan(rules=(PointsRule(points_per_dollar=Decimal(1)),), limits=UNLIMITED)


def punch_plan() -> Plan:
    """Return a punch card of five, one for each purchase of at least 3.50."""
    reward = FreeItem(description="Lunch")
    rule = PunchRule(punches_required=5, minimum_purchase_amount=350, reward=reward)
    return Plan(rules=(rule,), limits=UNLIMITED)


def spending_plan() -> Plan:
    """Return a card with a reward for each 100 euros spent."""
    rule = SpendingRule(threshold_amount=10_000, reward=FreeItem(description="A cake"))
    return Plan(rules=(rule,), limits=UNLIMITED)


def visit_plan(*, in_a_row: bool = False) -> Plan:
    """Return a card with a reward for five visits within thirty days, or on days in a row."""
    reward = FreeItem(description="A breakfast")
    rule = VisitRule(visits_required=5, reward=reward, consecutive_required=in_a_row)
    return Plan(rules=(rule,), limits=UNLIMITED)


def tier_plan() -> Plan:
    """Return points with two tiers, reached by what was spent."""
    return Plan(rules=(*points_plan().rules, TIERS), limits=UNLIMITED)


def hybrid_plan() -> Plan:
    """Return stamps, points and tiers on one card."""
    return Plan(rules=(*stamp_plan().rules, *tier_plan().rules), limits=UNLIMITED)
