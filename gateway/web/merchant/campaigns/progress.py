"""A campaign on its way and afterwards: how far it is, what became of it, what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.domain.campaigns import Campaign, CampaignStatus
from gateway.presenters.campaign_bars import ChannelBar, Headline, Tally, bars, headline
from gateway.presenters.campaign_words import STATUSES, audience_words
from gateway.services.campaigns.following import Progress
from gateway.web.campaigns.counting import count
from gateway.web.keys import PRINCIPAL, RESOURCES, TEMPLATES, WIRING
from gateway.web.merchant.campaigns.desk import Desk, desk_of
from gateway.web.merchant.campaigns.previews import previews_of
from gateway.web.pages.render import page

REFRESH_SECONDS = 5
"""How often the page renews itself where no script does it."""
LIVE = "merchant/_campaign_live.html"
_STEERABLE = {
    "pause": (CampaignStatus.SENDING,),
    "resume": (CampaignStatus.PAUSED,),
    "unschedule": (CampaignStatus.SCHEDULED,),
    "cancel": (
        CampaignStatus.SCHEDULED,
        CampaignStatus.PREPARING,
        CampaignStatus.SENDING,
        CampaignStatus.PAUSED,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The part of the page that changes, all of one moment."""

    campaign: Campaign
    status: str
    headline: Headline
    bars: Sequence[ChannelBar]
    desk: Desk


async def progress_page(request: web.Request, campaign: Campaign) -> web.Response:
    """Show how far a campaign is."""
    progress = await count(request, campaign.id)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        desk = await desk_of(unit)
    return page(
        request,
        "merchant/campaign_progress.html",
        merchant=desk.merchant,
        audience=audience_words(campaign.plan.audience, desk.names),
        previews=previews_of(desk, campaign.plan.contents),
        steerable=_STEERABLE,
        is_settled=is_settled(progress.campaign),
        refresh_seconds=REFRESH_SECONDS,
        live=live_of(request, progress, desk),
    )


def live_fragment(request: web.Request, progress: Progress, desk: Desk) -> str:
    """Draw the part of the page that changes."""
    template = request.app[TEMPLATES].get_template(LIVE)
    return template.render(live=live_of(request, progress, desk))


def live_of(request: web.Request, progress: Progress, desk: Desk) -> Live:
    """Return what the changing part shows."""
    campaign, tallies = progress.campaign, tallies_of(progress)
    return Live(
        campaign=campaign,
        status=STATUSES[campaign.status],
        headline=headline(campaign, tallies, request.app[WIRING].now()),
        bars=bars(campaign.plan.channels, tallies),
        desk=desk,
    )


def tallies_of(progress: Progress) -> Sequence[Tally]:
    """Return a campaign's counts as presenters take them."""
    return [
        Tally(each.channel, each.state, each.reason, each.messages) for each in progress.counts
    ]


def is_settled(campaign: Campaign) -> bool:
    """Whether nothing moves any more: over, and every message that was left is called skipped."""
    return campaign.status.is_over and campaign.ended_at is not None
