"""Which units of a card live on when it is used, and until when."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from gateway.domain.business_day import BusinessClock
from gateway.domain.earning.sliding import ends_after_use
from gateway.domain.rules.expiry import RollingExpiry, SlidingExpiry
from gateway.domain.rules.points import PointsRule
from tests.plans import points_plan

CLOCK = BusinessClock(time_zone="Europe/Luxembourg")
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
IN_A_MONTH = datetime(2026, 2, 15, 12, tzinfo=UTC)
UNITS = ("point", "voucher:breakfast", "remainder:points")


def test_everything_that_slides_ends_so_long_after_the_use() -> None:
    """Rewards too; what is left over for the next stamp never ends."""
    plan = replace(points_plan(), expiry=SlidingExpiry(months=1))
    ends = ends_after_use(plan, UNITS, NOON, CLOCK)
    assert ends == {"point": IN_A_MONTH, "voucher:breakfast": IN_A_MONTH}


def test_points_with_an_end_of_their_own_do_not_slide() -> None:
    """Their rule says when they end, and only the rest lives on."""
    rule = PointsRule(points_per_dollar=Decimal(1), expiration_months=6)
    plan = replace(points_plan(), rules=(rule,), expiry=SlidingExpiry(months=1))
    assert list(ends_after_use(plan, UNITS, NOON, CLOCK)) == ["voucher:breakfast"]


def test_nothing_slides_with_any_other_expiry() -> None:
    """What ends on a day of its own ends on that day."""
    plan = replace(points_plan(), expiry=RollingExpiry(months=1))
    assert ends_after_use(plan, UNITS, NOON, CLOCK) == {}
