"""An alarm: wakes a loop at once, or lets it sleep until its next look."""

import asyncio
from contextlib import suppress


class Alarm:
    """Rung as often as you like, it wakes its loop once."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the loop, now or as soon as it sleeps."""
        self._rung.set()

    async def wait(self, seconds_max: float | None = None) -> None:
        """Sleep until rung, at most `seconds_max`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds_max):
                await self._rung.wait()
        self._rung.clear()
