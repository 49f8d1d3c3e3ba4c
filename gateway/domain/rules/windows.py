"""Calendar periods and rolling windows of business days."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

MONTHS_OF_QUARTER = 3


class Period(StrEnum):
    """How long something counts before it begins at zero again."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    LIFETIME = "lifetime"


ROLLING_DAYS = {Period.MONTHLY: 30, Period.QUARTERLY: 91, Period.YEARLY: 365}
"""How many business days a rolling window has, today included; a lifetime has no such window."""


def period_key(period: Period, day: date) -> str:
    """Return the name of the period a day is in: 2026-11, 2026-Q4, 2026 or lifetime.

    Of two names of the same kind of period, the one that sorts first is the earlier.
    """
    match period:
        case Period.MONTHLY:
            return f"{day.year:04}-{day.month:02}"
        case Period.QUARTERLY:
            return f"{day.year:04}-Q{_quarter(day) + 1}"
        case Period.YEARLY:
            return f"{day.year:04}"
        case _:
            return "lifetime"


def period_began(period: Period, day: date) -> date:
    """Return the first day of the period a day is in; a lifetime began before every day."""
    match period:
        case Period.MONTHLY:
            return day.replace(day=1)
        case Period.QUARTERLY:
            return date(day.year, _quarter(day) * MONTHS_OF_QUARTER + 1, 1)
        case Period.YEARLY:
            return date(day.year, 1, 1)
        case _:
            return date.min


def next_period(period: Period, day: date) -> date:
    """Return the first day of the next period; a lifetime has none but the last of all days."""
    match period:
        case Period.MONTHLY:
            return months_after(day.replace(day=1), 1)
        case Period.QUARTERLY:
            return months_after(period_began(period, day), MONTHS_OF_QUARTER)
        case Period.YEARLY:
            return date(day.year + 1, 1, 1)
        case _:
            return date.max


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or that month's last: 31 January, 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _quarter(day: date) -> int:
    return (day.month - 1) // MONTHS_OF_QUARTER
