"""The merchant's campaigns, and the recipients of one."""

from dataclasses import dataclass
from typing import Annotated

import msgspec
from aiohttp import web

from gateway.domain.campaigns import Campaign, CampaignStatus
from gateway.domain.messages import Channel, MessageState
from gateway.presenters.campaign_bars import ChannelBar, Headline, bars, headline
from gateway.presenters.campaign_words import CHANNELS, STATES, STATUSES, reason_words
from gateway.web.api.pages import cursor_of
from gateway.web.api.pages import position_of as campaign_position
from gateway.web.campaigns.counting import count
from gateway.web.campaigns.recipients import address_of, position_of, seal
from gateway.web.keys import PRINCIPAL, RESOURCES, WIRING
from gateway.web.merchant.campaigns.desk import desk_of
from gateway.web.merchant.campaigns.progress import tallies_of
from gateway.web.pages.render import page
from gateway.web.parsing.queries import path_id

CAMPAIGNS_PAGE_ROWS = 10
RECIPIENTS_PAGE_ROWS = 50
CURSOR_CHARACTERS_MAX = 200
FILTER_CHARACTERS_MAX = 20
_LIST = "merchant-campaigns"
_UNCOUNTED = frozenset({CampaignStatus.DRAFT, CampaignStatus.SCHEDULED})

Filter = Annotated[str, msgspec.Meta(max_length=FILTER_CHARACTERS_MAX)]
Cursor = Annotated[str, msgspec.Meta(max_length=CURSOR_CHARACTERS_MAX)]


class CampaignsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the list."""

    after: Cursor = ""


class RecipientsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which recipients; an empty filter is all of them."""

    after: Cursor = ""
    channel: Filter = ""
    state: Filter = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A campaign as the list shows it; without numbers before it begins."""

    campaign: Campaign
    status: str
    headline: Headline | None
    bars: list[ChannelBar]


async def campaigns_page(request: web.Request, asked: CampaignsQuery) -> web.Response:
    """List the campaigns, newest first."""
    after = campaign_position(request, _LIST, asked.after or None)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        desk = await desk_of(unit)
        found = await unit.campaigns.page(CAMPAIGNS_PAGE_ROWS, after)
    is_full = len(found) == CAMPAIGNS_PAGE_ROWS
    last = (found[-1].created_at, found[-1].id) if is_full else None
    return page(
        request,
        "merchant/campaigns.html",
        merchant=desk.merchant,
        desk=desk,
        rows=[await _row(request, campaign) for campaign in found],
        channels=CHANNELS,
        next_page=cursor_of(request, _LIST, last) if last else None,
        is_first_page=after is None,
    )


async def recipients_page(request: web.Request, asked: RecipientsQuery) -> web.Response:
    """List whom a campaign went to, and what became of each message."""
    campaign_id = path_id(request, "campaign_id")
    channel = Channel(asked.channel) if asked.channel in tuple(Channel) else None
    state = MessageState(asked.state) if asked.state in tuple(MessageState) else None
    name = f"page|{campaign_id}|{channel}|{state}"
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        campaign = await unit.campaigns.one(campaign_id)
        desk = await desk_of(unit)
        found = await unit.campaign_messages.page(
            campaign_id,
            RECIPIENTS_PAGE_ROWS,
            position_of(request, name, asked.after),
            channel=channel,
            state=state,
        )
        customers = await unit.customers.many([each.customer_id for each in found])
    is_full = len(found) == RECIPIENTS_PAGE_ROWS
    return page(
        request,
        "merchant/campaign_recipients.html",
        merchant=desk.merchant,
        desk=desk,
        campaign=campaign,
        lines=[(each, address_of(each, customers)) for each in found],
        channels=CHANNELS,
        states=STATES,
        reason_words=reason_words,
        channel=channel,
        state=state,
        next_page=seal(request, name, found[-1]) if is_full else None,
    )


async def _row(request: web.Request, campaign: Campaign) -> Row:
    status = STATUSES[campaign.status]
    if campaign.status in _UNCOUNTED:
        return Row(campaign=campaign, status=status, headline=None, bars=[])
    tallies = tallies_of(await count(request, campaign.id))
    return Row(
        campaign=campaign,
        status=status,
        headline=headline(campaign, tallies, request.app[WIRING].now()),
        bars=bars(campaign.plan.channels, tallies),
    )
