"""Estimates: one of each merchant at once, so that none of them takes all turns."""

import asyncio
from uuid import UUID

from gateway.web.campaigns.estimates import Estimating

BUSY, OTHER = UUID(int=1), UUID(int=2)


async def test_a_merchant_that_asks_often_keeps_nobody_waiting() -> None:
    """Its second estimate waits for its first, and another merchant's does not."""
    estimating, end = Estimating(at_once=2), asyncio.Event()
    begun: list[UUID] = []

    async def estimate(merchant_id: UUID) -> None:
        async with estimating.turn(merchant_id):
            begun.append(merchant_id)
            await end.wait()

    asked = [asyncio.create_task(estimate(each)) for each in (BUSY, BUSY, BUSY, OTHER)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert begun == [BUSY, OTHER]
    end.set()
    await asyncio.gather(*asked)

    assert begun == [BUSY, OTHER, BUSY, BUSY]
