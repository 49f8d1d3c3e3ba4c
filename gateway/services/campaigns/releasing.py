"""Releasing: small portions of what is queued go on their way, each judged once more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from gateway.domain.campaign_words import differs_by_card
from gateway.domain.campaigns import Campaign
from gateway.domain.contacting import Go, Judgement, Later, Skip, quiet_until
from gateway.domain.messages import Channel, MessageState
from gateway.domain.throttles import allowance, use
from gateway.services.campaigns.judging import judge_offers
from gateway.services.campaigns.preparing import TO_CLASS, TO_OBJECTS
from gateway.services.campaigns.withdrawing import ANNOUNCED
from gateway.services.messages.reaching import Aimed
from gateway.storage.messages.campaign_messages import Recipient
from gateway.storage.messages.campaigns import Headway
from gateway.storage.messages.messages import Move
from gateway.storage.unit import Unit

RELEASE_ROWS_MAX = 500
OUTSTANDING_MAX = 1_000
"""On their way at once by one channel: what a pause or cancel may come too late for."""
ROOM_PART = 4
"""The next go when a quarter of that is free: a portion costs about as much for one as for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What goes on its way: messages by themselves, cards that announce, programs as a whole.

    `claimed` counts what was looked at, whatever was decided. `is_full` says that more could go
    if less was on its way.
    """

    messages: Sequence[Recipient] = ()
    cards: Sequence[UUID] = ()
    programs: Sequence[UUID] = ()
    claimed: int = 0
    is_full: bool = False


@dataclass(frozen=True, slots=True)
class _Decided:
    """What was decided of claimed messages."""

    go: list[Recipient] = field(default_factory=list)
    later: dict[UUID, datetime] = field(default_factory=dict)
    skip: dict[UUID, str] = field(default_factory=dict)


async def release(unit: Unit, campaign: Campaign, headway: Headway, now: datetime) -> Portion:
    """Release the next portion of a campaign that the caller holds, in its merchant's turn."""
    sending = await unit.campaign_messages.sending(campaign.id, campaign.plan.channels)
    claimed = await _claim(unit, campaign, headway, sending, now)
    decided = await _decide(unit, claimed, now)
    cards = [one.card_id for one in decided.go if one.channel is Channel.APPLE]
    versions = await unit.announcements.put_on(campaign.id, cards)
    await _write(unit, decided, versions, now)
    if cards and differs_by_card(campaign.plan):
        told = [one.id for one in decided.go if one.channel is Channel.APPLE]
        await unit.announcements.remember_balances(told)
    if campaign.plan.per_minute_max and decided.go:
        used = use(campaign.plan.per_minute_max, headway.released_at, now, len(decided.go))
        headway = replace(headway, released_at=used)
        await unit.campaigns.advance(campaign.id, headway)
    portion = Portion(
        messages=[one for one in decided.go if one.channel is not Channel.APPLE],
        cards=cards,
        claimed=len(claimed),
        is_full=any(not _has_room(count) for count in sending.values()),
    )
    if headway.google_mode == TO_CLASS:
        to_all = await _release_to_all(unit, campaign, headway, now)
        return replace(portion, programs=to_all.programs, claimed=portion.claimed + to_all.claimed)
    return portion


async def is_done(unit: Unit, campaign: Campaign) -> bool:
    """Whether nothing is queued or on its way any more."""
    channels = campaign.plan.channels
    if await unit.campaign_messages.sending(campaign.id, channels):
        return False
    queued = [await unit.campaign_messages.has_queued(campaign.id, one) for one in channels]
    return not any(queued)


async def _claim(
    unit: Unit,
    campaign: Campaign,
    headway: Headway,
    sending: Mapping[Channel, int],
    now: datetime,
) -> list[Recipient]:
    """Claim as much as the throttle, and what is on its way already, leave room for."""
    rows, per_minute_max = RELEASE_ROWS_MAX, campaign.plan.per_minute_max
    if per_minute_max:
        rows = min(rows, allowance(per_minute_max, headway.released_at, now))
    channels = [one for one in campaign.plan.channels if not _is_to_all(one, headway)]
    claimed: list[Recipient] = []
    for n, channel in enumerate(channels):
        share = -(-(rows - len(claimed)) // (len(channels) - n))
        on_their_way = sending.get(channel, 0)
        if _has_room(on_their_way):
            room = min(share, OUTSTANDING_MAX - on_their_way)
            claimed += await unit.campaign_messages.claim(campaign.id, channel, now, room)
    return claimed


def _has_room(on_their_way: int) -> bool:
    return OUTSTANDING_MAX - on_their_way >= OUTSTANDING_MAX // ROOM_PART


async def _decide(unit: Unit, claimed: Sequence[Recipient], now: datetime) -> _Decided:
    aimed = [Aimed(one.customer_id, one.card_id, one.channel) for one in claimed]
    decided = _Decided()
    for one, judgement in zip(claimed, await judge_offers(unit, aimed, now), strict=True):
        _sort(decided, one, judgement)
    return decided


def _sort(decided: _Decided, one: Recipient, judgement: Judgement) -> None:
    match judgement:
        case Go():
            decided.go.append(one)
        case Later(at):
            decided.later[one.id] = at
        case Skip(reason):
            decided.skip[one.id] = reason


async def _write(
    unit: Unit, decided: _Decided, versions: Mapping[UUID, int], now: datetime
) -> None:
    await unit.campaign_messages.defer(decided.later)
    moves = [
        Move(message_id=message_id, state=MessageState.SKIPPED, reason=reason)
        for message_id, reason in decided.skip.items()
    ]
    moves += [
        Move(
            message_id=one.id,
            state=MessageState.SENDING,
            card_version=versions.get(one.card_id) if one.channel is Channel.APPLE else None,
            not_before=now,
        )
        for one in decided.go
    ]
    await unit.messages.move(moves, unit.now)


async def _release_to_all(
    unit: Unit, campaign: Campaign, headway: Headway, now: datetime
) -> Portion:
    """Release a chunk of those who get one message together; the last one lets it go.

    Should one of them be left out, each of the others gets a message of their own instead.
    """
    claimed = await unit.campaign_messages.claim(
        campaign.id, Channel.GOOGLE, now, RELEASE_ROWS_MAX
    )
    decided = await _decide(unit, claimed, now)
    if decided.skip:
        await _go_one_by_one(unit, campaign, headway, now)
        return Portion(claimed=len(claimed))
    await _write(unit, decided, {}, now)
    if claimed or await unit.campaign_messages.has_queued(campaign.id, Channel.GOOGLE):
        return Portion(claimed=len(claimed))
    return await _announce_to_all(unit, campaign, headway, now)


async def _announce_to_all(
    unit: Unit, campaign: Campaign, headway: Headway, now: datetime
) -> Portion:
    assert campaign.prepared_at is not None, "it is being sent"
    zones = await unit.class_messages.time_zones(campaign.id)
    quiet = (await unit.manners.read()).policy.quiet
    if any(quiet_until(quiet, zone, now) for zone in zones):
        return Portion()
    if await unit.class_messages.is_unwanted(campaign.id, campaign.prepared_at):
        await _go_one_by_one(unit, campaign, headway, now)
        return Portion(claimed=1)
    programs = await unit.class_messages.programs(campaign.id)
    if programs:
        await unit.campaigns.advance(campaign.id, replace(headway, google_mode=ANNOUNCED))
    return Portion(programs=programs, claimed=len(programs))


async def _go_one_by_one(unit: Unit, campaign: Campaign, headway: Headway, now: datetime) -> None:
    await unit.campaign_messages.requeue_all(campaign.id, Channel.GOOGLE, now)
    await unit.campaigns.advance(campaign.id, replace(headway, google_mode=TO_OBJECTS))


def _is_to_all(channel: Channel, headway: Headway) -> bool:
    return channel is Channel.GOOGLE and headway.google_mode in {TO_CLASS, ANNOUNCED}
