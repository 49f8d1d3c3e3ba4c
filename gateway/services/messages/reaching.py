"""What is known of recipients before a message goes out: read in bulk, judged one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from gateway.domain.consents import Purpose
from gateway.domain.contacting import Reach
from gateway.domain.keywords import Keyword
from gateway.domain.messages import Channel
from gateway.domain.wording import MessageEvent
from gateway.storage.messages.recipients import HeldCard
from gateway.storage.unit import Unit

UNKNOWN_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Aimed:
    """A customer, one of their cards, and the channel to write by."""

    customer_id: UUID
    card_id: UUID
    channel: Channel


async def reach_of(unit: Unit, aimed: Sequence[Aimed]) -> list[Reach]:
    """Return what `contacting.judge` must know of each, in order; one query per kind of fact.

    Somebody who was erased has no address and no consent, and so cannot be reached.
    """
    if not aimed:
        return []
    people = sorted({each.customer_id for each in aimed})
    zones = await unit.recipients.time_zones(people)
    addresses = await unit.recipients.addresses(people)
    consents = await unit.consents.of_many(people)
    offers = await unit.messages.offers(people, unit.now)
    cards = await unit.recipients.cards([each.card_id for each in aimed])
    reached = []
    for each in aimed:
        card = cards.get(each.card_id)
        address = each.customer_id, each.channel.medium
        reached.append(
            Reach(
                consents=consents[each.customer_id],
                is_reachable=_leads_there(each.channel, card, has_address=address in addresses),
                is_suppressed=addresses.get(address, False),
                is_card_usable=card is not None and card.is_active,
                time_zone=zones.get(each.customer_id, UNKNOWN_ZONE),
                offers_today=offers[each.customer_id].today,
                offers_this_week=offers[each.customer_id].this_week,
            )
        )
    return reached


def _leads_there(channel: Channel, card: HeldCard | None, *, has_address: bool) -> bool:
    match channel:
        case Channel.APPLE:
            return card is not None and card.is_in_apple
        case Channel.GOOGLE:
            return card is not None and card.is_in_google
    return has_address


def as_asked_for(event: MessageEvent | Keyword, channel: Channel, reach: Reach) -> Reach:
    """Return the reach as it is for a welcome, which needs no tick.

    It carries the link to the card that the customer asked for a moment ago, at the address they
    gave for it: the answer to a request, not a message somebody must have agreed to. A no still
    is a no, and whoever typed a stranger's address gets the stranger one message, never two.
    """
    if event is not MessageEvent.WELCOME:
        return reach
    asked = {(str(channel.medium), str(event.purpose)): True}
    return replace(reach, consents=asked | dict(reach.consents))


def has_answered(reach: Reach, channel: Channel, purpose: Purpose) -> bool:
    """Return whether the customer ever said yes or no to this, and has an address for it."""
    return reach.is_reachable and (channel.medium, purpose) in reach.consents
