"""What a tier multiplies."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.domain.rules.test_tier_progress import ladder

PLAIN = ladder(10_000, 50_000)
RULE = replace(
    PLAIN, tiers=(PLAIN.tiers[0], replace(PLAIN.tiers[1], multipliers={"point": Decimal("1.5")}))
)


@pytest.mark.parametrize(
    ("tier", "unit", "times"),
    [
        ("t2", "point", Decimal("1.5")),
        ("t2", "stamp", Decimal(1)),
        ("t1", "point", Decimal(1)),
        ("gone", "point", Decimal(1)),
        (None, "point", Decimal(1)),
    ],
)
def test_a_tier_multiplies_its_units_and_leaves_all_else(
    tier: str | None, unit: str, times: Decimal
) -> None:
    """Without a tier, or one the plan knows, everything counts once."""
    assert RULE.multiplier(tier, unit) == times
