"""The outbox: each fact in one pair of hands, each merchant in its turn, poison counted."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import pytest

from gateway.storage.cards.postings import Announcement
from gateway.storage.database import Database
from gateway.storage.queues import turns
from gateway.storage.queues.outbox import (
    CLAIM_ROWS_MAX,
    RELAY_ATTEMPTS_MAX,
    Fact,
    merchants_with_facts,
)
from gateway.storage.queues.turns import FIRST
from tests import database as databases
from tests.shops import Shop, open_shop, opened


@pytest.fixture
async def worker(database: databases.Database) -> AsyncIterator[Database]:
    """The database as a worker opens it."""
    async with opened(database.worker_dsn) as connected:
        yield connected


async def announce(shop: Shop, *numbers: int) -> list[UUID]:
    """Write facts into the shop's outbox, in the order of their numbers."""
    announcements = [
        Announcement(id=UUID(int=number), type="test.fact", data={"n": number})
        for number in numbers
    ]
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.outbox.add(announcements, unit.now)
    return [announcement.id for announcement in announcements]


async def fail(worker: Database, shop: Shop, facts: Sequence[Fact], times: int) -> list[bool]:
    """Count failures of the first of some facts; return after each whether it is dead."""
    dead = []
    for _ in range(times):
        async with worker.units(shop.merchant_id) as unit:
            dead.append(await unit.outbox.mark_failed(facts[0], "Broken", unit.now))
    return dead


async def test_two_relays_never_hold_the_same_fact(worker: Database) -> None:
    """What one relay has claimed, another skips without waiting, and takes when it was let go."""
    shop = await open_shop(worker)
    await announce(shop, 1, 2, 3)

    async with worker.units(shop.merchant_id) as first:
        held = await first.outbox.claim(rows=2)
        async with worker.units(shop.merchant_id) as second:
            rest = await second.outbox.claim()
    async with worker.units(shop.merchant_id) as third:
        again = await third.outbox.claim()

    assert (len(held), len(rest), len(again)) == (2, 1, 3)
    assert not {fact.id for fact in held} & {fact.id for fact in rest}


async def test_a_relayed_fact_is_never_claimed_again(worker: Database) -> None:
    """Marking a fact ends it, whoever looks."""
    shop = await open_shop(worker)
    await announce(shop, 1, 2)

    async with worker.units(shop.merchant_id) as unit:
        facts = await unit.outbox.claim()
        await unit.outbox.mark_relayed(facts, unit.now)
    async with worker.units(shop.merchant_id) as unit:
        assert await unit.outbox.claim() == []
        assert not await unit.outbox.hold(facts[0])
    assert await merchants_with_facts(worker.engine, FIRST) == ([], FIRST)


async def test_a_claim_has_a_limit(worker: Database) -> None:
    """However much waits, one claim takes a bounded number."""
    shop = await open_shop(worker)
    await announce(shop, *range(CLAIM_ROWS_MAX + 5))

    async with worker.units(shop.merchant_id) as unit:
        assert len(await unit.outbox.claim(rows=10_000)) == CLAIM_ROWS_MAX


async def test_a_fact_that_fails_waits_and_dies_at_last(worker: Database) -> None:
    """Each failure makes it wait longer; the last one makes it dead, and dead it stays."""
    shop = await open_shop(worker)
    await announce(shop, 1)
    async with worker.units(shop.merchant_id) as unit:
        facts = await unit.outbox.claim()

    assert await fail(worker, shop, facts, 1) == [False]
    async with worker.units(shop.merchant_id) as unit:
        assert await unit.outbox.claim() == []

    dead = await fail(worker, shop, facts, RELAY_ATTEMPTS_MAX)
    assert dead == [False] * (RELAY_ATTEMPTS_MAX - 2) + [True, False]
    assert await merchants_with_facts(worker.engine, FIRST) == ([], FIRST)


async def test_a_merchant_sees_its_own_facts_only(worker: Database) -> None:
    """A claim in one merchant's unit never touches another's facts."""
    mine, other = await open_shop(worker), await open_shop(worker, slug="other")
    await announce(other, 1)

    async with worker.units(mine.merchant_id) as unit:
        assert await unit.outbox.claim() == []


async def test_every_merchant_has_its_turn(
    worker: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A merchant with a flood of facts is one among the others, however few may come at once."""
    monkeypatch.setattr(turns, "TURN_MERCHANTS_MAX", 2)
    monkeypatch.setattr("gateway.storage.queues.outbox.TURN_MERCHANTS_MAX", 2)
    shops = [await open_shop(worker, slug=f"shop-{n}") for n in range(3)]
    await announce(shops[0], *range(50))
    for shop in shops[1:]:
        await announce(shop, 1)

    first, after = await merchants_with_facts(worker.engine, FIRST)
    rest, end = await merchants_with_facts(worker.engine, after)

    assert first + rest == sorted(shop.merchant_id for shop in shops)
    assert end == FIRST
