"""What cannot be in a plan's times: windows, hours and dates that do not fit together."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime

from gateway.domain.configurations.faults import Fault
from gateway.domain.configurations.pointers import pointed
from gateway.domain.rules.expiry import Expiry, FixedExpiry, RollingExpiry, SlidingExpiry
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.repeats import repeated
from gateway.domain.rules.schedules import Schedule
from gateway.domain.rules.stamps import ValidHours

# A 29 February is a day of every year here: the 1 March of most.
_LEAP_YEAR = 2000
_SHORTEST_MONTH_DAYS = 28


def window_faults(
    starts_at: datetime | None, ends_at: datetime | None, pointer: str
) -> Iterator[Fault]:
    """Give the fault of a window that ends before it starts; None is without start or end."""
    if starts_at and ends_at and ends_at <= starts_at:
        yield Fault(pointed(pointer, "ends_at"), "End date must be after start date")


def schedule_faults(schedule: Schedule, pointer: str) -> Iterator[Fault]:
    """Give the faults of weekdays, hours and blackout dates."""
    for index in repeated(schedule.weekdays):
        yield Fault(pointed(pointer, "weekdays", index), "This day is there twice.")
    for index, hours in enumerate(schedule.hours):
        yield from hours_faults(hours, pointed(pointer, "hours", index))
    for index, span in enumerate(schedule.blackout_dates):
        if span.last < span.first:
            place = pointed(pointer, "blackout_dates", index, "last")
            yield Fault(place, "The last day must not be before the first.")


def hours_faults(hours: ValidHours, pointer: str) -> Iterator[Fault]:
    """Give the fault of hours that end as they begin; a whole day is 0 to 24."""
    if hours.start == hours.end:
        yield Fault(pointed(pointer, "end"), "Valid hours must not end when they begin.")


def expiry_faults(plan: Plan) -> Iterator[Fault]:
    """Give the faults of dates no calendar has, and of points that expire while held back."""
    if isinstance(plan.expiry, FixedExpiry):
        yield from _date_faults(plan.expiry)
    months = [rule.expiration_months for rule in plan.rules if isinstance(rule, PointsRule)]
    lives = [life for life in (*months, _months(plan.expiry)) if life is not None]
    if any(life * _SHORTEST_MONTH_DAYS <= plan.pending_days for life in lives):
        yield Fault("/pending_days", "Points would expire before they can be used.")


def _months(expiry: Expiry) -> int | None:
    return expiry.months if isinstance(expiry, RollingExpiry | SlidingExpiry) else None


def _date_faults(expiry: FixedExpiry) -> Iterator[Fault]:
    for index, date in enumerate(expiry.dates):
        if date.day > monthrange(_LEAP_YEAR, date.month)[1]:
            yield Fault(f"/expiry/dates/{index}/day", "This month has no such day.")
    for index in repeated(expiry.dates):
        yield Fault(f"/expiry/dates/{index}", "This date is there twice.")
