"""Rounding: three ways from a fraction to a whole number."""

from fractions import Fraction

import pytest

from gateway.domain.earning.rounding import whole
from gateway.domain.rules.plan import RoundingMode


@pytest.mark.parametrize(
    ("value", "floor", "half_up", "ceiling"),
    [
        ("0", 0, 0, 0),
        ("1/3", 0, 0, 1),
        ("1/2", 0, 1, 1),
        ("3/2", 1, 2, 2),
        ("5/2", 2, 3, 3),
        ("7/1", 7, 7, 7),
        ("9999999999999999999/10000000000000000000", 0, 1, 1),
    ],
)
def test_a_fraction_becomes_whole(value: str, floor: int, half_up: int, ceiling: int) -> None:
    """Half goes up and not to the even number, and no size loses a digit."""
    fraction = Fraction(value)
    assert whole(fraction, RoundingMode.FLOOR) == floor
    assert whole(fraction, RoundingMode.HALF_UP) == half_up
    assert whole(fraction, RoundingMode.CEILING) == ceiling
