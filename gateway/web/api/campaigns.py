"""Campaigns over the API: written, scheduled, held and ended, each change once."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain import campaigns as domain
from gateway.domain.errors import Invalid
from gateway.domain.messages import Channel
from gateway.services.campaigns import commanding
from gateway.services.campaigns.drafting import change_draft, write_draft
from gateway.services.cards.addresses import ADDRESS_CHARACTERS_MAX
from gateway.services.merchants.designing import Author
from gateway.storage.unit import Unit
from gateway.web.answers import json_answer
from gateway.web.api.campaign_shapes import CampaignPlan, Campaigns, CampaignTime, pointed, shown
from gateway.web.api.pages import cursor_of, position_of
from gateway.web.authors import author_of
from gateway.web.campaigns.counting import moved
from gateway.web.campaigns.trials import try_out
from gateway.web.keys import PRINCIPAL, RESOURCES, REVISION
from gateway.web.parsing.preconditions import etag
from gateway.web.parsing.queries import PageRows, path_id

PAGE_ROWS = 20
_LIST = "campaigns"

Change = Callable[[Unit, UUID, Author], Awaitable[domain.Campaign]]


class CampaignsPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the list."""

    limit: PageRows = PAGE_ROWS
    cursor: str | None = None


class CampaignTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where to send it: an SMS to a `phone`, a wallet's message to a card in that wallet.

    A mail goes to the address that somebody logs in with, so a key cannot ask for one.
    """

    channel: Channel
    phone: Annotated[str, msgspec.Meta(max_length=ADDRESS_CHARACTERS_MAX)] | None = None
    card_id: UUID | None = None


class CampaignTestSent(msgspec.Struct, frozen=True):
    """The message that is on its way."""

    message_id: UUID


async def list_campaigns(request: web.Request, page: CampaignsPage) -> web.Response:
    """List the campaigns."""
    after = position_of(request, _LIST, page.cursor)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        found = await unit.campaigns.page(page.limit, after)
    items = [shown(campaign) for campaign in found]
    if len(found) < page.limit:
        return json_answer(Campaigns(items))
    last = found[-1].created_at, found[-1].id
    return json_answer(Campaigns(items, cursor_of(request, _LIST, last)))


async def show_campaign(request: web.Request) -> web.Response:
    """Show a campaign, with the ETag that a change of it must bring."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        campaign = await unit.campaigns.one(path_id(request, "campaign_id"))
    if request.headers.get("If-None-Match") == etag(campaign.revision):
        return web.Response(status=304, headers={"ETag": etag(campaign.revision)})
    return _answer(campaign)


async def write_campaign(request: web.Request, plan: CampaignPlan) -> web.Response:
    """Keep a new campaign as a draft, which goes to nobody yet."""
    try:
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            campaign = await write_draft(unit, plan.read(), author_of(request))
    except Invalid as invalid:
        raise pointed(invalid) from None
    headers = {"Location": f"/api/v1/campaigns/{campaign.id}"}
    return _answer(campaign, status=201, headers=headers)


async def change_campaign(request: web.Request, plan: CampaignPlan) -> web.Response:
    """Write a draft anew."""

    async def change(unit: Unit, campaign_id: UUID, author: Author) -> domain.Campaign:
        revision = request[REVISION]
        return await change_draft(unit, campaign_id, plan.read(), author, revision=revision)

    return await _change(request, change)


async def schedule_campaign(request: web.Request, time: CampaignTime) -> web.Response:
    """Let a campaign begin at a time, or now."""

    async def change(unit: Unit, campaign_id: UUID, author: Author) -> domain.Campaign:
        revision = request[REVISION]
        return await commanding.schedule(unit, campaign_id, time.at, author, revision=revision)

    return await _change(request, change)


async def unschedule_campaign(request: web.Request) -> web.Response:
    """Make a campaign that has not begun a draft again."""

    async def change(unit: Unit, campaign_id: UUID, author: Author) -> domain.Campaign:
        return await commanding.unschedule(unit, campaign_id, author, revision=request[REVISION])

    return await _change(request, change)


async def pause_campaign(request: web.Request) -> web.Response:
    """Hold a campaign: what nobody has begun to deliver, waits."""
    return await _change(request, commanding.pause)


async def resume_campaign(request: web.Request) -> web.Response:
    """Let a campaign that was held go on."""
    return await _change(request, commanding.resume)


async def cancel_campaign(request: web.Request) -> web.Response:
    """End a campaign: what nobody has begun to deliver, is never sent."""
    return await _change(request, commanding.cancel)


async def send_campaign_test(request: web.Request, asked: CampaignTest) -> web.Response:
    """Send a campaign to yourself, as a customer would get it."""
    message_id = await try_out(
        request,
        path_id(request, "campaign_id"),
        asked.channel,
        phone=asked.phone or "",
        card_id=asked.card_id,
    )
    return json_answer(CampaignTestSent(message_id), status=202)


async def _change(request: web.Request, change: Change) -> web.Response:
    campaign_id = path_id(request, "campaign_id")
    try:
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            campaign = await change(unit, campaign_id, author_of(request))
    except Invalid as invalid:
        raise pointed(invalid) from None
    moved(request, campaign_id)
    return _answer(campaign)


def _answer(
    campaign: domain.Campaign, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    tag = {"ETag": etag(campaign.revision)}
    return json_answer(shown(campaign), status=status, headers=tag | (headers or {}))
