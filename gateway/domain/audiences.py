"""Audiences: whether a card is one of those a segment is for."""

from collections.abc import Callable, Mapping
from datetime import datetime

from gateway.domain.cards import Standing
from gateway.domain.rules.keys import POINT, STAMP
from gateway.domain.segments import Comparison, Condition, Match, Segment, SegmentField


def matches(segment: Segment, standing: Standing, now: datetime) -> bool:
    """Say whether a card is in a segment at a moment.

    Days are whole days of 24 hours. What a card does not have, like a tier, or a last visit
    before its first, equals nothing and is neither more nor less than anything.
    """
    enough = all if segment.match is Match.ALL else any
    return enough(_holds(condition, standing, now) for condition in segment.conditions)


def _holds(condition: Condition, standing: Standing, now: datetime) -> bool:
    found = _FIELDS[condition.field](standing, now)
    wanted = condition.value
    match condition.comparison:
        case Comparison.EQUAL:
            return found == wanted
        case Comparison.NOT_EQUAL:
            return found != wanted
        case Comparison.ONE_OF:
            return isinstance(wanted, tuple) and found in wanted
        case Comparison.AT_LEAST:
            return isinstance(found, int) and isinstance(wanted, int) and found >= wanted
        case _:
            return isinstance(found, int) and isinstance(wanted, int) and found <= wanted


def _days_since_last_visit(standing: Standing, now: datetime) -> int | None:
    last = standing.last_earned_at
    return None if last is None else (now - last).days


_FIELDS: Mapping[SegmentField, Callable[[Standing, datetime], int | str | None]] = {
    SegmentField.TIER: lambda standing, _now: standing.tier,
    SegmentField.VISITS: lambda standing, _now: standing.totals.visits,
    SegmentField.SPENT: lambda standing, _now: standing.totals.spent,
    SegmentField.POINTS_EARNED: lambda standing, _now: standing.totals.points,
    SegmentField.BALANCE: lambda standing, _now: standing.available(POINT),
    SegmentField.STAMPS: lambda standing, _now: standing.available(STAMP),
    SegmentField.DAYS_SINCE_JOINING: lambda standing, now: (now - standing.opened_at).days,
    SegmentField.DAYS_SINCE_LAST_VISIT: _days_since_last_visit,
}
