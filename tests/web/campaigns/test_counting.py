"""Counts are shared: one query a second, however many look, and never another merchant's."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import cast
from uuid import UUID

import pytest
from sqlalchemy import event
from uuid_utils.compat import uuid7

from gateway.domain.errors import NotFound
from gateway.storage.database import Database as OpenDatabase
from gateway.storage.unit import Unit, Units
from gateway.web.campaigns.counting import FRESH_SECONDS, Counting
from gateway.web.refusals import Unavailable
from tests.campaigns import scheduled, workers_database
from tests.database import Database
from tests.shops import Shop, open_shop


class Clock:
    """A clock that goes on when it is told to, or by a step with each look."""

    def __init__(self) -> None:
        self.now, self.step = 0.0, 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        self.now += self.step
        return self.now


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    async with workers_database(database) as ready:
        yield await open_shop(ready, cards=0)


@contextmanager
def counted(database: OpenDatabase) -> Iterator[list[str]]:
    """Give the list of counts that the database was asked for."""
    asked: list[str] = []

    def note(*statement: object) -> None:
        if "GROUP BY messages" in str(statement[2]):
            asked.append(str(statement[2]))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


async def test_of_many_who_look_at_once_one_counts(shop: Shop) -> None:
    """And again only when a second is over, or when somebody moved the campaign."""
    clock, campaign_id = Clock(), await scheduled(shop)
    counting, units = Counting(clock), shop.database.units

    async def look(people: int = 1) -> None:
        looks = (counting.read(units, shop.merchant_id, campaign_id) for _ in range(people))
        await asyncio.gather(*looks)

    with counted(shop.database) as asked:
        await look(50)
        clock.now += FRESH_SECONDS / 2
        await look(50)
        assert len(asked) == 1
        clock.now += FRESH_SECONDS / 2
        await look(50)
        assert len(asked) == 2
        counting.forget(shop.merchant_id, campaign_id)
        await look(50)
        assert len(asked) == 3


async def test_a_slow_count_is_made_seldom(shop: Shop) -> None:
    """Counting takes a tenth of the time at most."""
    clock, campaign_id = Clock(), await scheduled(shop)
    counting, units = Counting(clock), shop.database.units

    with counted(shop.database) as asked:
        clock.step = 2.0
        await counting.read(units, shop.merchant_id, campaign_id)
        clock.step = 0.0
        clock.now += 19
        await counting.read(units, shop.merchant_id, campaign_id)
        assert len(asked) == 1
        clock.now += 1
        await counting.read(units, shop.merchant_id, campaign_id)
        assert len(asked) == 2


async def test_what_was_counted_for_one_merchant_is_not_told_another(shop: Shop) -> None:
    """Also not right after it was counted."""
    campaign_id = await scheduled(shop)
    other = await open_shop(shop.database, cards=0, slug="other")
    counting = Counting(Clock())
    await counting.read(shop.database.units, shop.merchant_id, campaign_id)

    with pytest.raises(NotFound):
        await counting.read(shop.database.units, other.merchant_id, campaign_id)


async def test_an_outage_is_waited_for_once(shop: Shop) -> None:
    """Of all who look one waits for it; the others hear at once that they should come again."""
    clock, tries = Clock(), 0

    def broken(_merchant_id: UUID) -> AbstractAsyncContextManager[Unit]:
        nonlocal tries
        tries += 1
        raise ConnectionRefusedError

    counting = Counting(clock)
    campaign_id = uuid7()
    units = cast("Units", broken)
    looks = [counting.read(units, shop.merchant_id, campaign_id) for _ in range(50)]
    found = await asyncio.gather(*looks, return_exceptions=True)

    assert tries == 1
    assert Counter(map(type, found)) == {ConnectionRefusedError: 1, Unavailable: 49}
    clock.now += FRESH_SECONDS
    with pytest.raises(NotFound):
        await counting.read(shop.database.units, shop.merchant_id, campaign_id)
