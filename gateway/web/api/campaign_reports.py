"""What became of a campaign, over the API: the estimate, the counts, and each recipient."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.campaigns import CampaignStatus
from gateway.domain.messages import Channel, MessageState
from gateway.services.campaigns.preparing import Estimate
from gateway.storage.cards.customers import Customer
from gateway.storage.messages.campaign_messages import Count, Recipient
from gateway.web.answers import json_answer
from gateway.web.campaigns.counting import count
from gateway.web.campaigns.estimates import estimate_for
from gateway.web.campaigns.recipients import address_of, position_of, seal
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import PageRows, path_id

PAGE_ROWS = 50
CURSOR_CHARACTERS_MAX = 200


class LeftOut(msgspec.Struct, frozen=True):
    """How many holders a channel does not reach, and why."""

    reason: str
    holders: int


class ChannelEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """How many holders a channel would reach now, and why not the others."""

    channel: Channel
    reached: int
    left_out: list[LeftOut]


class CampaignEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """What a campaign would reach if it began now; that it is night excludes nobody."""

    holders: int
    channels: list[ChannelEstimate]


class StateCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many messages stand alike."""

    state: MessageState
    reason: str | None
    messages: int


class ChannelProgress(msgspec.Struct, frozen=True, kw_only=True):
    """A channel's messages, one per recipient; the counts add up to `messages`."""

    channel: Channel
    messages: int
    counts: list[StateCount]


class CampaignProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a campaign is, all of one moment; the channels add up to `messages`."""

    status: CampaignStatus
    messages: int
    channels: list[ChannelProgress]


class RecipientsPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which recipients."""

    channel: Channel | None = None
    state: MessageState | None = None
    limit: PageRows = PAGE_ROWS
    cursor: Annotated[str, msgspec.Meta(max_length=CURSOR_CHARACTERS_MAX)] | None = None


class CampaignRecipient(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one holder; `contact` is masked, and null for a wallet or once erased."""

    id: UUID
    card_id: UUID
    contact: str | None
    channel: Channel
    state: MessageState
    reason: str | None
    sent_at: datetime | None
    ended_at: datetime | None


class CampaignRecipients(msgspec.Struct, frozen=True):
    """A page of recipients; `next_cursor` is null on the last one."""

    items: list[CampaignRecipient]
    next_cursor: str | None = None


async def estimate_campaign(request: web.Request) -> web.Response:
    """Count whom a campaign would reach now, by channel, and why not the others."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        campaign = await unit.campaigns.one(path_id(request, "campaign_id"))
    counted = await estimate_for(request, campaign.plan)
    return json_answer(_estimate(counted, campaign.plan.channels))


async def show_campaign_progress(request: web.Request) -> web.Response:
    """Count a campaign's messages by channel, state and reason."""
    progress = await count(request, path_id(request, "campaign_id"))
    channels = [
        _channel(channel, [count for count in progress.counts if count.channel is channel])
        for channel in progress.campaign.plan.channels
    ]
    status = progress.campaign.status
    return json_answer(
        CampaignProgress(status=status, messages=progress.messages, channels=channels)
    )


async def list_campaign_recipients(request: web.Request, page: RecipientsPage) -> web.Response:
    """List a campaign's recipients, with what became of each."""
    campaign_id = path_id(request, "campaign_id")
    name = f"api|{campaign_id}|{page.channel}|{page.state}"
    after = position_of(request, name, page.cursor)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        await unit.campaigns.one(campaign_id)
        found = await unit.campaign_messages.page(
            campaign_id, page.limit, after, channel=page.channel, state=page.state
        )
        customers = await unit.customers.many([each.customer_id for each in found])
    items = [_recipient(each, customers) for each in found]
    cursor = seal(request, name, found[-1]) if len(found) == page.limit else None
    return json_answer(CampaignRecipients(items, cursor))


def _estimate(counted: Estimate, channels: Sequence[Channel]) -> CampaignEstimate:
    return CampaignEstimate(
        holders=counted.holders,
        channels=[
            ChannelEstimate(
                channel=channel,
                reached=counted.messages[channel, None],
                left_out=[
                    LeftOut(reason, holders)
                    for (of, reason), holders in sorted(counted.messages.items(), key=str)
                    if of is channel and reason is not None
                ],
            )
            for channel in channels
        ],
    )


def _channel(channel: Channel, counts: Sequence[Count]) -> ChannelProgress:
    return ChannelProgress(
        channel=channel,
        messages=sum(count.messages for count in counts),
        counts=[
            StateCount(state=count.state, reason=count.reason, messages=count.messages)
            for count in counts
        ],
    )


def _recipient(one: Recipient, customers: Mapping[UUID, Customer]) -> CampaignRecipient:
    return CampaignRecipient(
        id=one.id,
        card_id=one.card_id,
        contact=address_of(one, customers),
        channel=one.channel,
        state=one.state,
        reason=one.reason,
        sent_at=one.sent_at,
        ended_at=one.ended_at,
    )
