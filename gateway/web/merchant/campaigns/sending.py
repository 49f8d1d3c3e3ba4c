"""A campaign is sent, held and ended, each time after somebody saw what it means."""

from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.campaigns import Campaign, CampaignStatus
from gateway.domain.errors import NotFound, Refusal
from gateway.domain.messages import Channel
from gateway.presenters.campaign_reach import reached_by
from gateway.presenters.campaign_words import CHANNELS, audience_words
from gateway.services.campaigns import commanding
from gateway.web.authors import author_of
from gateway.web.campaigns.counting import moved
from gateway.web.campaigns.estimates import estimate_for
from gateway.web.campaigns.trials import try_out
from gateway.web.keys import PRINCIPAL, RESOURCES, WIRING
from gateway.web.merchant.campaigns.desk import desk_of
from gateway.web.merchant.campaigns.editing import LIST, not_tried
from gateway.web.merchant.campaigns.forms import read_moment
from gateway.web.merchant.campaigns.previews import previews_of
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id
from gateway.web.parsing.revisions import revision_of

MOMENT_CHARACTERS_MAX = 16
_STEERS = {
    "pause": commanding.pause,
    "resume": commanding.resume,
    "unschedule": commanding.unschedule,
    "cancel": commanding.cancel,
}


class SendQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When it should begin, on the merchant's clock; empty is now."""

    at: Annotated[str, msgspec.Meta(max_length=MOMENT_CHARACTERS_MAX)] = ""


async def confirm_sending(request: web.Request, asked: SendQuery) -> web.Response:
    """Show once more what goes to whom and when, before it is sent."""
    campaign_id = path_id(request, "campaign_id")
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        campaign = await unit.campaigns.one(campaign_id)
        desk = await desk_of(unit)
    if campaign.status is not CampaignStatus.DRAFT:
        return _back_to(campaign)
    at = read_moment(asked.at, desk.zone)
    is_later = at is not None and at > request.app[WIRING].now()
    counted = await estimate_for(request, campaign.plan)
    return page(
        request,
        "merchant/campaign_send.html",
        merchant=desk.merchant,
        desk=desk,
        campaign=campaign,
        typed_at=asked.at if is_later else "",
        at=desk.local(at) if is_later else "",
        audience=audience_words(campaign.plan.audience, desk.names),
        estimate=counted,
        reached=reached_by(campaign.plan.channels, counted.messages),
        previews=previews_of(desk, campaign.plan.contents),
    )


async def send_campaign(request: web.Request, fields: Fields) -> web.Response:
    """Let a campaign begin, now or at the time that was confirmed."""
    campaign_id = path_id(request, "campaign_id")
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        at = read_moment(fields.get("at", ""), await unit.merchants.time_zone())
        campaign = await commanding.schedule(
            unit, campaign_id, at, author_of(request), revision=revision_of(fields)
        )
    moved(request, campaign_id)
    return _back_to(campaign)


async def steer_campaign(request: web.Request, fields: Fields) -> web.Response:
    """Pause a campaign, let it go on, take it back, or end it."""
    campaign_id, command = path_id(request, "campaign_id"), _STEERS.get(fields.get("do", ""))
    if command is None:
        raise NotFound
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        campaign = await command(unit, campaign_id, author_of(request))
    moved(request, campaign_id)
    return _back_to(campaign)


async def confirm_cancelling(request: web.Request) -> web.Response:
    """Ask once more before a campaign is ended for good."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        campaign = await unit.campaigns.one(path_id(request, "campaign_id"))
        merchant = await unit.merchants.me()
    if campaign.status.is_over:
        return _back_to(campaign)
    return page(request, "merchant/campaign_cancel.html", merchant=merchant, campaign=campaign)


async def try_campaign(request: web.Request, fields: Fields) -> web.Response:
    """Send a draft to somebody of the staff."""
    campaign_id, channel = path_id(request, "campaign_id"), fields.get("channel", "")
    if channel not in tuple(Channel):
        raise NotFound(f"Please choose one of {', '.join(CHANNELS.values())}.")
    try:
        card_id = await _card(request, fields.get("code", "").strip())
        phone = fields.get("phone", "")
        await try_out(request, campaign_id, Channel(channel), phone=phone, card_id=card_id)
    except Refusal as refusal:
        return await not_tried(request, refusal)
    return see_other(f"{LIST}/{campaign_id}?done=tried#try")


async def _card(request: web.Request, code: str) -> UUID | None:
    """Return the card with this code on it; None when no code was typed."""
    if not code:
        return None
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        return (await unit.cards.by_code(code)).id


def _back_to(campaign: Campaign) -> web.Response:
    return see_other(f"{LIST}/{campaign.id}")
