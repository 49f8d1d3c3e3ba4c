"""Trials: a campaign goes to somebody of the staff, by the channel they name."""

from uuid import UUID

from aiohttp import web

from gateway.domain.attempts import TEST_MAIL_PER_PERSON, AttemptLimit
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import NotFound
from gateway.domain.messages import Channel
from gateway.services.campaigns.trying import (
    WALLET_PER_CARD,
    WALLET_PER_MERCHANT,
    WALLET_PER_PERSON,
    try_by_mail,
    try_by_sms,
    try_on_card,
)
from gateway.services.cards.addresses import ContactInvalid, parse_contact
from gateway.services.merchants.designing import Author
from gateway.services.people.guarding import count_attempt
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES


async def try_out(
    request: web.Request,
    campaign_id: UUID,
    channel: Channel,
    *,
    phone: str = "",
    card_id: UUID | None = None,
) -> UUID:
    """Send a campaign by one channel, to a phone number or on a card; return the message's id.

    A mail goes to the address the caller logs in with. Raises `NotFound`, `NotOnThisChannel`,
    `NoOwnAddress`, `ContactInvalid`, `NumberNotServed`, `NumberStopped`, `TooManyAttempts`.
    """
    resources, merchant_id = request.app[RESOURCES], request[PRINCIPAL].merchant_id
    author = author_of(request)
    if channel is Channel.SMS:
        number = await _number(request, phone)
        return await try_by_sms(resources.units, merchant_id, campaign_id, number, author)
    await count_attempt(resources.units, merchant_id, _limits(author, card_id))
    async with resources.units(merchant_id) as unit:
        if channel is Channel.MAIL:
            return await try_by_mail(unit, campaign_id, author)
        if card_id is None:
            raise NotFound("Please name a card that is in this wallet.")
        return await try_on_card(unit, campaign_id, card_id, channel, author)


def _limits(author: Author, card_id: UUID | None) -> list[tuple[AttemptLimit, str]]:
    """Return how often the author may try: somebody else's phone may be the one that rings."""
    name = author.principal.name
    if card_id is None:
        return [(TEST_MAIL_PER_PERSON, name)]
    return [
        (WALLET_PER_PERSON, name),
        (WALLET_PER_CARD, str(card_id)),
        (WALLET_PER_MERCHANT, str(author.principal.merchant_id)),
    ]


async def _number(request: web.Request, typed: str) -> Contact:
    resources = request.app[RESOURCES]
    async with resources.units(request[PRINCIPAL].merchant_id) as unit:
        country = (await unit.merchants.me()).country
    number = parse_contact(typed, country, resources.settings.sms_countries)
    if number.kind is not ContactKind.PHONE:
        raise ContactInvalid("Please give a mobile number.")
    return number
