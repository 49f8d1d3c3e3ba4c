"""The throttle: so many a minute however it is asked, and little saved up."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.throttles import CARRIED_OVER, allowance, use

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_the_first_goes_at_once() -> None:
    """Then one per interval."""
    assert allowance(60, None, NOW) == 1
    used = use(60, None, NOW, 1)
    assert allowance(60, used, NOW) == 0
    assert allowance(60, used, NOW + timedelta(seconds=1)) == 1


def test_little_is_saved_up() -> None:
    """A worker that was late catches up with seconds, never with hours."""
    used = use(60, None, NOW, 1)
    assert allowance(60, used, NOW + timedelta(hours=3)) == CARRIED_OVER // timedelta(seconds=1)
    assert allowance(1, used, NOW + timedelta(hours=3)) == 1


def test_what_is_used_up_already_is_not_negative() -> None:
    """Whoever used more than there was waits it out."""
    assert allowance(60, NOW + timedelta(seconds=10), NOW) == 0


@pytest.mark.parametrize("per_minute_max", [1, 7, 60, 1_000, 60_000])
def test_no_minute_has_more(per_minute_max: int, seed: int) -> None:
    """Asked at random moments for an hour, each minute has at most its number and what is saved.

    What is saved is a twelfth at the most, or a single one.
    """
    lots, used, now = random.Random(seed), None, NOW
    went: list[tuple[datetime, int]] = []
    while now < NOW + 10 * MINUTE:
        now += timedelta(seconds=lots.uniform(0, 3))
        count = allowance(per_minute_max, used, now)
        used = use(per_minute_max, used, now, count)
        went.append((now, count))
    for at, _ in went[::20]:
        within = sum(count for moment, count in went if at <= moment < at + MINUTE)
        assert within <= per_minute_max * (1 + CARRIED_OVER / MINUTE) + 1
