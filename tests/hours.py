"""Keeps a test from beginning in the last moments of an hour, when days and months end."""

import time
from datetime import UTC, datetime

# Longer than all tests take that ask the real clock what day it is.
LAST_SECONDS = 10
HOUR_SECONDS = 3_600


def seconds_to_wait(now: datetime) -> float:
    """Return how long to wait from `now` until an hour has begun of which there is enough.

    Days, months, business days and summer times end with an hour, wherever a test's shop is. Two
    stamps that a test gives one after the other would fall on two days there.
    """
    left = HOUR_SECONDS - (now.minute * 60 + now.second + now.microsecond / 1e6)
    return left if left <= LAST_SECONDS else 0.0


def wait_for_the_hour() -> None:
    """Wait out an hour that is almost over; does nothing in all others."""
    if left := seconds_to_wait(datetime.now(UTC)):
        time.sleep(left)
