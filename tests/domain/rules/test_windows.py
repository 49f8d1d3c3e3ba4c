"""Calendar periods: their names, their first days, and months added to a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.rules.windows import (
    Period,
    months_after,
    next_period,
    period_began,
    period_key,
)

DAYS = st.dates(date(1999, 1, 1), date(2100, 12, 31))
CALENDAR = st.sampled_from([Period.MONTHLY, Period.QUARTERLY, Period.YEARLY])


@pytest.mark.parametrize(
    ("period", "key", "began", "ends"),
    [
        (Period.MONTHLY, "2026-11", date(2026, 11, 1), date(2026, 12, 1)),
        (Period.QUARTERLY, "2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        (Period.YEARLY, "2026", date(2026, 1, 1), date(2027, 1, 1)),
        (Period.LIFETIME, "lifetime", date.min, date.max),
    ],
)
def test_each_period_has_a_name_a_first_day_and_a_next(
    period: Period, key: str, began: date, ends: date
) -> None:
    """21 November 2026 is in its month, its quarter, its year, and every lifetime."""
    day = date(2026, 11, 21)
    assert period_key(period, day) == key
    assert period_began(period, day) == began
    assert next_period(period, day) == ends


@given(CALENDAR, DAYS)
def test_a_period_is_the_days_from_its_first_to_the_day_before_the_next(
    period: Period, day: date
) -> None:
    """Inside, the name stays the same; one day outside on either side it is another."""
    first, following = period_began(period, day), next_period(period, day)
    key = period_key(period, day)

    assert first <= day < following
    assert period_key(period, first) == key
    assert period_key(period, following - timedelta(days=1)) == key
    assert period_key(period, first - timedelta(days=1)) != key
    assert period_key(period, following) != key


@given(CALENDAR, DAYS, DAYS)
def test_names_sort_as_their_periods_do(period: Period, one: date, other: date) -> None:
    """So a name says whether its period is before another."""
    earlier, later = sorted([one, other])
    assert period_key(period, earlier) <= period_key(period, later)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 7, 6), 0, date(2026, 7, 6)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(
    day: date, months: int, after: date
) -> None:
    """Short months, leap days and the turn of the year."""
    assert months_after(day, months) == after


@given(DAYS, st.integers(0, 240))
def test_months_later_is_that_many_months_later(day: date, months: int) -> None:
    """The month is exact, and the day at most what it was."""
    after = months_after(day, months)
    assert (after.year - day.year) * 12 + after.month - day.month == months
    assert after.day <= day.day
