"""Counting: how far campaigns are, counted once a second however many people look."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from aiohttp import web

from gateway.domain.errors import Refusal
from gateway.services.campaigns.following import Progress, follow
from gateway.storage.unit import Units
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.refusals import Unavailable

FRESH_SECONDS = 1.0
REST_FACTOR = 10
"""A count that takes long is made seldom: the database rests ten times as long as it counted."""
CAMPAIGNS_MAX = 500


@dataclass(slots=True)
class _Kept:
    """The last count of a campaign, how long it or a failure holds, and who is counting."""

    progress: Progress | None = None
    good_until: float = 0.0
    failed_until: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Counting:
    """The counts of this process, shared by everybody who looks at the same campaign."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take a clock that counts seconds and never goes back."""
        self._clock = clock
        self._kept: OrderedDict[tuple[UUID, UUID], _Kept] = OrderedDict()

    async def read(self, units: Units, merchant_id: UUID, campaign_id: UUID) -> Progress:
        """Return how far a campaign is, a second old at most; raises `NotFound`.

        Of all who ask at once, one counts; when that fails, the others get `Unavailable`. A
        large campaign is counted so seldom that the database is busy with it a tenth of the time.
        """
        kept = self._keep(merchant_id, campaign_id)
        async with kept.turn:
            if self._clock() < kept.failed_until:
                raise Unavailable
            if kept.progress is None or self._clock() >= kept.good_until:
                await self._count(kept, units, merchant_id, campaign_id)
            assert kept.progress is not None, "it was counted just now"
            return kept.progress

    async def _count(
        self, kept: _Kept, units: Units, merchant_id: UUID, campaign_id: UUID
    ) -> None:
        began = self._clock()
        try:
            async with units(merchant_id) as unit:
                kept.progress = await follow(unit, campaign_id)
        except Refusal:
            raise
        except Exception:
            # Or all who wait for their turn would wait for the same outage, one after the other.
            kept.failed_until = self._clock() + FRESH_SECONDS
            raise
        ended = self._clock()
        kept.good_until = ended + max(FRESH_SECONDS, REST_FACTOR * (ended - began))

    def forget(self, merchant_id: UUID, campaign_id: UUID) -> None:
        """Count anew for the next who asks, because somebody moved the campaign."""
        self._kept.pop((merchant_id, campaign_id), None)

    def _keep(self, merchant_id: UUID, campaign_id: UUID) -> _Kept:
        kept = self._kept.setdefault((merchant_id, campaign_id), _Kept())
        self._kept.move_to_end((merchant_id, campaign_id))
        if len(self._kept) > CAMPAIGNS_MAX:
            self._kept.popitem(last=False)
        return kept


COUNTING = web.AppKey("counting", Counting)


async def count(request: web.Request, campaign_id: UUID) -> Progress:
    """Return how far one of the caller's campaigns is; raises `NotFound`."""
    units = request.app[RESOURCES].units
    return await request.app[COUNTING].read(units, request[PRINCIPAL].merchant_id, campaign_id)


def moved(request: web.Request, campaign_id: UUID) -> None:
    """Forget what was counted of a campaign that the caller has just moved."""
    request.app[COUNTING].forget(request[PRINCIPAL].merchant_id, campaign_id)
