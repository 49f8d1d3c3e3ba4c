"""The limits of a field, to the last value that keeps them."""

from decimal import Decimal

import pytest

from gateway.domain.configurations.checks import broken
from gateway.domain.configurations.limits import (
    Between,
    Characters,
    Items,
    Limit,
    Note,
    Pattern,
    Places,
    Positive,
)

BETWEEN = Between(2, 50, "From 2 to 50.")
POSITIVE = Positive(9, "Above 0.")
PATTERN = Pattern("[a-z]+", "Small letters.")


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        (BETWEEN, 2),
        (BETWEEN, 50),
        (BETWEEN, None),
        (Between(Decimal("0.01"), Decimal(1), ""), Decimal("0.01")),
        (POSITIVE, 1),
        (POSITIVE, 9),
        (POSITIVE, Decimal("0.0001")),
        (Places(2), Decimal("1.25")),
        (Places(2), Decimal(125)),
        (Characters(3), "été"),
        (Characters(3), "a b"),
        (Characters(9), "5\u00a0€ off"),
        (PATTERN, "abc"),
        (Items(1, 2), [1]),
        (Items(1, 2), {"a": 1, "b": 2}),
        (Note("Anything."), object()),
    ],
)
def test_what_keeps_a_limit_is_welcome(limit: Limit, value: object) -> None:
    """Both ends belong to it, and no value breaks no limit."""
    assert broken(limit, value) is None


@pytest.mark.parametrize(
    ("limit", "value", "sentence"),
    [
        (BETWEEN, 1, "From 2 to 50."),
        (BETWEEN, 51, "From 2 to 50."),
        (POSITIVE, 0, "Above 0."),
        (POSITIVE, 10, "Above 0."),
        (POSITIVE, Decimal("-0.1"), "Above 0."),
        (Places(2), Decimal("1.250"), "Please use at most 2 decimals."),
        (Characters(3), "", "Please write something here."),
        (Characters(3), " ", "Please write something here."),
        (Characters(3), "abcd", "Please use at most 3 characters."),
        (Characters(3), "a\nb", "Please write this on one line."),
        (Characters(3), "a\u202eb", "Please leave out characters that cannot be seen."),
        (PATTERN, "abc\n", "Small letters."),
        (PATTERN, "A", "Small letters."),
        (Items(1, 2), [], "Please give at least 1."),
        (Items(1, 2), [1, 2, 3], "Please give at most 2."),
    ],
)
def test_what_breaks_a_limit_is_told_why(limit: Limit, value: object, sentence: str) -> None:
    """In the limit's own words where it has them."""
    assert broken(limit, value) == sentence
