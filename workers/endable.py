"""Awaiting what cannot be trusted to end when it is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

CANCEL_AGAIN_SECONDS = 0.05

Given = TypeVar("Given")


async def endable(work: Coroutine[Any, Any, Given]) -> Given:
    """Await `work` in a task of its own, cancelled again and again when we are.

    On Python 3.11 `asyncio.wait_for`, and with it redis-py, forgets a cancellation that arrives
    together with the answer: a loop around it would go on for ever.
    https://github.com/python/cpython/issues/86296
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task})
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=CANCEL_AGAIN_SECONDS)
        if not task.cancelled():
            # Looked at, so that nobody is told of an error that came too late to matter.
            task.exception()
    return task.result()
