"""Expiry: when what was earned ends, if it is not used."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from gateway.domain.business_day import BusinessClock, business_day, day_begins
from gateway.domain.configurations.limits import Between, Items, Note
from gateway.domain.rules.windows import months_after

MONTHS_MAX = 120

Months = Annotated[int, Between(1, MONTHS_MAX, "Points expire after 1 to 120 months.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverExpires:
    """What was earned stays."""

    kind: ClassVar[str] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingExpiry:
    """So many months after it was earned.

    `end_of_month` lets it live until that month is over: earned on 6 July 2020 with 12 months, it
    ends as 1 August 2021 begins (https://developer.squareup.com/docs/loyalty-api/loyalty-points).
    """

    kind: ClassVar[str] = "rolling"

    months: Months
    end_of_month: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDay:
    """A day of every year; where a month is shorter, the first of the next: 1 March."""

    month: Annotated[int, Between(1, 12, "A month is between 1 and 12.")]
    day: Annotated[int, Between(1, 31, "A day is between 1 and 31.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedExpiry:
    """On fixed days of the year, as the day after begins; but not before so many months."""

    kind: ClassVar[str] = "fixed_dates"

    dates: Annotated[tuple[YearDay, ...], Items(1, 12)]
    months_min: Annotated[
        int,
        Between(0, MONTHS_MAX, "Points are kept at least 0 to 120 months."),
        Note("What is earned later than this before a date lives until the next one."),
    ] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SlidingExpiry:
    """So many months after the card was last used; whatever the card earns keeps all of it."""

    kind: ClassVar[str] = "sliding"

    months: Months


Expiry = NeverExpires | RollingExpiry | FixedExpiry | SlidingExpiry

NEVER = NeverExpires()


def expires_at(expiry: Expiry, earned_at: datetime, clock: BusinessClock) -> datetime | None:
    """Return the instant at which what was earned ends, or None when it never does.

    Months end and days begin as business days of the location. For `SlidingExpiry`, `earned_at`
    is when the card was last used.
    """
    match expiry:
        case NeverExpires():
            return None
        case RollingExpiry(months=months, end_of_month=True):
            earned_on = business_day(earned_at, clock)
            return day_begins(months_after(earned_on.replace(day=1), months + 1), clock)
        case RollingExpiry(months=months) | SlidingExpiry(months=months):
            return _moment_after(earned_at, months, clock)
        case _:
            last = _last_day(expiry, business_day(earned_at, clock))
            return day_begins(last + timedelta(days=1), clock)


def slides(expiry: Expiry) -> bool:
    """Say whether all a card has lives longer each time the card is used."""
    return isinstance(expiry, SlidingExpiry)


def _moment_after(moment: datetime, months: int, clock: BusinessClock) -> datetime:
    """Return the same time on the location's wall clock so many months later."""
    local = moment.astimezone(ZoneInfo(clock.time_zone))
    day = months_after(local.date(), months)
    return datetime.combine(day, local.timetz())


def _last_day(expiry: FixedExpiry, earned_on: date) -> date:
    earliest = months_after(earned_on, expiry.months_min)
    days = (
        _day_of_year(year_day, year)
        for year in (earliest.year, earliest.year + 1)
        for year_day in expiry.dates
    )
    return min(day for day in days if day >= earliest)


def _day_of_year(year_day: YearDay, year: int) -> date:
    first = date(year, year_day.month, 1)
    following = months_after(first, 1)
    return min(first + timedelta(days=year_day.day - 1), following)
