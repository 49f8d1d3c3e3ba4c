"""Locations as they were read a moment ago: every stamp asks for one, and they hardly change."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from gateway.storage.people.merchants import Location

LOCATIONS_MAX = 10_000
KEPT_SECONDS = 30.0
"""How long a location that was closed may still be stamped at, at most."""


class Locations:
    """Open locations by merchant and id, at most `LOCATIONS_MAX`, the oldest forgotten first.

    Unknown and closed ones are asked for each time.
    """

    def __init__(self, read: Callable[[UUID, UUID], Awaitable[Location]]) -> None:
        """Take the function that reads a location of a merchant."""
        self._read = read
        self._kept: dict[tuple[UUID, UUID], tuple[Location, float]] = {}

    async def of(self, merchant_id: UUID, location_id: UUID) -> Location:
        """Return an open location; raises `NotFound`."""
        key, now = (merchant_id, location_id), asyncio.get_running_loop().time()
        location, read_at = self._kept.get(key, (None, 0.0))
        if location is None or now - read_at > KEPT_SECONDS:
            self._kept.pop(key, None)
            location = await self._read(merchant_id, location_id)
            self._kept[key] = location, now
            if len(self._kept) > LOCATIONS_MAX:
                del self._kept[next(iter(self._kept))]
        return location
