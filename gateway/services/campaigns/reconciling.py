"""Reconciling: a message whose delivery ended without a word is not on its way for ever."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.campaigns import Campaign
from gateway.domain.messages import Channel, MessageState
from gateway.domain.wording import MessageEvent
from gateway.services.campaigns.preparing import TO_CLASS
from gateway.services.campaigns.withdrawing import ANNOUNCED, APNS, CLASS_PREFIX, OBJECT_PREFIX
from gateway.storage.messages.campaign_messages import Recipient
from gateway.storage.messages.campaigns import Headway
from gateway.storage.messages.messages import Move
from gateway.storage.queues.withdrawals import Address
from gateway.storage.unit import Unit

OVERDUE_AFTER = timedelta(minutes=1)
ROWS_MAX = 1_000
DELIVERED = "Delivered"
NO_DELIVERY = "NoDelivery"


async def reconcile(unit: Unit, campaign: Campaign, headway: Headway, now: datetime) -> int:
    """Move messages that are on their way without a delivery; return how many.

    Settling comes before a delivery's end, so this is only for what no courier could settle: a
    delivery that used up its attempts, a phone that is gone, a push that another one spoke for.
    """
    moves: list[Move] = []
    for channel in campaign.plan.channels:
        if channel is Channel.GOOGLE and headway.google_mode == TO_CLASS:
            continue
        overdue = await unit.campaign_messages.overdue(
            campaign.id, channel, now - OVERDUE_AFTER, ROWS_MAX
        )
        if overdue:
            moves += await _moves(unit, campaign, headway, overdue)
    return len(await unit.messages.move(moves, unit.now))


async def _moves(
    unit: Unit, campaign: Campaign, headway: Headway, overdue: Sequence[Recipient]
) -> list[Move]:
    addresses = await _addresses(unit, campaign, headway, overdue)
    asked = {address for some in addresses.values() for address in some}
    waiting = await unit.withdrawals.waiting(asked)
    orphans = [one for one in overdue if waiting.isdisjoint(addresses.get(one.id, ()))]
    if not orphans:
        return []
    since = campaign.prepared_at or campaign.created_at
    reasons = await unit.withdrawals.reasons(asked - waiting, since)
    return [_move(one, addresses.get(one.id, ()), reasons) for one in orphans]


def _move(
    one: Recipient, addresses: Iterable[Address], reasons: Mapping[Address, str | None]
) -> Move:
    found = [reasons[address] for address in addresses if address in reasons]
    if DELIVERED in found:
        return Move(message_id=one.id, state=MessageState.SENT)
    reason = next(iter(found), None) or NO_DELIVERY
    return Move(message_id=one.id, state=MessageState.FAILED, reason=reason)


async def _addresses(
    unit: Unit, campaign: Campaign, headway: Headway, overdue: Sequence[Recipient]
) -> dict[UUID, list[Address]]:
    """Return by message what its deliveries are for."""
    channel, cards = overdue[0].channel, [one.card_id for one in overdue]
    match channel:
        case Channel.MAIL | Channel.SMS:
            topic = str(MessageEvent.CAMPAIGN)
            return {one.id: [Address(channel, topic, str(one.id))] for one in overdue}
        case Channel.APPLE:
            devices: dict[UUID, list[Address]] = {}
            for target in await unit.deliveries.targets(APNS, cards):
                address = Address(target.channel, target.topic, target.target)
                devices.setdefault(target.card_id, []).append(address)
            return {one.id: devices.get(one.card_id, []) for one in overdue}
        case Channel.GOOGLE:
            objects = await unit.google.objects(cards)
            return {
                one.id: [
                    Address(channel, objects[one.card_id].issuer_id, target)
                    for target in await _google_targets(unit, campaign, headway, one)
                ]
                for one in overdue
                if one.card_id in objects
            }


async def _google_targets(
    unit: Unit, campaign: Campaign, headway: Headway, one: Recipient
) -> list[str]:
    if headway.google_mode != ANNOUNCED:
        return [f"{OBJECT_PREFIX}{one.id}"]
    program_id = (await unit.cards.one(one.card_id)).program_id
    return [f"{CLASS_PREFIX}{campaign.id}:{program_id}"]
