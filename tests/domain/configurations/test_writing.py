"""Writing a configuration: everything is said, and equal things alike."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.configurations.reading import read
from gateway.domain.configurations.writing import written
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promotions import Bonus, Promotion

LOCATION = UUID("0192f0c1-2345-7abc-8def-0123456789ab")
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_a_plan_is_written_with_its_defaults_and_types() -> None:
    """Nothing of what was promised depends on what a later program takes as default."""
    rule = PointsRule(points_per_dollar=Decimal("1.50"), category_multipliers={"wine": Decimal(2)})
    promotion = Promotion(
        key="happy",
        name="Happy days",
        rule="points",
        effect=Bonus(amount=5),
        starts_at=NOON.astimezone(timezone(timedelta(hours=2))),
        ends_at=NOON + timedelta(microseconds=1),
    )
    plan = Plan(rules=(rule,), promotions=(promotion,), locations=(LOCATION,))

    assert written(plan) == {
        "rules": [
            {
                "type": "points_based",
                "key": "points",
                "points_per_dollar": "1.5",
                "minimum_purchase_amount": None,
                "category_multipliers": {"wine": "2"},
                "category_filter": None,
                "redemption_rate": 100,
                "expiration_months": None,
            }
        ],
        "currency": "EUR",
        "tax_mode": "after_tax",
        "rounding": {"mode": "floor", "scope": "per_order"},
        "limits": {"cooldown_minutes": 15, "daily_limit": 5},
        "excluded_categories": ["tips", "shipping"],
        "promotions": [
            {
                "key": "happy",
                "name": "Happy days",
                "rule": "points",
                "effect": {"type": "bonus", "amount": 5},
                "starts_at": "2026-01-31T12:00:00Z",
                "ends_at": "2026-01-31T12:00:00.000001Z",
                "schedule": {"weekdays": [], "hours": [], "blackout_dates": []},
                "category_filter": None,
                "audience": None,
            }
        ],
        "caps": [],
        "schedule": {"weekdays": [], "hours": [], "blackout_dates": []},
        "locations": ["0192f0c1-2345-7abc-8def-0123456789ab"],
        "audience": None,
        "expiry": {"type": "none"},
        "pending_days": 0,
        "negative_balance": "allow_negative",
        "grace_days": 90,
        "expected_redemption": "1",
    }


@pytest.mark.parametrize("text", ["100", "100.0", "100.00"])
def test_equal_numbers_are_written_alike(text: str) -> None:
    """However many zeros somebody typed."""
    rule = read(PointsRule, {"type": "points_based", "points_per_dollar": text})

    assert written(rule)["points_per_dollar"] == "100"


@given(st.integers(1, 10_000 * 10_000))
def test_every_number_with_four_decimals_survives(ten_thousandths: int) -> None:
    """Rates are exact, from the smallest to the largest."""
    rule = PointsRule(points_per_dollar=Decimal(ten_thousandths).scaleb(-4))

    assert read(PointsRule, written(rule)) == rule
