"""Guess counters: reserved before anybody looks, so that guesses at once cannot slip by."""

import asyncio
from datetime import datetime, timedelta

import pytest

from gateway.domain.attempts import AttemptLimit
from gateway.domain.errors import PinLocked, TooManyAttempts
from gateway.services.people.guarding import count_attempt
from tests.shops import Shop

GUESSES_AT_ONCE = 10
LIMIT = AttemptLimit(
    kind="test", tries=5, window=timedelta(minutes=10), lock=timedelta(minutes=30)
)


async def test_of_a_hundred_at_once_five_are_looked_at(bare_shop: Shop) -> None:
    """The row lock lets each guess see the count of the one before."""
    units = bare_shop.database.units
    # More at once would only wait for a connection, and on a busy machine in vain.
    at_once = asyncio.Semaphore(GUESSES_AT_ONCE)

    async def guess() -> None:
        async with at_once:
            await count_attempt(units, bare_shop.merchant_id, [(LIMIT, "ben")])

    outcomes = await asyncio.gather(*(guess() for _ in range(100)), return_exceptions=True)
    assert outcomes.count(None) == 5
    assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) == 95


async def test_a_window_ends_and_a_lock_lasts(bare_shop: Shop) -> None:
    """Five per window; the sixth closes the door, and knocking does not move its end."""
    start = await _now(bare_shop)
    assert [await _reserve(bare_shop, start) for _ in range(5)] == [None] * 5
    closed_until = start + timedelta(minutes=1) + LIMIT.lock
    for minute in (1, 2, 30):
        assert await _reserve(bare_shop, start + timedelta(minutes=minute)) == closed_until
    assert await _reserve(bare_shop, closed_until) is None
    assert await _reserve(bare_shop, closed_until + LIMIT.window) is None
    rows = await bare_shop.rows("SELECT tries, locked_until FROM attempts")
    assert rows == [(1, None)], "a new window counts from one"


async def test_a_right_answer_begins_anew(bare_shop: Shop) -> None:
    """Forgetting one subject's guesses leaves another's."""
    now = await _now(bare_shop)
    for subject in ("ben", "eve"):
        for _ in range(5):
            await _reserve(bare_shop, now, subject)
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        await unit.attempts.forget(LIMIT, "ben")
    assert await _reserve(bare_shop, now, "ben") is None
    assert await _reserve(bare_shop, now, "eve") is not None


async def test_each_limit_speaks_of_its_own_door(bare_shop: Shop) -> None:
    """A PIN is locked, anything else was tried too often; both say until when."""
    pin = AttemptLimit(kind="pin_staff", tries=1, window=LIMIT.window, lock=LIMIT.lock)
    units = bare_shop.database.units
    await count_attempt(units, bare_shop.merchant_id, [(pin, "ben")])
    with pytest.raises(PinLocked) as locked:
        await count_attempt(units, bare_shop.merchant_id, [(LIMIT, "till"), (pin, "ben")])
    assert isinstance(locked.value.detail["retry_at"], datetime)


async def _now(shop: Shop) -> datetime:
    async with shop.database.units(shop.merchant_id) as unit:
        return unit.now


async def _reserve(shop: Shop, now: datetime, subject: str = "ben") -> datetime | None:
    async with shop.database.units(shop.merchant_id) as unit:
        return await unit.attempts.reserve(LIMIT, subject, now)
