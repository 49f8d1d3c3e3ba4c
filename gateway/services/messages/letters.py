"""What a message says, read when it leaves: the newest state of the card, in the right words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from gateway.domain.business_day import last_day
from gateway.domain.campaign_words import words_for
from gateway.domain.campaigns import Campaign
from gateway.domain.contacts import KINDS
from gateway.domain.keywords import Keyword
from gateway.domain.programs import Look, ProgramVersion
from gateway.domain.ready import ready_rewards
from gateway.domain.wording import Language, MessageEvent, Wording, choose_language
from gateway.presenters.card_face import held_tier
from gateway.presenters.message_previews import example_facts
from gateway.presenters.message_values import MessageFacts, amount_of, card_facts
from gateway.presenters.sms_texts import answer_wording
from gateway.presenters.wordings.defaults import default_wording
from gateway.services.messages.links import MessageLinks, PreferenceHolder, Unsubscription
from gateway.storage.cards.cards import Card
from gateway.storage.cards.customers import Customer
from gateway.storage.messages.manners import MessageSettings
from gateway.storage.messages.messages import Message
from gateway.storage.messages.wordings import OwnWording
from gateway.storage.people.merchants import Merchant
from gateway.storage.unit import Unit

LANGUAGE = "language"
"""The fact by which a test send says in which language it is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message with everything its channel needs to write it; nothing is rendered yet."""

    message: Message
    merchant: Merchant
    settings: MessageSettings
    address: str = field(repr=False)
    language: Language
    wording: Wording
    facts: MessageFacts
    look: Look
    preferences_link: str = field(repr=False)
    unsubscribe_link: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What ends soon on a card, as the fact about it says."""

    unit: str
    amount: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Falling:
    """The tier a card is to lose, by its key, and on which day."""

    before: str | None
    moves_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Until when the card of a program that ended can be used."""

    redeemable_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Everything that a merchant's letters are written from, read once for all of them."""

    merchant: Merchant
    settings: MessageSettings
    own: Sequence[OwnWording]
    customers: Mapping[UUID, Customer]
    cards: Mapping[UUID, Card]
    versions: Mapping[UUID, ProgramVersion]
    campaigns: Mapping[UUID, Campaign]
    look: Look


async def letters(
    unit: Unit, messages: Sequence[Message], links: MessageLinks
) -> dict[UUID, Letter]:
    """Return the letter of each message that has somebody to go to, by message."""
    if not messages:
        return {}
    desk = await _read(unit, messages)
    written = (_letter(desk, message, links) for message in messages)
    return {letter.message.id: letter for letter in written if letter}


async def _read(unit: Unit, messages: Sequence[Message]) -> _Desk:
    cards = await unit.cards.many({each.card_id for each in messages if each.card_id})
    programs = await unit.programs.all() if any(not each.card_id for each in messages) else []
    return _Desk(
        merchant=await unit.merchants.me(),
        settings=await unit.manners.read(),
        own=await unit.wordings.all(),
        customers=await unit.customers.many(
            [each.customer_id for each in messages if each.customer_id]
        ),
        cards=cards,
        versions={
            version_id: await unit.programs.version(version_id)
            for version_id in {card.program_version_id for card in cards.values()}
        },
        campaigns={
            campaign_id: await unit.campaigns.one(campaign_id)
            for campaign_id in {each.campaign_id for each in messages}
            if campaign_id is not None
        },
        look=programs[0].version.look if programs else Look(),
    )


def _letter(desk: _Desk, message: Message, links: MessageLinks) -> Letter | None:
    address = _address(desk, message)
    if address is None:
        return None
    merchant_id = desk.merchant.id
    # Links in a test send lead to nobody's choices.
    customer_id = message.customer_id or message.id
    language, wording = _words(desk, message)
    look, facts = _card_facts(desk, message, language, links)
    holder = PreferenceHolder(merchant_id=merchant_id, customer_id=customer_id)
    ending = Unsubscription(
        merchant_id=merchant_id,
        customer_id=customer_id,
        medium=message.channel.medium,
        purpose=message.purpose,
    )
    return Letter(
        message=message,
        merchant=desk.merchant,
        settings=desk.settings,
        address=address,
        language=language,
        wording=wording,
        facts=facts,
        look=look,
        preferences_link=links.preferences(holder),
        unsubscribe_link=links.unsubscribe(ending),
    )


def _address(desk: _Desk, message: Message) -> str | None:
    if message.address is not None or message.customer_id is None:
        return message.address
    customer = desk.customers.get(message.customer_id)
    return customer.address(KINDS[message.channel.medium]) if customer else None


def _words(desk: _Desk, message: Message) -> tuple[Language, Wording]:
    """Return the campaign's words, or the merchant's own, or ours, in the customer's language."""
    wanted = [*_languages(desk, message), desk.merchant.language]
    if message.campaign_id is not None:
        return words_for(desk.campaigns[message.campaign_id].plan, message.channel, wanted)
    own = {
        each.language: each.wording
        for each in desk.own
        if each.event is message.event and each.medium is message.channel.medium
    }
    language = choose_language(wanted)
    if isinstance(message.event, Keyword):
        return language, answer_wording(message.event, language)
    merchants = choose_language([desk.merchant.language])
    for written in (language, merchants):
        if written in own:
            return written, own[written]
    return language, default_wording(message.event, message.channel.medium, language)


def _languages(desk: _Desk, message: Message) -> list[str]:
    if message.customer_id is not None and message.customer_id in desk.customers:
        return [desk.customers[message.customer_id].language]
    return [str(message.facts[LANGUAGE])] if LANGUAGE in message.facts else []


def _card_facts(
    desk: _Desk, message: Message, language: Language, links: MessageLinks
) -> tuple[Look, MessageFacts]:
    """Return the card as it stands now; for a test send, an example."""
    if message.card_id is None:
        return desk.look, _example_facts(desk, message, language, links)
    card = desk.cards[message.card_id]
    version = desk.versions[card.program_version_id]
    facts = card_facts(
        desk.merchant.name,
        version,
        card.balances,
        card.memory,
        card_link=links.card(desk.merchant.slug, card.id),
    )
    return version.look, replace(facts, **_about(desk, message, card, version))


def _about(desk: _Desk, message: Message, card: Card, version: ProgramVersion) -> dict[str, Any]:
    """Return what there is to say about one event alone."""
    match message.event:
        case MessageEvent.REWARD_EARNED:
            ready = ready_rewards(version.plan, card.balances)
            return {"reward": ready[0].reward.description} if ready else {}
        case MessageEvent.TIER_CHANGE:
            held = held_tier(version.plan, card.tier)
            return {"tier": held.name if held else ""}
        case MessageEvent.EXPIRING:
            ending = msgspec.convert(message.facts, Ending)
            amount = amount_of(version.plan, ending.unit, ending.amount)
            return {"expires_on": _last_day(desk, card, ending.expires_at), "expiring": amount}
        case MessageEvent.TIER_NOTICE:
            falling = msgspec.convert(message.facts, Falling)
            held = held_tier(version.plan, falling.before)
            return {"tier": held.name if held else "", "moves_on": falling.moves_on}
        case MessageEvent.PROGRAM_ENDED:
            closing = msgspec.convert(message.facts, Closing)
            return {"until": _last_day(desk, card, closing.redeemable_until)}
    return {}


def _last_day(desk: _Desk, card: Card, end: datetime) -> date:
    return last_day(end, ZoneInfo(desk.customers[card.customer_id].time_zone))


def _example_facts(
    desk: _Desk, message: Message, language: Language, links: MessageLinks
) -> MessageFacts:
    """Return an example card for a test send; the answer to a keyword leads to the choices."""
    name = desk.merchant.name
    if not isinstance(message.event, Keyword):
        return replace(example_facts(message.event, language), merchant=name)
    assert message.customer_id is not None, "somebody sent it"
    holder = PreferenceHolder(merchant_id=desk.merchant.id, customer_id=message.customer_id)
    example = example_facts(MessageEvent.WELCOME, language)
    return replace(example, merchant=name, card_link=links.preferences(holder))


def is_offer(letter: Letter) -> bool:
    """Return whether the letter is an offer, which says how to get no more of them."""
    return letter.message.event is MessageEvent.CAMPAIGN
