"""A segment as a condition of SQL over cards, which says what `audiences.matches` says."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    and_,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from gateway.domain.ledger import Account
from gateway.domain.rules.keys import POINT, STAMP
from gateway.domain.segments import Comparison, Condition, Match, Segment, SegmentField
from gateway.storage.tables import accounts, cards

DAY_SECONDS = 24 * 60 * 60

Column = ColumnElement[Any]


def belongs(segment: Segment, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a row of `cards` is in a segment at a moment."""
    held = [_holds(condition, now) for condition in segment.conditions]
    return and_(true(), *held) if segment.match is Match.ALL else or_(false(), *held)


def _holds(condition: Condition, now: datetime) -> ColumnElement[bool]:
    found, wanted = _FIELDS[condition.field](now), condition.value
    is_text = condition.field is SegmentField.TIER
    if condition.comparison is Comparison.ONE_OF:
        if isinstance(wanted, tuple) and is_text:
            return func.coalesce(found.in_(wanted), false())
        return false()
    return _compared(condition.comparison, found, wanted, is_text=is_text)


def _compared(
    comparison: Comparison, found: Column, wanted: object, *, is_text: bool
) -> ColumnElement[bool]:
    """Compare with one value; what is of another type equals nothing and is never more or less."""
    fits = isinstance(wanted, str if is_text else int)
    match comparison:
        case Comparison.EQUAL:
            return found.is_not_distinct_from(wanted) if fits else false()
        case Comparison.NOT_EQUAL:
            return found.is_distinct_from(wanted) if fits else true()
        case Comparison.AT_LEAST if fits and not is_text:
            return func.coalesce(found >= wanted, false())
        case Comparison.AT_MOST if fits and not is_text:
            return func.coalesce(found <= wanted, false())
        case _:
            return false()


def _available(unit: str) -> Column:
    balance = (
        select(accounts.c.balance)
        .where(
            accounts.c.merchant_id == cards.c.merchant_id,
            accounts.c.card_id == cards.c.id,
            accounts.c.unit == unit,
            accounts.c.account == Account.AVAILABLE,
        )
        .scalar_subquery()
    )
    return func.coalesce(balance, cast(literal(0), BigInteger))


def _days_since(moment: Column, now: datetime) -> Column:
    seconds = func.extract("epoch", literal(now) - moment)
    return cast(func.floor(seconds / DAY_SECONDS), BigInteger)


_FIELDS: Mapping[SegmentField, Callable[[datetime], Column]] = {
    SegmentField.TIER: lambda _now: cast(cards.c.tier, String),
    SegmentField.VISITS: lambda _now: cards.c.visits_total,
    SegmentField.SPENT: lambda _now: cards.c.spent_total,
    SegmentField.POINTS_EARNED: lambda _now: cards.c.points_total,
    SegmentField.BALANCE: lambda _now: _available(POINT),
    SegmentField.STAMPS: lambda _now: _available(STAMP),
    SegmentField.DAYS_SINCE_JOINING: lambda now: _days_since(cards.c.opened_at, now),
    SegmentField.DAYS_SINCE_LAST_VISIT: lambda now: _days_since(cards.c.last_earned_at, now),
}
