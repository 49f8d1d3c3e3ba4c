"""Deliveries: one waits for many, a lease fences, and nobody's flood delays the others."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.storage.database import Database
from gateway.storage.queues.deliveries import Wanted
from gateway.storage.queues.delivery_queue import Delivery, DeliveryQueue, Lease, Verdict
from gateway.storage.queues.turns import FIRST
from tests import database as databases
from tests.shops import Shop, open_shop, opened

LONG, OVER = timedelta(minutes=1), timedelta(seconds=-1)
DONE = Verdict(state="done", reason="Delivered")


@pytest.fixture
async def worker(database: databases.Database) -> AsyncIterator[Database]:
    """The database as a worker opens it."""
    async with opened(database.worker_dsn) as connected:
        yield connected


@pytest.fixture
def queue(worker: Database) -> DeliveryQueue:
    """The queue of all merchants."""
    return DeliveryQueue(worker.engine)


def want(target: str = "phone") -> Wanted:
    """Want a delivery to a device."""
    return Wanted(id=uuid7(), event_id=uuid7(), channel="apns", topic="pass.x", target=target)


async def plan(worker: Database, shop: Shop, *wanted: Wanted) -> int:
    """Write deliveries of the shop; return how many were new."""
    async with worker.units(shop.merchant_id) as unit:
        return await unit.deliveries.plan(wanted, unit.now)


async def claim(
    queue: DeliveryQueue, lease_for: timedelta = LONG, rows: int = 50
) -> list[Delivery]:
    """Claim under a lease of its own."""
    claimed, _ = await queue.claim("apns", Lease(uuid7(), lease_for), rows=rows, after=FIRST)
    return claimed


async def test_one_that_waits_speaks_for_all(worker: Database, queue: DeliveryQueue) -> None:
    """While a delivery waits, its target needs no other; once it is under way, it does."""
    shop = await open_shop(worker)

    assert await plan(worker, shop, want(), want("other")) == 2
    assert await plan(worker, shop, want(), want("third")) == 1
    await claim(queue)
    assert await plan(worker, shop, want()) == 1


async def test_what_a_relay_counts_on_is_not_sent_before_its_commit(
    worker: Database, queue: DeliveryQueue
) -> None:
    """A waiting delivery cannot be claimed while a unit leaves its news to it.

    Sent before that unit's commit, the push would let the phone see the old state only, and
    nothing would tell it of the new one.
    """
    shop = await open_shop(worker)
    await plan(worker, shop, want())

    async with worker.units(shop.merchant_id) as unit:
        assert await unit.deliveries.plan([want()], unit.now) == 0
        assert await claim(queue) == []
    assert len(await claim(queue)) == 1


async def test_a_claim_counts_the_attempt_and_keeps_others_away(
    worker: Database, queue: DeliveryQueue
) -> None:
    """Two workers at once never get the same delivery."""
    shop = await open_shop(worker)
    await plan(worker, shop, *(want(str(n)) for n in range(40)))

    claims = await asyncio.gather(*(claim(queue, rows=10) for _ in range(6)))

    ids = [delivery.id for each in claims for delivery in each]
    assert len(ids) == len(set(ids)) == 40
    assert {delivery.attempts for each in claims for delivery in each} == {1}


async def test_who_lost_the_lease_cannot_end_the_delivery(
    worker: Database, queue: DeliveryQueue
) -> None:
    """When a lease ran out and another worker took over, only that one's word counts."""
    shop = await open_shop(worker)
    await plan(worker, shop, want())
    (slow,) = await claim(queue, OVER)
    (quick,) = await claim(queue)

    assert (slow.id, slow.attempts, quick.attempts) == (quick.id, 1, 2)
    assert await queue.conclude([(slow, DONE)]) == [False]
    assert await queue.conclude([(quick, DONE), (slow, DONE)]) == [True, False]
    assert await queue.conclude([(quick, DONE)]) == [False]


async def test_a_postponed_delivery_waits_for_its_time(
    worker: Database, queue: DeliveryQueue
) -> None:
    """It is not due before, and `hasten` makes it due when what it waited for is over."""
    shop = await open_shop(worker)
    await plan(worker, shop, want())
    (delivery,) = await claim(queue)
    later = delivery.created_at + timedelta(hours=1)
    stopped = Verdict(state="waiting", reason="Stopped", next_at=later, counted=False)

    assert await queue.conclude([(delivery, stopped)]) == [True]
    assert await claim(queue) == []
    assert await queue.hasten("apns", "pass.x", "AnotherReason") == 0
    assert await queue.hasten("apns", "pass.x", "Stopped") == 1
    (again,) = await claim(queue)
    assert (again.id, again.attempts) == (delivery.id, 1)


async def test_a_flood_of_one_merchant_leaves_room_for_the_others(
    worker: Database, queue: DeliveryQueue
) -> None:
    """Whoever waits gets a share of each claim, in turns when there are too many of them."""
    shops = [await open_shop(worker, slug=f"shop-{n}") for n in range(3)]
    await plan(worker, shops[0], *(want(str(n)) for n in range(100)))
    for shop in shops[1:]:
        await plan(worker, shop, want())

    together = await claim(queue, rows=30)
    assert {each.merchant_id for each in together} == {shop.merchant_id for shop in shops}

    for shop in shops[1:]:
        await plan(worker, shop, want("next"))
    assert await turns_of(queue, 3) == sorted(shop.merchant_id for shop in shops)


async def turns_of(queue: DeliveryQueue, count: int) -> Sequence[UUID]:
    """Return whose delivery each of some claims of a single one takes."""
    after, merchants = FIRST, []
    for _ in range(count):
        claimed, after = await queue.claim("apns", Lease(uuid7(), LONG), rows=1, after=after)
        merchants += [delivery.merchant_id for delivery in claimed]
    return merchants
