"""Which business day a moment belongs to."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.business_day import (
    BusinessClock,
    business_day,
    day_begins,
    last_day,
    next_day_begins,
)
from gateway.domain.errors import Invalid

LUXEMBOURG = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis wants the bounds without a zone


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Luxembourg"))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (local(2026, 3, 10, 12), date(2026, 3, 10)),
        (local(2026, 3, 10, 3, 59), date(2026, 3, 9)),
        (local(2026, 3, 10, 4), date(2026, 3, 10)),
        (local(2026, 3, 11, 0, 30), date(2026, 3, 10)),
        (local(2026, 3, 29, 3, 30), date(2026, 3, 28)),
        (local(2026, 3, 29, 4), date(2026, 3, 29)),
        (local(2026, 10, 25, 2, 30), date(2026, 10, 24)),
        (local(2026, 10, 25, 4), date(2026, 10, 25)),
    ],
)
def test_two_in_the_morning_is_still_yesterday_also_when_clocks_change(
    moment: datetime, day: date
) -> None:
    """With cut-off four, the night belongs to the evening before, in spring and autumn too."""
    assert business_day(moment, LUXEMBOURG) == day


@given(MOMENTS)
def test_the_next_day_begins_after_every_moment_and_is_the_next(moment: datetime) -> None:
    """The next beginning lies ahead, belongs to the next day, and the instant before does not."""
    begins = next_day_begins(moment, LUXEMBOURG)

    assert begins > moment
    today = business_day(moment, LUXEMBOURG)
    assert business_day(begins, LUXEMBOURG) == today + timedelta(days=1)
    before = begins.astimezone(UTC) - timedelta(microseconds=1)
    assert business_day(before, LUXEMBOURG) == today


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 12))
def test_a_day_begins_with_its_first_instant(day: date, cutoff_hour: int) -> None:
    """The instant belongs to the day, and the one before to the day before."""
    clock = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=cutoff_hour)
    begins = day_begins(day, clock).astimezone(UTC)
    assert business_day(begins, clock) == day
    assert business_day(begins - timedelta(microseconds=1), clock) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("end", "day"),
    [
        (local(2026, 3, 11, 0), date(2026, 3, 10)),
        (local(2026, 3, 11, 0, 1), date(2026, 3, 11)),
        (local(2026, 3, 10, 23, 59), date(2026, 3, 10)),
        (datetime(2026, 3, 10, 23, tzinfo=UTC), date(2026, 3, 10)),
        (datetime(2026, 3, 10, 23, 1, tzinfo=UTC), date(2026, 3, 11)),
    ],
)
def test_what_ends_as_a_day_begins_has_the_one_before_as_its_last(
    end: datetime, day: date
) -> None:
    """By the clock of the place, in whatever zone the end is written."""
    assert last_day(end, ZoneInfo("Europe/Luxembourg")) == day


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../../etc/passwd", "Europe"])
def test_a_time_zone_nobody_knows_is_refused(zone: str) -> None:
    """A location cannot be kept with a clock that cannot be read."""
    with pytest.raises(Invalid, match=r"^This time zone is not known\.$"):
        BusinessClock(time_zone=zone)


@pytest.mark.parametrize("hour", [-1, 13])
def test_a_cutoff_outside_the_night_is_refused(hour: int) -> None:
    """A business day begins between midnight and noon."""
    with pytest.raises(Invalid, match=r"^A business day begins between 0:00 and 12:00\.$"):
        BusinessClock(time_zone="UTC", cutoff_hour=hour)
