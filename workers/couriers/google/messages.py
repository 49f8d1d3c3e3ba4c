"""Reads what a campaign still has to say at Google: to one card, or to all cards of a program."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from gateway.domain.campaign_words import words_for
from gateway.domain.campaigns import Campaign, CampaignStatus
from gateway.domain.messages import Channel
from gateway.domain.programs import ProgramVersion
from gateway.domain.wording import Language
from gateway.presenters.message_values import card_facts
from gateway.presenters.wallet_texts import wallet_text
from gateway.services.messages.sending import admit
from gateway.storage.messages.messages import Message
from gateway.storage.people.merchants import Merchant
from gateway.storage.queues.delivery_queue import Delivery, Verdict
from gateway.storage.unit import Unit
from passes.google import texts
from passes.google.bodies import message_body
from workers.channels.google.calls import Resource
from workers.couriers.google.parcels import AddMessage, Body, Parcel
from workers.couriers.google.stopping import ENDED, give_up, is_repeat, status_of, wait

MESSAGES_A_DAY_MAX = 3
"""Messages that light up a phone, per card or class in 24 hours.

https://developers.google.com/wallet/retail/loyalty-cards/use-cases/add-a-message
"""
MESSAGE = "message"


async def look_up_message(
    unit: Unit, delivery: Delivery, message_id: UUID, new_id: Callable[[], UUID]
) -> Parcel | Verdict:
    """Compose a campaign's words to one card, unless its owner or the merchant said no since.

    An attempt that was cut off is no reason to give up, as it is with mail: Google can be asked
    what it has, unless the campaign is over. Raises `InvalidPass`.
    """
    status = await status_of(unit, message_id) if is_repeat(delivery) else None
    if status is CampaignStatus.PAUSED:
        return wait(unit, delivery)
    is_unsure = delivery.interrupted and status in ENDED
    due = replace(delivery, target=str(message_id), interrupted=is_unsure)
    message = (await admit(unit, [due], Channel.GOOGLE, new_id))[delivery.id]
    if isinstance(message, Verdict):
        return message
    assert message.campaign_id is not None, "only campaigns write to one card at Google"
    assert message.card_id is not None, "a campaign writes to cards"
    campaign, merchant = await unit.campaigns.one(message.campaign_id), await unit.merchants.me()
    known = (await unit.google.objects([message.card_id]))[message.card_id]
    words = await _words_to_card(unit, merchant, message, campaign)
    return AddMessage(
        issuer_id=known.issuer_id,
        lane=delivery.lane,
        resource=Resource.OBJECT,
        resource_id=known.object_id,
        message=_body(campaign, merchant, words),
        may_notify=await _may_notify(unit, known.object_id),
        is_repeat=is_repeat(delivery),
        campaign_id=campaign.id,
        message_id=message_id,
    )


async def look_up_announcement(
    unit: Unit, delivery: Delivery, campaign_id: UUID, program_id: UUID
) -> Parcel | Verdict:
    """Compose a campaign's words to all cards of a program; raises `InvalidPass`."""
    campaign, merchant = await unit.campaigns.one(campaign_id), await unit.merchants.me()
    known = (await unit.google.classes([program_id])).get(program_id)
    if campaign.status is not CampaignStatus.SENDING or known is None:
        return await give_up(unit, delivery, campaign, program_id)
    version = (await unit.programs.one(program_id)).version
    return AddMessage(
        issuer_id=known.issuer_id,
        lane=delivery.lane,
        resource=Resource.CLASS,
        resource_id=known.class_id,
        message=_body(campaign, merchant, _words_to_all(merchant, version, campaign)),
        may_notify=await _may_notify(unit, known.class_id),
        is_repeat=is_repeat(delivery),
        campaign_id=campaign.id,
        program_id=program_id,
    )


async def _words_to_card(
    unit: Unit, merchant: Merchant, message: Message, campaign: Campaign
) -> texts.LocalizedString:
    assert message.card_id is not None
    card = await unit.cards.one(message.card_id)
    version = await unit.programs.version(card.program_version_id)
    customer = await unit.customers.one(card.customer_id)
    wanted = [customer.language, merchant.language]
    language, wording = words_for(campaign.plan, Channel.GOOGLE, wanted)
    facts = card_facts(merchant.name, version, card.balances, card.memory)
    return texts.LocalizedString(wallet_text(wording, facts, language), language)


def _words_to_all(
    merchant: Merchant, version: ProgramVersion, campaign: Campaign
) -> texts.LocalizedString:
    """Say it in every language it was written in; such words say nothing of a single card."""
    facts = card_facts(merchant.name, version, {}, {})
    said: dict[Language, str] = {}
    for wanted in (merchant.language, *campaign.plan.contents):
        language, wording = words_for(campaign.plan, Channel.GOOGLE, [wanted, merchant.language])
        said.setdefault(language, wallet_text(wording, facts, language))
    first, *others = said
    return texts.LocalizedString(
        said[first], first, {language: said[language] for language in others}
    )


def _body(campaign: Campaign, merchant: Merchant, words: texts.LocalizedString) -> Body:
    """Write the message; its id is the campaign's, by which it is found again at Google."""
    request = texts.AddMessageRequest(
        texts.Message(
            id=f"c{campaign.id.hex}",
            header=texts.LocalizedString(merchant.name, merchant.language),
            body=words,
            type=texts.MessageType.TEXT_AND_NOTIFY,
        )
    )
    message: Body = message_body(request)["message"]
    return message


async def _may_notify(unit: Unit, resource_id: str) -> bool:
    used = await unit.google.notices([resource_id], MESSAGE, unit.now)
    return used.get(resource_id, 0) < MESSAGES_A_DAY_MAX
