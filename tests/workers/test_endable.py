"""What does not end when it is cancelled is ended all the same."""

import asyncio

import pytest

from workers.endable import endable


async def deaf(times: int) -> None:
    """Forget the first cancellations, as a library with Python 3.11's wait_for may."""
    for _ in range(times):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            continue
    await asyncio.sleep(60)


async def test_a_forgotten_cancellation_is_repeated() -> None:
    """However often the work forgets it, whoever awaits it ends as cancelled."""
    waiting = asyncio.create_task(endable(deaf(times=3)))
    await asyncio.sleep(0.01)
    waiting.cancel()

    async with asyncio.timeout(2):
        await asyncio.wait({waiting})
    assert waiting.cancelled()


async def test_what_the_work_gives_or_raises_passes_through() -> None:
    """Otherwise it is a plain await."""

    async def give() -> int:
        return 7

    async def fail() -> int:
        raise ConnectionResetError

    assert await endable(give()) == 7
    with pytest.raises(ConnectionResetError):
        await endable(fail())
