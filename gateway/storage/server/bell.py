"""The bell: after a commit it wakes the relays, however many commits there were."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

RING_SECONDS_MAX = 2.0
# Under load one ring speaks for all commits of this while; PostgreSQL hands out notifications
# one by one, so a ring per stamp would make the stamps wait for each other.
PAUSE_SECONDS = 0.01


class Bell:
    """Rings once for everything that was written since it last rang.

    Nothing depends on it: a relay that does not hear it looks by itself after a second. That is
    why it rings after the commit and on a connection of its own, where it costs a stamp nothing.
    """

    def __init__(self, notify: Callable[[], Awaitable[object]]) -> None:
        """Take what wakes the relays."""
        self._notify = notify
        self._wanted = asyncio.Event()

    def ring(self) -> None:
        """Ask for a ring; returns at once."""
        self._wanted.set()

    async def run(self) -> None:
        """Ring whenever asked, until cancelled."""
        log = structlog.get_logger()
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                async with asyncio.timeout(RING_SECONDS_MAX):
                    await self._notify()
            except Exception as error:  # noqa: BLE001 -- a bell may fail in any way and must ring again
                log.warning("bell_failed", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)
