"""Promotions: which one raises what a rule gives."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from gateway.domain.rules.promotions import Promotion, Times, applying
from gateway.domain.rules.qualifying import Counted

COFFEE = (Counted("coffee", 100, Fraction(1)),)


def double(key: str, rule: str = "points", category: str | None = None) -> Promotion:
    return Promotion(
        key=key,
        name=key,
        rule=rule,
        effect=Times(times=Decimal(2)),
        starts_at=datetime(2026, 1, 1, tzinfo=UTC),
        ends_at=datetime(2026, 2, 1, tzinfo=UTC),
        category_filter=category,
    )


def test_the_first_that_holds_for_the_rule_applies() -> None:
    """Others are for another rule, or do not hold."""
    other, first, second = double("other", "stamps"), double("first"), double("second")
    promotions = (second, first, other)
    assert applying(promotions, ("other", "first", "second"), "points", COFFEE) is first
    assert applying(promotions, ("second",), "points", COFFEE) is second
    assert applying(promotions, ("other",), "points", COFFEE) is None
    assert applying(promotions, (), "points", COFFEE) is None


def test_one_for_a_category_lets_others_go_first_when_nothing_of_it_was_bought() -> None:
    """A visit without a purchase has bought nothing of any category."""
    cake, all_day = double("cake", category="cake"), double("all_day")
    both = ("cake", "all_day")
    assert applying((cake, all_day), both, "points", COFFEE) is all_day
    assert applying((cake, all_day), both, "points", ()) is all_day
    cakes = (Counted("cake", 100, Fraction(1)),)
    assert applying((cake, all_day), both, "points", cakes) is cake
