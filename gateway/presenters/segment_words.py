"""Segments in plain words: visits at least 5, and tier gold or silver."""

from collections.abc import Mapping

from gateway.domain.segments import Comparison, Condition, Match, Segment, SegmentField
from gateway.presenters.amounts import money

_FIELDS: Mapping[SegmentField, str] = {
    SegmentField.TIER: "tier",
    SegmentField.VISITS: "visits",
    SegmentField.SPENT: "spent",
    SegmentField.POINTS_EARNED: "points earned",
    SegmentField.BALANCE: "points to spend",
    SegmentField.STAMPS: "stamps on the card",
    SegmentField.DAYS_SINCE_JOINING: "days since joining",
    SegmentField.DAYS_SINCE_LAST_VISIT: "days since the last visit",
}
_COMPARISONS: Mapping[Comparison, str] = {
    Comparison.EQUAL: "exactly ",
    Comparison.NOT_EQUAL: "other than ",
    Comparison.AT_LEAST: "at least ",
    Comparison.AT_MOST: "at most ",
    Comparison.ONE_OF: "",
}


def segment_words(segment: Segment, currency: str) -> str:
    """Return a segment's conditions as part of a sentence; money is in `currency`."""
    between = ", and " if segment.match is Match.ALL else ", or "
    return between.join(_words(condition, currency) for condition in segment.conditions)


def _words(condition: Condition, currency: str) -> str:
    how = _COMPARISONS[condition.comparison]
    if condition.field is SegmentField.TIER and condition.comparison is Comparison.EQUAL:
        how = ""
    return f"{_FIELDS[condition.field]} {how}{_value(condition, currency)}"


def _value(condition: Condition, currency: str) -> str:
    match condition.value:
        case tuple() as keys:
            return " or ".join(keys)
        case int() as number if condition.field is SegmentField.SPENT:
            return money(number, currency)
        case int() as number:
            return f"{number:,}"
        case key:
            return key
