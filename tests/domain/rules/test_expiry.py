"""When what was earned ends, under each of the four policies."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.business_day import BusinessClock, business_day, day_begins
from gateway.domain.rules.expiry import (
    NEVER,
    FixedExpiry,
    RollingExpiry,
    SlidingExpiry,
    YearDay,
    expires_at,
    slides,
)
from gateway.domain.rules.windows import months_after

NEW_YORK = BusinessClock(time_zone="America/New_York")
LUXEMBOURG = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis wants the bounds without a zone
YEAR_DAYS = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(
    lambda day: YearDay(month=day.month, day=day.day)
)


def at(clock: BusinessClock, *parts: int) -> datetime:
    year, month, day, *time = parts
    hour, minute = [*time, 0, 0][:2]
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(clock.time_zone))


def test_squares_example_ends_as_august_begins() -> None:
    """Earned on 6 July 2020 for 12 months, points are usable through July 2021.

    https://developer.squareup.com/docs/loyalty-api/loyalty-points
    """
    earned_at = at(NEW_YORK, 2020, 7, 6, 15, 30)
    assert expires_at(RollingExpiry(months=12), earned_at, NEW_YORK) == at(NEW_YORK, 2021, 8, 1)


def test_what_never_expires_has_no_end() -> None:
    """Nothing happens to it."""
    assert expires_at(NEVER, at(NEW_YORK, 2020, 7, 6), NEW_YORK) is None


def test_the_night_after_a_months_last_evening_is_still_that_month() -> None:
    """Earned at 2 on 1 August with cut-off 4, it is July's, and ends with July at 4."""
    earned_at = at(LUXEMBOURG, 2026, 8, 1, 2)
    ends = expires_at(RollingExpiry(months=12), earned_at, LUXEMBOURG)
    assert ends == at(LUXEMBOURG, 2027, 8, 1, 4)


@pytest.mark.parametrize(
    ("earned_on", "months", "ends_on"),
    [
        ((2026, 1, 31), 1, (2026, 3, 1)),
        ((2028, 1, 31), 1, (2028, 3, 1)),
        ((2028, 2, 29), 12, (2029, 3, 1)),
        ((2026, 12, 31), 1, (2027, 2, 1)),
        ((2026, 11, 30), 1, (2027, 1, 1)),
    ],
)
def test_the_end_of_the_month_is_right_for_short_months_and_leap_days(
    earned_on: tuple[int, int, int], months: int, ends_on: tuple[int, int, int]
) -> None:
    """What ends with a month ends as the first of the next begins."""
    ends = expires_at(RollingExpiry(months=months), at(NEW_YORK, *earned_on, 12), NEW_YORK)
    assert ends == at(NEW_YORK, *ends_on)


@pytest.mark.parametrize(
    ("earned_at", "months", "ends_at"),
    [
        ((2026, 1, 31, 9), 1, (2026, 2, 28, 9)),
        ((2028, 2, 29, 9), 12, (2029, 2, 28, 9)),
        ((2026, 7, 6, 15, 30), 12, (2027, 7, 6, 15, 30)),
        ((2026, 2, 8, 2, 30), 1, (2026, 3, 8, 3, 30)),
    ],
)
@pytest.mark.parametrize("policy", [SlidingExpiry, RollingExpiry])
def test_months_from_the_moment_end_at_the_same_time_of_day(
    policy: type, earned_at: tuple[int, ...], months: int, ends_at: tuple[int, ...]
) -> None:
    """Also in winter for what was earned in summer; a time that clocks skip is an hour later."""
    expiry = (
        SlidingExpiry(months=months)
        if policy is SlidingExpiry
        else RollingExpiry(months=months, end_of_month=False)
    )
    ends = expires_at(expiry, at(NEW_YORK, *earned_at), NEW_YORK)
    assert ends is not None
    assert ends.astimezone(UTC) == at(NEW_YORK, *ends_at).astimezone(UTC)


@pytest.mark.parametrize(
    ("dates", "months_min", "earned_on", "ends_on"),
    [
        ([(12, 31)], 0, (2026, 7, 6), (2027, 1, 1)),
        ([(12, 31)], 0, (2026, 12, 31), (2027, 1, 1)),
        ([(12, 31)], 6, (2026, 6, 30), (2027, 1, 1)),
        ([(12, 31)], 6, (2026, 7, 6), (2028, 1, 1)),
        ([(6, 30), (12, 31)], 0, (2026, 7, 1), (2027, 1, 1)),
        ([(6, 30), (12, 31)], 3, (2026, 5, 1), (2027, 1, 1)),
        ([(2, 29)], 0, (2026, 1, 1), (2026, 3, 2)),
        ([(2, 29)], 0, (2028, 1, 1), (2028, 3, 1)),
        ([(2, 29)], 0, (2028, 2, 29), (2028, 3, 1)),
        ([(2, 28)], 0, (2028, 2, 29), (2029, 3, 1)),
    ],
)
def test_fixed_dates_end_with_the_next_that_is_late_enough(
    dates: list[tuple[int, int]],
    months_min: int,
    earned_on: tuple[int, int, int],
    ends_on: tuple[int, int, int],
) -> None:
    """As the day after begins; 29 February is 1 March in most years."""
    expiry = FixedExpiry(
        dates=tuple(YearDay(month=month, day=day) for month, day in dates), months_min=months_min
    )
    ends = expires_at(expiry, at(NEW_YORK, *earned_on, 12), NEW_YORK)
    assert ends == at(NEW_YORK, *ends_on)


@given(MOMENTS, st.integers(1, 120))
def test_rolling_to_the_months_end_gives_between_the_months_and_one_more(
    earned_at: datetime, months: int
) -> None:
    """Nobody gets less than promised, and it ends as some month begins at the location."""
    earned_on = business_day(earned_at, LUXEMBOURG)
    ends = expires_at(RollingExpiry(months=months), earned_at, LUXEMBOURG)

    assert ends is not None
    ends_on = business_day(ends, LUXEMBOURG)
    assert ends_on.day == 1
    assert months_after(earned_on, months) < ends_on
    assert ends_on <= months_after(earned_on, months + 1)
    assert ends == day_begins(ends_on, LUXEMBOURG)


@given(MOMENTS, st.lists(YEAR_DAYS, min_size=1, max_size=4), st.integers(0, 30))
def test_fixed_dates_never_end_too_early_nor_more_than_a_year_late(
    earned_at: datetime, dates: list[YearDay], months_min: int
) -> None:
    """From the least time that is promised, the next date is at most 366 days away."""
    expiry = FixedExpiry(dates=tuple(dates), months_min=months_min)
    earliest = months_after(business_day(earned_at, LUXEMBOURG), months_min)
    ends = expires_at(expiry, earned_at, LUXEMBOURG)

    assert ends is not None
    last = business_day(ends, LUXEMBOURG) - timedelta(days=1)
    assert timedelta(0) <= last - earliest <= timedelta(days=366)


def test_only_sliding_expiry_slides() -> None:
    """With the others, coming again changes nothing for what is there."""
    assert slides(SlidingExpiry(months=6))
    assert not slides(RollingExpiry(months=6))
    assert not slides(NEVER)
