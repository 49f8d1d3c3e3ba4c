"""How many days of history a plan needs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.looking_back import LOOK_BACK_DAYS_MAX, look_back_days
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import StampRule
from gateway.domain.rules.tiers import Measure, Window
from gateway.domain.rules.visits import Beat, VisitRule
from gateway.domain.rules.windows import Period
from tests.domain.rules.histories import COFFEE
from tests.domain.rules.test_tier_progress import ladder

POINTS = PointsRule(points_per_dollar=Decimal(1))
STAMPS = StampRule(stamps_required=10, reward=COFFEE)
SPENDING = SpendingRule(threshold_amount=10_000, reward=COFFEE, reset_period=Period.YEARLY)
VISITS = VisitRule(visits_required=10, within_days=60, reward=COFFEE)
IN_A_ROW = replace(VISITS, consecutive_required=True)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (POINTS, 0),
        (STAMPS, 0),
        (SPENDING, 0),
        (VISITS, 60),
        (IN_A_ROW, 10),
        (replace(IN_A_ROW, period=Beat.WEEK), 70),
        (replace(IN_A_ROW, period=Beat.MONTH), 310),
        (replace(IN_A_ROW, period=Beat.MONTH, visits_required=365), LOOK_BACK_DAYS_MAX),
        (ladder(1, period=Period.MONTHLY), 32),
        (ladder(1, period=Period.QUARTERLY), 93),
        (ladder(1, period=Period.YEARLY), 367),
        (ladder(1, period=Period.LIFETIME, measure=Measure.VISITS), 0),
        (ladder(1, period=Period.MONTHLY, window=Window.ROLLING), 31),
        (ladder(1, period=Period.QUARTERLY, window=Window.ROLLING), 92),
        (ladder(1, period=Period.YEARLY, window=Window.ROLLING), 366),
    ],
)
def test_each_rule_needs_its_window(rule: Rule, days: int) -> None:
    """Tiers a day more, for the review of the day before."""
    assert look_back_days(Plan(rules=(rule,))) == days


@pytest.mark.parametrize(
    ("span", "days"),
    [
        (CapSpan.TRANSACTION, 0),
        (CapSpan.DAY, 0),
        (CapSpan.WEEK, 7),
        (CapSpan.MONTH, 31),
        (CapSpan.PROGRAM, 0),
    ],
)
def test_each_cap_needs_its_span(span: CapSpan, days: int) -> None:
    """What the whole program gave is counted elsewhere."""
    cap = Cap(unit="point", per=span, amount=100)
    assert look_back_days(Plan(rules=(POINTS,), caps=(cap,))) == days


def test_a_plan_needs_what_its_greediest_part_does() -> None:
    """Of several rules and caps the longest window."""
    cap = Cap(unit="point", per=CapSpan.MONTH, amount=100)
    assert look_back_days(Plan(rules=(POINTS, VISITS, IN_A_ROW), caps=(cap,))) == 60
