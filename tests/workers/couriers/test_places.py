"""Places: so many for each address, and nobody waits for long."""

import asyncio
from uuid import uuid4

from workers.couriers.places import Places


async def test_an_address_has_so_many_places_and_others_have_their_own() -> None:
    """Who finds none free is told so after a moment."""
    places, full, other = Places(2, 0.01), uuid4(), uuid4()
    async with (
        places.one(full) as first,
        places.one(full) as second,
        places.one(full) as third,
        places.one(other) as elsewhere,
    ):
        assert (first, second, third, elsewhere) == (True, True, False, True)


async def test_who_waits_gets_the_place_that_becomes_free() -> None:
    """And an address that nobody is at any more is forgotten."""
    places, address, left = Places(1, 20.0), uuid4(), asyncio.Event()

    async def wait_and_leave() -> bool:
        async with places.one(address) as is_ours:
            await left.wait()
            return is_ours

    waiting = [asyncio.create_task(wait_and_leave()) for _ in range(3)]
    await asyncio.sleep(0)
    left.set()

    assert await asyncio.gather(*waiting) == [True] * 3
    assert places._gates == {}


async def test_who_gives_up_waiting_takes_no_place() -> None:
    """A worker that is stopped leaves nothing taken."""
    places, address = Places(1, 20.0), uuid4()

    async def wait() -> None:
        async with places.one(address):
            raise AssertionError

    async with places.one(address):
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with places.one(address) as is_ours:
        assert is_ours
    assert waiting.cancelled()
    assert places._gates == {}
