"""Estimates: how many a campaign would reach, counted for few people at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

from aiohttp import web

from gateway.domain.campaigns import Plan
from gateway.services.campaigns.preparing import Estimate, estimate
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.refusals import DoorRefusal

AT_ONCE_MAX = 2
"""In one process: each looks at every customer of a merchant."""
ESTIMATE_SECONDS_MAX = 30.0


class Estimating:
    """The turns: few at once in all, and one of each merchant."""

    def __init__(self, at_once: int = AT_ONCE_MAX) -> None:
        """Take how many estimates there may be at once."""
        self._places = asyncio.Semaphore(at_once)
        self._merchants = WeakValueDictionary[UUID, asyncio.Lock]()

    @asynccontextmanager
    async def turn(self, merchant_id: UUID) -> AsyncIterator[None]:
        """Wait for a merchant's turn, and keep it until the end."""
        own = self._merchants.setdefault(merchant_id, asyncio.Lock())
        # One's own first: who waits for that takes no place from the others.
        async with own, self._places:
            yield


ESTIMATING = web.AppKey("estimating", Estimating)


class EstimateTooSlow(DoorRefusal):
    """Counting so many customers takes too long just now. Please try again in a moment."""

    code = "estimate_too_slow"
    status = 503


async def estimate_for(request: web.Request, plan: Plan) -> Estimate:
    """Count whom one of the caller's campaigns would reach now; raises `EstimateTooSlow`."""
    merchant_id = request[PRINCIPAL].merchant_id
    try:
        async with (
            asyncio.timeout(ESTIMATE_SECONDS_MAX),
            request.app[ESTIMATING].turn(merchant_id),
            request.app[RESOURCES].units(merchant_id) as unit,
        ):
            return await estimate(unit, plan, unit.now)
    except TimeoutError:
        raise EstimateTooSlow from None
