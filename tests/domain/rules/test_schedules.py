"""When a schedule holds, by real clocks: past midnight, by business day, when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.business_day import BusinessClock, business_day
from gateway.domain.rules.schedules import (
    ALWAYS,
    OPENING_DAYS_MAX,
    Schedule,
    Span,
    Weekday,
    holds,
    next_opening,
    within_hours,
)
from gateway.domain.rules.stamps import ValidHours

LUXEMBOURG = BusinessClock(time_zone="Europe/Luxembourg")
LATE = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4)
LORD_HOWE = BusinessClock(time_zone="Australia/Lord_Howe")
HAVANA = BusinessClock(time_zone="America/Havana")
BEIRUT = BusinessClock(time_zone="Asia/Beirut")

NIGHT = ValidHours(start=22, end=2)
FRIDAY_NIGHT = Schedule(weekdays=(Weekday.FRIDAY,), hours=(NIGHT,))
MINUTES = timedelta(minutes=1)


def at(clock: BusinessClock, *parts: int, fold: int = 0) -> datetime:
    year, month, day, *time = parts
    hour, minute = [*time, 0, 0][:2]
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(clock.time_zone), fold=fold)


def test_a_schedule_without_anything_always_holds() -> None:
    """Empty means all."""
    assert holds(ALWAYS, at(LUXEMBOURG, 2026, 11, 21, 3), LUXEMBOURG)


@pytest.mark.parametrize("clock", [LUXEMBOURG, LATE])
@pytest.mark.parametrize(
    ("day", "hour", "minute", "expected"),
    [
        (20, 21, 59, False),
        (20, 22, 0, True),
        (21, 0, 0, True),
        (21, 1, 59, True),
        (21, 2, 0, False),
        (20, 1, 0, False),
        (21, 22, 0, False),
    ],
)
def test_fridays_night_goes_on_until_two_on_saturday(
    day: int, hour: int, minute: int, clock: BusinessClock, *, expected: bool
) -> None:
    """The hours belong to the day they began on, whatever the cut-off; Friday is the 20th."""
    assert holds(FRIDAY_NIGHT, at(clock, 2026, 11, day, hour, minute), clock) is expected


def test_hours_that_begin_with_the_business_day_are_of_that_day() -> None:
    """From 4 on Friday to 2 on Saturday, by a clock whose days begin at 4."""
    schedule = Schedule(weekdays=(Weekday.FRIDAY,), hours=(ValidHours(start=4, end=2),))
    assert holds(schedule, at(LATE, 2026, 11, 20, 5), LATE)
    assert holds(schedule, at(LATE, 2026, 11, 21, 1), LATE)
    assert not holds(schedule, at(LATE, 2026, 11, 21, 5), LATE)


def test_a_blackout_takes_the_night_that_began_on_its_day() -> None:
    """New Year's Eve blacked out: nothing at 1 in the new year, but again at 22."""
    eve = date(2026, 12, 31)
    schedule = Schedule(hours=(NIGHT,), blackout_dates=(Span(first=eve, last=eve),))
    assert not holds(schedule, at(LUXEMBOURG, 2026, 12, 31, 23), LUXEMBOURG)
    assert not holds(schedule, at(LUXEMBOURG, 2027, 1, 1, 1), LUXEMBOURG)
    assert holds(schedule, at(LUXEMBOURG, 2027, 1, 1, 22), LUXEMBOURG)
    assert holds(schedule, at(LUXEMBOURG, 2026, 12, 31, 1), LUXEMBOURG)


def test_a_blackout_is_of_business_days_with_both_its_ends() -> None:
    """With cut-off four, it begins at 4 on the first and ends at 4 after the last."""
    span = Span(first=date(2026, 12, 24), last=date(2026, 12, 26))
    schedule = Schedule(blackout_dates=(span,))
    assert holds(schedule, at(LATE, 2026, 12, 24, 3, 59), LATE)
    assert not holds(schedule, at(LATE, 2026, 12, 24, 4), LATE)
    assert not holds(schedule, at(LATE, 2026, 12, 27, 3, 59), LATE)
    assert holds(schedule, at(LATE, 2026, 12, 27, 4), LATE)


def test_a_weekday_is_a_business_day() -> None:
    """At 3 on Saturday with cut-off four it is still Friday, also for hours of the whole day."""
    for hours in ((), (ValidHours(start=0, end=24),)):
        schedule = Schedule(weekdays=(Weekday.FRIDAY,), hours=hours)
        assert holds(schedule, at(LATE, 2026, 11, 21, 3), LATE)
        assert not holds(schedule, at(LATE, 2026, 11, 20, 3), LATE)


def test_hours_that_begin_in_the_night_belong_to_the_evening_before() -> None:
    """From 3 to 1 with cut-off four, the hours begin on yesterday's business day."""
    schedule = Schedule(weekdays=(Weekday.FRIDAY,), hours=(ValidHours(start=3, end=1),))
    assert holds(schedule, at(LATE, 2026, 11, 21, 3), LATE)
    assert holds(schedule, at(LATE, 2026, 11, 21, 12), LATE)
    assert not holds(schedule, at(LATE, 2026, 11, 20, 12), LATE)


def test_one_of_several_hours_is_enough() -> None:
    """Lunch and supper, nothing between."""
    schedule = Schedule(hours=(ValidHours(start=12, end=14), ValidHours(start=18, end=21)))
    assert [
        hour
        for hour in range(24)
        if holds(schedule, at(LUXEMBOURG, 2026, 11, 21, hour), LUXEMBOURG)
    ] == [12, 13, 18, 19, 20]


def test_hours_that_clocks_skip_do_not_happen() -> None:
    """From 2 to 3 on the last Sunday of March there is no such hour; from 2 to 4 one is left."""
    before, after = at(LUXEMBOURG, 2026, 3, 29, 1, 59), at(LUXEMBOURG, 2026, 3, 29, 3)
    assert after.astimezone(UTC) - before.astimezone(UTC) == MINUTES
    for moment in (before, after):
        assert not within_hours(ValidHours(start=2, end=3), moment, LUXEMBOURG)
    assert within_hours(ValidHours(start=2, end=4), after, LUXEMBOURG)


def test_hours_that_clocks_repeat_happen_twice() -> None:
    """From 2 to 3 on the last Sunday of October is two hours long."""
    for fold in (0, 1):
        moment = at(LUXEMBOURG, 2026, 10, 25, 2, 30, fold=fold)
        assert within_hours(ValidHours(start=2, end=3), moment, LUXEMBOURG)
    after = at(LUXEMBOURG, 2026, 10, 25, 3)
    assert not within_hours(ValidHours(start=2, end=3), after, LUXEMBOURG)


def test_the_night_is_the_same_night_when_clocks_change() -> None:
    """Saturday's 22 to 4 goes on through the skipped and through the repeated hour."""
    schedule = Schedule(weekdays=(Weekday.SATURDAY,), hours=(ValidHours(start=22, end=4),))
    for begin, hours in ((at(LATE, 2026, 3, 28, 22), 5), (at(LATE, 2026, 10, 24, 22), 7)):
        opens = begin.astimezone(UTC)
        closes = opens + timedelta(hours=hours)
        assert holds(schedule, opens, LATE)
        assert holds(schedule, closes - MINUTES, LATE)
        assert not holds(schedule, closes, LATE)


@pytest.mark.parametrize(
    ("schedule", "clock", "now", "opens"),
    [
        (ALWAYS, LUXEMBOURG, (2026, 11, 21, 3, 7), (2026, 11, 21, 3, 7)),
        (FRIDAY_NIGHT, LUXEMBOURG, (2026, 11, 21, 2), (2026, 11, 27, 22)),
        (FRIDAY_NIGHT, LUXEMBOURG, (2026, 11, 21, 1), (2026, 11, 21, 1)),
        (Schedule(weekdays=(Weekday.MONDAY,)), LATE, (2026, 11, 21, 9), (2026, 11, 23, 4)),
        (
            Schedule(weekdays=(Weekday.MONDAY,), hours=(ValidHours(start=0, end=24),)),
            LATE,
            (2026, 11, 21, 9),
            (2026, 11, 23, 4),
        ),
        (
            Schedule(hours=(ValidHours(start=2, end=3),)),
            LUXEMBOURG,
            (2026, 3, 28, 12),
            (2026, 3, 30, 2),
        ),
        (
            Schedule(hours=(ValidHours(start=2, end=4),)),
            LUXEMBOURG,
            (2026, 3, 28, 12),
            (2026, 3, 29, 3),
        ),
        (
            Schedule(hours=(ValidHours(start=2, end=3),)),
            LORD_HOWE,
            (2026, 10, 3, 12),
            (2026, 10, 4, 2, 30),
        ),
        (
            Schedule(weekdays=(Weekday.SUNDAY,)),
            BEIRUT,
            (2026, 3, 28, 12),
            (2026, 3, 29, 1),
        ),
    ],
)
def test_the_next_opening_is_found_by_the_wall_clock(
    schedule: Schedule, clock: BusinessClock, now: tuple[int, ...], opens: tuple[int, ...]
) -> None:
    """Now if it holds now; the first minute after a gap where clocks skip the beginning."""
    assert next_opening(schedule, at(clock, *now), clock) == at(clock, *opens)


def test_what_never_opens_is_looked_for_no_more_than_400_days() -> None:
    """A blackout of 400 days leaves the day after it; one more day leaves nothing."""
    now = at(LUXEMBOURG, 2026, 1, 1, 12)
    first = date(2026, 1, 1)
    last = first + timedelta(days=OPENING_DAYS_MAX - 1)
    within = Schedule(blackout_dates=(Span(first=first, last=last),))
    beyond = Schedule(blackout_dates=(Span(first=first, last=last + timedelta(days=1)),))

    opens = next_opening(within, now, LUXEMBOURG)
    assert opens is not None
    assert business_day(opens, LUXEMBOURG) == last + timedelta(days=1)
    assert next_opening(beyond, now, LUXEMBOURG) is None


HOURS = st.builds(ValidHours, start=st.integers(0, 23), end=st.integers(0, 24)).filter(
    lambda hours: hours.start != hours.end
)
SCHEDULES = st.builds(
    Schedule,
    weekdays=st.lists(st.sampled_from(Weekday), max_size=3, unique=True).map(tuple),
    hours=st.lists(HOURS, max_size=3).map(tuple),
    blackout_dates=st.dates(date(2026, 3, 26), date(2026, 4, 6)).map(
        lambda day: (Span(first=day, last=day + timedelta(days=1)),)
    ),
)
CLOCKS = st.builds(
    BusinessClock,
    time_zone=st.sampled_from(
        ["Europe/Luxembourg", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe", "UTC"]
    ),
    cutoff_hour=st.integers(0, 12),
)


@given(
    SCHEDULES,
    CLOCKS,
    st.sampled_from([datetime(2026, 3, day, tzinfo=UTC) for day in (6, 27, 28)])
    | st.sampled_from([datetime(2026, month, 3, tzinfo=UTC) for month in (4, 10)])
    | st.sampled_from([datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)]),
    st.integers(0, 95),
)
def test_no_opening_is_missed_before_the_one_found(
    schedule: Schedule, clock: BusinessClock, start: datetime, halves: int
) -> None:
    """Looking at each half hour finds the same opening, around every change of clocks."""
    now = start + timedelta(minutes=30 * halves)
    opens = next_opening(schedule, now, clock)

    moments = (now + timedelta(minutes=30 * step) for step in range(48 * 14))
    first = next((moment for moment in moments if holds(schedule, moment, clock)), None)
    assert first == (opens and opens.astimezone(UTC))


def test_a_night_that_clocks_repeat_opens_once_more() -> None:
    """Where clocks go back over midnight, Havana's hour from 0 is open from first to last."""
    schedule = Schedule(hours=(ValidHours(start=0, end=1),))
    second = at(HAVANA, 2026, 11, 1, 0, 0, fold=1)
    assert holds(schedule, second, HAVANA)
    assert next_opening(schedule, second, HAVANA) == second
