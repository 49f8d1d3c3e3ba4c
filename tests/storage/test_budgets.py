"""Slots at a provider: one rate for all who call, and none taken that nobody waits for."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from gateway.storage.queues.budgets import ProviderBudgets
from tests.database import Database
from tests.shops import opened

ACCOUNT, LANE = "google:1", 0
# So long that how busy the machine is does not matter.
HOUR = timedelta(hours=1)


@pytest.fixture
async def budgets(database: Database) -> AsyncIterator[tuple[ProviderBudgets, ProviderBudgets]]:
    """The slots as two workers take them."""
    async with opened(database.worker_dsn) as one, opened(database.worker_dsn) as other:
        yield ProviderBudgets(one.engine), ProviderBudgets(other.engine)


async def take(
    budgets: ProviderBudgets, *, lane: int = LANE, account: str = ACCOUNT, hours: float = 100
) -> int | None:
    """Take a slot of a lane with one an hour; return in how many hours it is."""
    seconds = await budgets.take(account, lane, every=HOUR, wait_max=HOUR * hours)
    return None if seconds is None else round(seconds / HOUR.total_seconds())


async def test_all_workers_share_one_rate(
    budgets: tuple[ProviderBudgets, ProviderBudgets],
) -> None:
    """However many ask at once, each gets a slot of its own, evenly spaced."""
    taken = await asyncio.gather(*(take(each) for each in budgets * 4))

    assert sorted(slot for slot in taken if slot is not None) == list(range(8))


async def test_a_slot_too_far_off_is_not_taken(
    budgets: tuple[ProviderBudgets, ProviderBudgets],
) -> None:
    """Who is sent away leaves the slot to whoever waits longer."""
    one, other = budgets
    assert [await take(one, hours=1.5), await take(other, hours=1.5)] == [0, 1]

    assert [await take(one, hours=1.5), await take(other, hours=1.5)] == [None, None]
    assert await take(one, hours=2.5) == 2


async def test_lanes_and_accounts_have_rates_of_their_own(
    budgets: tuple[ProviderBudgets, ProviderBudgets],
) -> None:
    """What one account has used up costs no other, nor another lane."""
    one, _ = budgets
    assert await take(one) == 0

    assert await take(one, lane=1) == 0
    assert await take(one, account="google:2") == 0
    assert await take(one) == 1
