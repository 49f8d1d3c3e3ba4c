"""Schedules: on which days and at which hours something holds, by the location's clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from gateway.domain.business_day import BusinessClock, business_day
from gateway.domain.configurations.limits import Items
from gateway.domain.rules.stamps import ValidHours

OPENING_DAYS_MAX = 400


class Weekday(StrEnum):
    """A day of the week, as a business day."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When something holds: these weekdays and hours (empty means all), never on blackout days."""

    weekdays: Annotated[tuple[Weekday, ...], Items(0, 7)] = ()
    hours: Annotated[tuple[ValidHours, ...], Items(0, 10)] = ()
    blackout_dates: Annotated[tuple[Span, ...], Items(0, 100)] = ()


ALWAYS = Schedule()


def holds(schedule: Schedule, now: datetime, clock: BusinessClock) -> bool:
    """Say whether a schedule holds at a moment at a location.

    Weekdays and blackout days are business days. Hours that go past midnight belong to the
    business day on which they began: Friday's 22 to 2 holds at 1 on Saturday.
    """
    if not schedule.hours:
        return _is_open(schedule, business_day(now, clock))
    return any(
        within_hours(hours, now, clock) and _is_open(schedule, _day_of(hours, now, clock))
        for hours in schedule.hours
    )


def within_hours(hours: ValidHours, now: datetime, clock: BusinessClock) -> bool:
    """Say whether a moment is within the hours by the location's wall clock.

    When clocks go back, both hours of that name count.
    """
    hour = now.astimezone(ZoneInfo(clock.time_zone)).hour
    if hours.start < hours.end:
        return hours.start <= hour < hours.end
    return hour >= hours.start or hour < hours.end


def next_opening(schedule: Schedule, now: datetime, clock: BusinessClock) -> datetime | None:
    """Return the first instant from now on, within 400 days, at which a schedule holds.

    A schedule begins to hold only when one of its hours begins, or a business day.
    """
    if holds(schedule, now, clock):
        return now
    zone = ZoneInfo(clock.time_zone)
    today = now.astimezone(zone).date()
    hours = {clock.cutoff_hour, *(hours.start for hours in schedule.hours)}
    for ahead in range(OPENING_DAYS_MAX + 1):
        day = today + timedelta(days=ahead)
        moments = _moments(day, hours, zone)
        found = [each for each in moments if each > now and holds(schedule, each, clock)]
        if found:
            return min(found).astimezone(zone)
    return None


def _moments(day: date, hours: set[int], zone: ZoneInfo) -> set[datetime]:
    """Return the instants at which the hours begin; where clocks skip one, when they did."""
    return {datetime.combine(day, time(hour), zone).astimezone(UTC) for hour in hours}


def _is_open(schedule: Schedule, day: date) -> bool:
    if schedule.weekdays and list(Weekday)[day.weekday()] not in schedule.weekdays:
        return False
    return not any(span.first <= day <= span.last for span in schedule.blackout_dates)


def _day_of(hours: ValidHours, now: datetime, clock: BusinessClock) -> date:
    """Return the business day that the hours around a moment belong to."""
    local = now.astimezone(ZoneInfo(clock.time_zone))
    if hours.start < hours.end:
        return business_day(now, clock)
    began_on = local.date() if local.hour >= hours.start else local.date() - timedelta(days=1)
    return began_on - timedelta(days=1) if hours.start < clock.cutoff_hour else began_on
