"""The pace of calls to Google: campaigns leave room for those who stand at a counter."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from gateway.storage.queues.budgets import ProviderBudgets
from gateway.storage.queues.deliveries import BULK, INTERACTIVE
from tests.database import Database
from tests.shops import opened
from workers.couriers.google.pace import BULK_EVERY, EVERY, Pace

ISSUER, OTHER = "3388000000000000001", "3388000000000000002"
RATE_MAX = 20
# So long that how busy the machine is does not matter.
LONG = timedelta(hours=1)


@pytest.fixture
async def budgets(database: Database) -> AsyncIterator[ProviderBudgets]:
    """The slots as a worker takes them."""
    async with opened(database.worker_dsn) as connected:
        yield ProviderBudgets(connected.engine)


async def use_up(budgets: ProviderBudgets, lane: int) -> None:
    """Leave nothing of a lane of the issuer for an hour."""
    await budgets.take(f"google:{ISSUER}", lane, every=LONG, wait_max=LONG)


async def test_a_counter_has_its_turn_while_campaigns_wait(budgets: ProviderBudgets) -> None:
    """What campaigns may use is used up: they come again later, a stamp goes out."""
    pace = Pace(budgets)
    await use_up(budgets, BULK)

    assert not await pace.turn(ISSUER, BULK)
    assert await pace.turn(ISSUER, INTERACTIVE)


async def test_campaigns_have_no_rate_beside_the_whole(budgets: ProviderBudgets) -> None:
    """A campaign's call counts as a call: where nothing is left, nobody has a turn."""
    pace = Pace(budgets)
    await use_up(budgets, INTERACTIVE)

    assert not await pace.turn(ISSUER, BULK)
    assert not await pace.turn(ISSUER, INTERACTIVE)
    assert await pace.turn(OTHER, INTERACTIVE)


def test_the_rates_are_less_than_google_allows() -> None:
    """Twenty a second is Google's word for everything together."""
    assert timedelta(seconds=1) / RATE_MAX < EVERY < BULK_EVERY
