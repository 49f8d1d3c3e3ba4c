"""Points: what lines are worth, exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.rules.points import PointsRule, points_worth
from gateway.domain.rules.qualifying import Counted


def lines_of(*amounts: int, category: str | None = None) -> tuple[Counted, ...]:
    return tuple(Counted(category, amount, Fraction(1)) for amount in amounts)


@pytest.mark.parametrize(
    ("currency", "minor"), [("EUR", 350), ("JPY", 3), ("KWD", 3_500), ("CLF", 35_000)]
)
def test_points_are_per_whole_unit_of_any_currency(currency: str, minor: int) -> None:
    """Two points a euro are 7 for 3.50; a yen has no cents and a dinar a thousand fils."""
    rule = PointsRule(points_per_dollar=Decimal(2))
    worth = points_worth(rule, lines_of(minor), currency)
    assert worth == (6 if currency == "JPY" else 7)


def test_categories_count_more_less_or_not() -> None:
    """Each line by its own category, and one that is not named just once."""
    rule = PointsRule(
        points_per_dollar=Decimal(1),
        category_multipliers={"coffee": Decimal("2.5"), "books": Decimal(0)},
    )
    lines = (
        *lines_of(100, category="coffee"),
        *lines_of(100, category="books"),
        *lines_of(100, category="cake"),
        *lines_of(100),
    )
    assert points_worth(rule, lines, "EUR") == Fraction("4.5")


@given(
    st.decimals("0.0001", 10_000, places=4),
    st.lists(st.integers(1, 10**9), min_size=1, max_size=5),
)
def test_worth_is_exact(rate: Decimal, amounts: list[int]) -> None:
    """No fraction is lost on the way."""
    rule = PointsRule(points_per_dollar=rate)
    expected = sum(Fraction(amount, 100) * Fraction(rate) for amount in amounts)
    assert points_worth(rule, lines_of(*amounts), "EUR") == expected
