"""Which cards a segment is for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.audiences import matches
from gateway.domain.cards import Standing, Totals
from gateway.domain.ledger import Account
from gateway.domain.segments import Comparison, Condition, Match, Segment, SegmentField
from tests.domain.rules.histories import a_card

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CARD = replace(
    a_card(tier="gold", totals=Totals(visits=12, spent=45_600, points=456)),
    opened_at=NOW - timedelta(days=90, hours=1),
    last_earned_at=NOW - timedelta(days=30),
    balances={"point": {Account.AVAILABLE: 78}, "stamp": {Account.AVAILABLE: 9}},
)
NEVER_CAME = replace(a_card(), opened_at=NOW)
VALUES: dict[SegmentField, int | str] = {
    SegmentField.TIER: "gold",
    SegmentField.VISITS: 12,
    SegmentField.SPENT: 45_600,
    SegmentField.POINTS_EARNED: 456,
    SegmentField.BALANCE: 78,
    SegmentField.STAMPS: 9,
    SegmentField.DAYS_SINCE_JOINING: 90,
    SegmentField.DAYS_SINCE_LAST_VISIT: 30,
}
NUMBERS = sorted(set(SegmentField) - {SegmentField.TIER})


def holds(
    field: SegmentField,
    comparison: Comparison,
    value: int | str | tuple[str, ...],
    card: Standing = CARD,
) -> bool:
    condition = Condition(field=field, comparison=comparison, value=value)
    return matches(Segment(conditions=(condition,)), card, NOW)


@pytest.mark.parametrize("field", list(SegmentField))
def test_every_field_is_read_from_the_card(field: SegmentField) -> None:
    """It equals its own value and not another."""
    value = VALUES[field]
    assert holds(field, Comparison.EQUAL, value)
    assert not holds(field, Comparison.NOT_EQUAL, value)
    other = "silver" if isinstance(value, str) else value + 1
    assert holds(field, Comparison.NOT_EQUAL, other)
    assert not holds(field, Comparison.EQUAL, other)


@pytest.mark.parametrize("field", NUMBERS)
def test_limits_are_included(field: SegmentField) -> None:
    """At least and at most hold for the very number."""
    value = VALUES[field]
    assert isinstance(value, int)
    assert holds(field, Comparison.AT_LEAST, value)
    assert not holds(field, Comparison.AT_LEAST, value + 1)
    assert holds(field, Comparison.AT_MOST, value)
    assert not holds(field, Comparison.AT_MOST, value - 1)


def test_a_tier_can_be_one_of_several() -> None:
    """By its key."""
    assert holds(SegmentField.TIER, Comparison.ONE_OF, ("silver", "gold"))
    assert not holds(SegmentField.TIER, Comparison.ONE_OF, ("silver", "platinum"))


@pytest.mark.parametrize(
    ("comparison", "value", "expected"),
    [
        (Comparison.EQUAL, 0, False),
        (Comparison.NOT_EQUAL, 0, True),
        (Comparison.AT_LEAST, 0, False),
        (Comparison.AT_MOST, 10**6, False),
    ],
)
def test_who_never_came_was_neither_here_lately_nor_long_ago(
    comparison: Comparison, value: int, *, expected: bool
) -> None:
    """There is no last visit to compare."""
    assert holds(SegmentField.DAYS_SINCE_LAST_VISIT, comparison, value, NEVER_CAME) is expected


def test_who_has_no_tier_is_in_none_and_not_in_any() -> None:
    """No tier is another than gold."""
    assert not holds(SegmentField.TIER, Comparison.ONE_OF, ("gold",), NEVER_CAME)
    assert holds(SegmentField.TIER, Comparison.NOT_EQUAL, "gold", NEVER_CAME)


@pytest.mark.parametrize(
    ("field", "comparison", "value"),
    [
        (SegmentField.TIER, Comparison.AT_LEAST, 1),
        (SegmentField.TIER, Comparison.AT_MOST, 1),
        (SegmentField.VISITS, Comparison.AT_LEAST, "many"),
        (SegmentField.VISITS, Comparison.AT_MOST, "many"),
        (SegmentField.TIER, Comparison.ONE_OF, "golden"),
    ],
)
def test_what_cannot_be_compared_does_not_hold(
    field: SegmentField, comparison: Comparison, value: int | str
) -> None:
    """A tier is no number, and a word is no list: "gold" is not in "golden"."""
    assert not holds(field, comparison, value)


@given(st.lists(st.booleans(), min_size=1, max_size=5))
def test_all_conditions_or_any_of_them(outcomes: list[bool]) -> None:
    """As the segment says."""
    conditions = tuple(
        Condition(field=SegmentField.VISITS, comparison=Comparison.EQUAL, value=12 if ok else 0)
        for ok in outcomes
    )
    assert matches(Segment(conditions=conditions), CARD, NOW) is all(outcomes)
    either = Segment(match=Match.ANY, conditions=conditions)
    assert matches(either, CARD, NOW) is any(outcomes)


def test_days_are_whole_days() -> None:
    """A minute less than 30 days is 29."""
    card = replace(CARD, last_earned_at=NOW - timedelta(days=30) + timedelta(minutes=1))
    assert holds(SegmentField.DAYS_SINCE_LAST_VISIT, Comparison.EQUAL, 29, card)
