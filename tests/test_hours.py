"""No test begins where a day ends, by chance."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.hours import LAST_SECONDS, seconds_to_wait

MIDNIGHT = datetime(2028, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(("before", "waits"), [(0.5, 0.5), (LAST_SECONDS, LAST_SECONDS), (11, 0)])
def test_the_end_of_an_hour_is_waited_for(before: float, waits: float) -> None:
    """Until it is over, and no longer."""
    assert seconds_to_wait(MIDNIGHT - timedelta(seconds=before)) == pytest.approx(waits)


def test_a_new_hour_is_not_waited_for() -> None:
    """From its first instant."""
    assert seconds_to_wait(MIDNIGHT) == 0
