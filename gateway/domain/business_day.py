"""The business day: which day a moment belongs to at a location, and when the next one begins."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.domain.errors import Invalid

CUTOFF_HOUR_MAX = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessClock:
    """A location's IANA time zone, and the hour at which its business day begins."""

    time_zone: str
    cutoff_hour: int = 0

    def __post_init__(self) -> None:
        """Raise `Invalid` for a time zone nobody knows or an hour outside 0–12."""
        if not 0 <= self.cutoff_hour <= CUTOFF_HOUR_MAX:
            raise Invalid("A business day begins between 0:00 and 12:00.")
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as unknown:
            raise Invalid("This time zone is not known.") from unknown


def business_day(moment: datetime, clock: BusinessClock) -> date:
    """Return the day `moment` belongs to: 02:00 with cut-off 4 is still yesterday."""
    local = moment.astimezone(ZoneInfo(clock.time_zone))
    return (local.replace(tzinfo=None) - timedelta(hours=clock.cutoff_hour)).date()


def day_begins(day: date, clock: BusinessClock) -> datetime:
    """Return the instant, in the location's zone, at which a business day begins."""
    return datetime.combine(day, time(clock.cutoff_hour), ZoneInfo(clock.time_zone))


def next_day_begins(moment: datetime, clock: BusinessClock) -> datetime:
    """Return the instant, in the location's zone, at which the next business day begins."""
    return day_begins(business_day(moment, clock) + timedelta(days=1), clock)


def last_day(end: datetime, zone: ZoneInfo) -> date:
    """Return the last day before an end; what ends as a day begins has the one before."""
    return (end.astimezone(zone) - timedelta(microseconds=1)).date()
