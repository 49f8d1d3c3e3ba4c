"""Conditions of a segment fit the field they ask for."""

from collections.abc import Sequence

import pytest

from gateway.domain.configurations.reading import read
from gateway.domain.rules.audience_faults import audience_faults
from gateway.domain.segments import Segment, SegmentField

NUMBERS = [field.value for field in SegmentField if field is not SegmentField.TIER]
TIERS = ("silver", "gold")


def found(
    field: str, comparison: str, value: object, tiers: Sequence[str] = TIERS
) -> dict[str, str]:
    condition = {"field": field, "comparison": comparison, "value": value}
    right = {"field": "visits", "comparison": "ge", "value": 1}
    segment = read(Segment, {"conditions": [right, condition]})
    faults = audience_faults(segment, tiers, "/audience")
    return {
        fault.pointer.removeprefix("/audience/conditions/1"): fault.sentence for fault in faults
    }


def test_no_audience_is_everybody() -> None:
    """And nothing can be wrong with it."""
    assert not list(audience_faults(None, TIERS, ""))


@pytest.mark.parametrize("field", NUMBERS)
@pytest.mark.parametrize("comparison", ["eq", "ne", "ge", "le"])
def test_numbers_are_compared_with_numbers(field: str, comparison: str) -> None:
    """Visits, money, points and days."""
    assert not found(field, comparison, 0)
    assert found(field, comparison, "gold") == {"/value": "Please give a whole number."}


def test_a_number_is_not_looked_for_in_a_list() -> None:
    """That is for tiers."""
    assert found("visits", "in", ["gold"]) == {
        "/comparison": "A number is compared by eq, ne, ge or le.",
        "/value": "Please give a whole number.",
    }


def test_tiers_are_compared_with_tiers() -> None:
    """With one of the program's, or with several."""
    assert not found("tier", "eq", "silver")
    assert not found("tier", "ne", "gold")
    assert not found("tier", "in", ["gold", "silver"])


@pytest.mark.parametrize("comparison", ["ge", "le"])
def test_a_tier_is_not_more_or_less_than_another(comparison: str) -> None:
    """Whoever means several lists them."""
    assert found("tier", comparison, 3) == {"/comparison": "A tier is compared by eq, ne or in."}


def test_a_tier_that_is_not_there_is_refused() -> None:
    """With those that are."""
    sentence = "Please choose one of the tiers: silver, gold."

    assert found("tier", "eq", "bronze") == {"/value": sentence}
    assert found("tier", "in", ["gold", "bronze"]) == {"/value/1": sentence}
    assert found("tier", "eq", "gold", ()) == {"/value": "This program has no tiers."}


def test_one_tier_is_no_list_and_a_list_no_tier() -> None:
    """Each comparison has its kind of value."""
    assert found("tier", "in", "gold") == {"/value": "Please give a list of tiers."}
    assert found("tier", "eq", ["gold"]) == {"/value": "Please give one tier."}
    assert found("tier", "ne", 1) == {"/value": "Please give one tier."}
