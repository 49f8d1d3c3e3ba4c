"""Wanting: base, tier, promotion, and rounding once, in this order."""

from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.plan import Rounding, RoundingMode, RoundingScope
from gateway.domain.rules.promotions import Bonus, Promotion, Times
from gateway.domain.rules.schedules import Schedule, Weekday
from gateway.domain.rules.stamps import EarnBasis
from gateway.domain.rules.tiers import Measure, Threshold, Tier, TierRule
from gateway.domain.segments import Comparison, Condition, Segment, SegmentField
from tests.domain.earning.tills import (
    NOON,
    basket,
    card,
    holding,
    judge,
    line,
    points,
    said,
    sale,
    stamps,
    stamps_per,
    version,
)

TIERS = TierRule(
    tiers=(
        Tier(
            key="gold",
            name="Gold",
            threshold=Threshold(type=Measure.SPENDING, value=100_000_000),
            multipliers={"point": Decimal("1.5"), "stamp": Decimal(2)},
        ),
    )
)
GOLD = card(tier="gold")
FOR_GOLD = Segment(
    conditions=(Condition(field=SegmentField.TIER, comparison=Comparison.EQUAL, value="gold"),)
)


def promotion(effect: Times | Bonus, key: str = "happy", **changes: object) -> Promotion:
    values = {
        "key": key,
        "name": "Happy hour",
        "rule": "points",
        "effect": effect,
        "starts_at": NOON - timedelta(days=1),
        "ends_at": NOON + timedelta(days=1),
    }
    return Promotion(**values | changes)  # type: ignore[arg-type]


DOUBLE, TRIPLE = Times(times=Decimal(2)), Times(times=Decimal(3))


def test_everything_in_its_order() -> None:
    """7.5, times 1.5 for gold, times 2 is 22.5, rounded once to 22, and then capped at 20."""
    plan = version(
        points(),
        TIERS,
        promotions=(promotion(DOUBLE),),
        caps=(Cap(unit="point", per=CapSpan.TRANSACTION, amount=20),),
    )
    explanation = said(judge(plan, sale(750), GOLD), "points")
    assert (explanation.wanted, explanation.given) == (22, 20)


def test_a_bonus_comes_after_rounding_and_is_capped_too() -> None:
    """7.5 times 1.5 is 11, and 10 on top are 21."""
    plan = version(
        points(),
        TIERS,
        promotions=(promotion(Bonus(amount=10)),),
        caps=(Cap(unit="point", per=CapSpan.TRANSACTION, amount=15),),
    )
    explanation = said(judge(plan, sale(750), GOLD), "points")
    assert (explanation.wanted, explanation.given) == (21, 15)


def test_a_bonus_needs_something_earned() -> None:
    """Less than a point is none, and gets no bonus."""
    plan = version(points(), promotions=(promotion(Bonus(amount=10)),))
    assert not judge(plan, sale(99)).given
    assert judge(plan, sale(100)).given == {("points", "point"): 11}


def test_whoever_has_no_tier_gets_the_usual() -> None:
    """And a tier of another program version is none."""
    plan = version(points(), stamps(), TIERS)
    usual = {("points", "point"): 7, ("stamps", "stamp"): 1}
    assert judge(plan, sale(750), card(tier="platinum")).given == usual
    assert judge(plan, sale(750)).given == usual
    assert judge(plan, sale(750), GOLD).given == {("points", "point"): 11, ("stamps", "stamp"): 2}


@pytest.mark.parametrize(
    ("changes", "given"),
    [
        ({}, 10),
        ({"starts_at": NOON}, 10),
        ({"starts_at": NOON + timedelta(seconds=1)}, 5),
        ({"ends_at": NOON}, 5),
        ({"ends_at": NOON + timedelta(seconds=1)}, 10),
        ({"schedule": Schedule(weekdays=(Weekday.TUESDAY,))}, 10),
        ({"schedule": Schedule(weekdays=(Weekday.SUNDAY,))}, 5),
        ({"audience": FOR_GOLD}, 5),
        ({"rule": "stamps"}, 5),
        ({"category_filter": "books"}, 5),
    ],
)
def test_a_promotion_holds_in_its_window_for_its_rule_and_customers(
    changes: dict[str, object], given: int
) -> None:
    """Its first moment counts and its end does not."""
    plan = version(points(), promotions=(promotion(DOUBLE, "happy", **changes),))
    assert judge(plan, sale(500)).given == {("points", "point"): given}


def test_a_promotion_for_some_customers() -> None:
    """Gold is gold."""
    plan = version(points(), promotions=(promotion(DOUBLE, audience=FOR_GOLD),))
    assert judge(plan, sale(500), GOLD).given == {("points", "point"): 10}


def test_of_several_promotions_the_newest_holds() -> None:
    """Whatever order the plan lists them in, and however much the others would give."""
    older = promotion(TRIPLE, "older", starts_at=NOON - timedelta(days=2))
    newer = promotion(DOUBLE, "newer")
    for promotions in ((older, newer), (newer, older)):
        plan = version(points(), promotions=promotions)
        assert judge(plan, sale(500)).given == {("points", "point"): 10}


def test_a_promotion_for_a_category_raises_only_its_lines() -> None:
    """5 for bread, and 3 × 5 for coffee."""
    plan = version(points(), promotions=(promotion(TRIPLE, category_filter="coffee"),))
    bought = basket(line(500, "coffee"), line(500, "bread"))
    assert judge(plan, bought).given == {("points", "point"): 20}


def test_per_line_each_line_is_rounded_after_its_multipliers() -> None:
    """0.75 doubled is 1.5 of each of two lines: 1 and 1, where an order has 3."""
    bought = basket(line(75), line(75))
    for scope, given in ((RoundingScope.PER_LINE, 2), (RoundingScope.PER_ORDER, 3)):
        plan = version(points(), promotions=(promotion(DOUBLE),), rounding=Rounding(scope=scope))
        assert judge(plan, bought).given == {("points", "point"): given}


@pytest.mark.parametrize(
    ("mode", "given"),
    [(RoundingMode.FLOOR, 1), (RoundingMode.HALF_UP, 2), (RoundingMode.CEILING, 2)],
)
def test_stamps_are_multiplied_and_rounded_like_points(mode: RoundingMode, given: int) -> None:
    """One and a half stamps for a visit."""
    half_more = promotion(Times(times=Decimal("1.5")), rule="stamps")
    plan = version(stamps(), promotions=(half_more,), rounding=Rounding(mode=mode))
    assert judge(plan).given == {("stamps", "stamp"): given}


def test_a_promotion_doubles_what_was_carried_too_unless_it_is_for_a_category() -> None:
    """2.00 carried and 3.00 bought are a stamp of 5.00, which is doubled."""
    standing = holding("remainder:stamps", 200)
    bought = basket(line(300, "coffee"))
    per_five = stamps_per(EarnBasis.PER_DOLLAR, 500, carry=True)
    for category, given in ((None, 2), ("coffee", 1)):
        double = promotion(DOUBLE, rule="stamps", category_filter=category)
        outcome = judge(version(per_five, promotions=(double,)), bought, standing)
        assert outcome.given["stamps", "stamp"] == given


def test_double_stamps_for_a_category_count_its_items_again() -> None:
    """Three pastries and two coffees are five, and three more."""
    double = promotion(DOUBLE, rule="stamps", category_filter="pastry")
    plan = version(stamps_per(EarnBasis.PER_ITEM, 1), promotions=(double,))
    bought = basket(line(900, "pastry", quantity=3), line(600, "coffee", quantity=2))
    assert judge(plan, bought).given == {("stamps", "stamp"): 8}


def test_a_bonus_of_stamps_for_a_visit() -> None:
    """Once per visit."""
    plan = version(stamps(), promotions=(promotion(Bonus(amount=2), rule="stamps"),))
    assert judge(plan).given == {("stamps", "stamp"): 3}


def test_points_for_yen_are_for_whole_yen() -> None:
    """A point for each, and another in the happy hour."""
    plan = version(points(), currency="JPY", promotions=(promotion(DOUBLE),))
    assert judge(plan, sale(500, currency="JPY")).given == {("points", "point"): 1_000}


def test_a_promotion_for_new_customers_ends_for_each_by_itself() -> None:
    """Ten days after they joined."""
    joined = Condition(
        field=SegmentField.DAYS_SINCE_JOINING, comparison=Comparison.AT_MOST, value=10
    )
    plan = version(
        points(), promotions=(promotion(DOUBLE, audience=Segment(conditions=(joined,))),)
    )
    for days, given in ((10, 10), (11, 5)):
        standing = card(opened_at=NOON - timedelta(days=days))
        assert judge(plan, sale(500), standing).given == {("points", "point"): given}
