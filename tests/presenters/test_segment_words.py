"""Segments are said as somebody would say them."""

import pytest

from gateway.domain.configurations.reading import read
from gateway.domain.segments import Segment, SegmentField
from gateway.presenters.segment_words import segment_words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (("visits", "ge", 5), "visits at least 5"),
        (("balance", "le", 1_200), "points to spend at most 1,200"),
        (("stamps", "eq", 3), "stamps on the card exactly 3"),
        (("days_since_joining", "ne", 0), "days since joining other than 0"),
        (("spent", "ge", 12_550), "spent at least 125.50 EUR"),
        (("tier", "eq", "gold"), "tier gold"),
        (("tier", "ne", "gold"), "tier other than gold"),
        (("tier", "in", ["gold", "silver"]), "tier gold or silver"),
    ],
)
def test_a_condition_is_said_with_its_field_and_its_value(
    condition: tuple[str, str, object], words: str
) -> None:
    """Money as money, and a tier is just a tier."""
    assert segment_words(_segment(condition), "EUR") == words


def test_several_conditions_are_joined_as_they_count() -> None:
    """By and where all must hold, by or where one is enough."""
    conditions = (("visits", "ge", 5), ("tier", "eq", "gold"))
    assert segment_words(_segment(*conditions), "EUR") == "visits at least 5, and tier gold"
    either = _segment(*conditions, match="any")
    assert segment_words(either, "EUR") == "visits at least 5, or tier gold"


def test_every_field_has_words() -> None:
    """Also one that is added."""
    for field in SegmentField:
        assert segment_words(_segment((field, "ge", 1)), "EUR").endswith("at least 1") or (
            field is SegmentField.SPENT
        )


def _segment(*conditions: tuple[str, str, object], match: str = "all") -> Segment:
    names = ("field", "comparison", "value")
    listed = [dict(zip(names, condition, strict=True)) for condition in conditions]
    return read(Segment, {"match": match, "conditions": listed})
