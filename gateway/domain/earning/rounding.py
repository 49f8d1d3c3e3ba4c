"""Rounding: how a fraction becomes whole, exactly."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from gateway.domain.rules.plan import RoundingMode

_HALF = Fraction(1, 2)

_WHOLE: Mapping[RoundingMode, Callable[[Fraction], int]] = {
    RoundingMode.FLOOR: math.floor,
    RoundingMode.HALF_UP: lambda value: math.floor(value + _HALF),
    RoundingMode.CEILING: math.ceil,
}


def whole(value: Fraction, mode: RoundingMode) -> int:
    """Return the whole number that a value of 0 or more becomes."""
    return _WHOLE[mode](value)
