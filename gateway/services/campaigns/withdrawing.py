"""Withdrawing: what was released and nobody has begun to deliver is taken back."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from gateway.domain.campaigns import Campaign
from gateway.domain.messages import Channel, MessageState, SkipReason
from gateway.services.campaigns.preparing import TO_CLASS
from gateway.storage.messages.campaigns import Headway
from gateway.storage.messages.messages import Move
from gateway.storage.queues.withdrawals import Address
from gateway.storage.unit import Unit

APNS = "apns"
ANNOUNCED = "announced"
OBJECT_PREFIX, CLASS_PREFIX = "message:", "announcement:"


async def withdraw(unit: Unit, campaign: Campaign, headway: Headway, state: MessageState) -> None:
    """Take a campaign's messages back to `queued`, or call them `skipped`.

    What a worker has begun to deliver is not among them: it may be there already. A card in a
    wallet that nobody was told of announces nothing any more.
    """
    on_cards = await unit.announcements.under_way(campaign.id)
    # Cards before deliveries, in the order of those who release.
    await unit.announcements.hold(list(on_cards))
    taken = await unit.withdrawals.withdraw(campaign.id, unit.now)
    untold = await _untold(unit, on_cards, taken)
    await unit.announcements.take_off(campaign.id, untold)
    back = [on_cards[card_id] for card_id in untold]
    back += [message_id for address in taken if (message_id := _message_of(address))]
    await unit.messages.move([_move(unit, one, state) for one in sorted(back)], unit.now)
    if any(address.target.startswith(CLASS_PREFIX) for address in taken):
        await unit.campaigns.advance(campaign.id, replace(headway, google_mode=TO_CLASS))


async def announce_again(unit: Unit, campaign: Campaign, headway: Headway) -> None:
    """Let a message to everybody go out that a worker began on and then found held."""
    if headway.google_mode != ANNOUNCED:
        return
    classes = await unit.google.classes(await unit.class_messages.programs(campaign.id))
    addresses = {
        Address(Channel.GOOGLE, known.issuer_id, f"{CLASS_PREFIX}{campaign.id}:{program_id}")
        for program_id, known in classes.items()
    }
    if addresses and not await unit.withdrawals.waiting(addresses):
        await unit.campaigns.advance(campaign.id, replace(headway, google_mode=TO_CLASS))


async def _untold(unit: Unit, on_cards: Mapping[UUID, UUID], taken: set[Address]) -> list[UUID]:
    """Return the cards none of whose devices was told, or will be by what is left."""
    devices: dict[UUID, set[Address]] = {}
    for target in await unit.deliveries.targets(APNS, list(on_cards)):
        address = Address(target.channel, target.topic, target.target)
        devices.setdefault(target.card_id, set()).add(address)
    left = await unit.withdrawals.waiting({each for some in devices.values() for each in some})
    return sorted(card_id for card_id, kept in devices.items() if kept & taken and not kept & left)


def _message_of(address: Address) -> UUID | None:
    """Return the message a delivery is for, or None where it is for a device or everybody."""
    if address.channel == APNS or address.target.startswith(CLASS_PREFIX):
        return None
    return UUID(address.target.removeprefix(OBJECT_PREFIX))


def _move(unit: Unit, message_id: UUID, state: MessageState) -> Move:
    if state is MessageState.QUEUED:
        return Move(message_id=message_id, state=state, not_before=unit.now)
    return Move(message_id=message_id, state=state, reason=SkipReason.CANCELLED)
