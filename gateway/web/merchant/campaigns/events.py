"""A campaign's progress as it happens, for the page that shows it."""

from contextlib import suppress
from uuid import UUID

from aiohttp import hdrs, web

from gateway.presenters.campaign_bars import headline
from gateway.services.campaigns.following import Progress
from gateway.web.campaigns.counting import count
from gateway.web.campaigns.streams import STREAM_HEADERS, Stream, seat
from gateway.web.keys import PRINCIPAL, RESOURCES, WIRING
from gateway.web.merchant.campaigns.desk import Desk, desk_of
from gateway.web.merchant.campaigns.progress import is_settled, live_fragment, tallies_of
from gateway.web.parsing.queries import path_id
from gateway.web.refusals import Unavailable

PROGRESS, END = "progress", "end"


async def campaign_events(request: web.Request) -> web.StreamResponse:
    """Tell of every change of a campaign, at most one a second, until it is over."""
    campaign_id = path_id(request, "campaign_id")
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        await unit.campaigns.one(campaign_id)
        desk = await desk_of(unit)
    if request.method == hdrs.METH_HEAD:
        return web.Response(headers=STREAM_HEADERS)
    with seat(request):
        stream = Stream(request)
        response = await stream.open()
        # Who has left cannot be told, and when the database is gone the browser comes again.
        with suppress(*request.app[WIRING].outages, Unavailable):
            await _follow(request, stream, campaign_id, desk)
    return response


async def _follow(request: web.Request, stream: Stream, campaign_id: UUID, desk: Desk) -> None:
    told: Progress | None = None
    async for _ in stream.ticks():
        progress = await count(request, campaign_id)
        if progress != told:
            await stream.tell(PROGRESS, _event(request, progress, desk))
            told = progress
        if is_settled(progress.campaign):
            await stream.tell(END, {})
            return


def _event(request: web.Request, progress: Progress, desk: Desk) -> dict[str, object]:
    campaign = progress.campaign
    said = headline(campaign, tallies_of(progress), request.app[WIRING].now()).sentence
    return {
        "status": campaign.status,
        "said": said,
        "html": live_fragment(request, progress, desk),
    }
