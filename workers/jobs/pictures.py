"""Pictures of rewards are fetched, drawn small and kept."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from gateway.storage.queues.due_pictures import DuePicture, DuePictures
from gateway.storage.unit import Units
from workers.channels.picture.drawing import NoPicture, draw_small

AT_ONCE_MAX = 10
"""No more a turn: the chores after this one wait for the slowest of them."""
TRIES_MAX = 8
FIRST_PAUSE = timedelta(minutes=5)
"""Doubled with each try, so that the last comes after half a day; then the merchant's turn is."""
UNFINISHED = "Unfinished"
"""Why there is no picture while it is fetched, or when the worker was gone before it had it."""

Fetch = Callable[[str], Awaitable[bytes]]


async def fetch_pictures(due: DuePictures, units: Units, fetch: Fetch) -> int:
    """Fetch the pictures that have waited longest; return how many of them we have now.

    No transaction is open while a stranger takes their time. Each is put off before it is
    touched, so that one that ends a worker does not end the next one a minute later.
    """
    waiting = await due.next(AT_ONCE_MAX)
    for each in waiting:
        await _put_off(units, each, UNFINISHED)
    fetched = await asyncio.gather(*(_fetched(fetch, each) for each in waiting))
    kept = 0
    for each, data in zip(waiting, fetched, strict=True):
        kept += await _keep(units, each, data)
    return kept


async def _fetched(fetch: Fetch, due: DuePicture) -> bytes | NoPicture:
    try:
        return await fetch(due.address)
    except NoPicture as problem:
        return problem


async def _keep(units: Units, due: DuePicture, data: bytes | NoPicture) -> bool:
    try:
        if isinstance(data, NoPicture):
            raise data
        content = await asyncio.to_thread(draw_small, data)
    except NoPicture as problem:
        await _put_off(units, due, str(problem))
        return False
    async with units(due.merchant_id) as unit:
        await unit.pictures.keep(due.address, content)
    return True


async def _put_off(units: Units, due: DuePicture, reason: str) -> None:
    tries = due.tries + 1
    async with units(due.merchant_id) as unit:
        again = unit.now + FIRST_PAUSE * 2**due.tries if tries < TRIES_MAX else None
        await unit.pictures.put_off(due.address, reason, tries, again)
