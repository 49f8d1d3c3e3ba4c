"""A throttle: at most so many a minute, evenly, whoever asks and however often."""

from datetime import datetime, timedelta

CARRIED_OVER = timedelta(seconds=5)
"""How long what was not used can still be used: as long as a worker may be late."""


def allowance(per_minute_max: int, used_until: datetime | None, now: datetime) -> int:
    """Return how many may go now; `used_until` is up to when the allowance has been used."""
    each = timedelta(minutes=1) / per_minute_max
    return max(0, (now - _begin(each, used_until, now)) // each)


def use(per_minute_max: int, used_until: datetime | None, now: datetime, count: int) -> datetime:
    """Return up to when the allowance has been used after `count` went."""
    each = timedelta(minutes=1) / per_minute_max
    return _begin(each, used_until, now) + count * each


def _begin(each: timedelta, used_until: datetime | None, now: datetime) -> datetime:
    """Return from when on unused allowance counts: the first may go at once."""
    if used_until is None:
        return now - each
    return max(used_until, now - max(each, CARRIED_OVER))
