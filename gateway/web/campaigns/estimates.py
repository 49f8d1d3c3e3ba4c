"""Estimates: how many a campaign would reach, counted for few people at a time."""

import asyncio

from aiohttp import web

from gateway.domain.campaigns import Plan
from gateway.services.campaigns.preparing import Estimate, estimate
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.refusals import DoorRefusal

AT_ONCE_MAX = 2
"""In one process: each looks at every customer of a merchant."""
ESTIMATE_SECONDS_MAX = 30.0

ESTIMATING = web.AppKey("estimating", asyncio.Semaphore)


class EstimateTooSlow(DoorRefusal):
    """Counting so many customers takes too long just now. Please try again in a moment."""

    code = "estimate_too_slow"
    status = 503


async def estimate_for(request: web.Request, plan: Plan) -> Estimate:
    """Count whom one of the caller's campaigns would reach now; raises `EstimateTooSlow`."""
    try:
        async with (
            asyncio.timeout(ESTIMATE_SECONDS_MAX),
            request.app[ESTIMATING],
            request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit,
        ):
            return await estimate(unit, plan, unit.now)
    except TimeoutError:
        raise EstimateTooSlow from None
