"""Places: so many at once for each address, and nobody waits long for one."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class _Gate:
    """The places of one address, and how many have one or wait for one."""

    places: asyncio.Semaphore
    present: int = 0


class Places:
    """Keeps one slow address from taking up what all others need."""

    def __init__(self, each: int, patience_seconds: float) -> None:
        """Take how many places each address has, and how long somebody waits for one."""
        self._each = each
        self._patience_seconds = patience_seconds
        self._gates: dict[Hashable, _Gate] = {}

    @asynccontextmanager
    async def one(self, address: Hashable) -> AsyncIterator[bool]:
        """Give whether there is a place; if so, it is kept until the end."""
        gate = self._gates.setdefault(address, _Gate(asyncio.Semaphore(self._each)))
        gate.present += 1
        is_ours = False
        try:
            is_ours = await self._came_by(gate.places)
            yield is_ours
        finally:
            if is_ours:
                gate.places.release()
            gate.present -= 1
            if not gate.present:
                del self._gates[address]

    async def _came_by(self, places: asyncio.Semaphore) -> bool:
        try:
            async with asyncio.timeout(self._patience_seconds):
                return await places.acquire()
        except TimeoutError:
            return False
