"""Trying: members of staff see a campaign as a customer will, before anybody else does."""

from datetime import timedelta
from uuid import UUID

from gateway.domain.attempts import AttemptLimit
from gateway.domain.campaigns import Campaign
from gateway.domain.consents import Medium
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import NotFound, Refusal
from gateway.domain.events.wishes import TrialWanted
from gateway.domain.messages import Channel
from gateway.domain.wording import MessageEvent
from gateway.services.campaigns.drafting import record
from gateway.services.merchants.designing import Author
from gateway.services.people.guarding import count_attempt
from gateway.storage.messages.messages import Message
from gateway.storage.unit import Unit, Units

SMS_PER_PERSON = AttemptLimit(
    kind="trial_sms_person", tries=10, window=timedelta(hours=1), lock=timedelta(hours=1)
)
SMS_PER_NUMBER = AttemptLimit(
    kind="trial_sms_number", tries=5, window=timedelta(days=1), lock=timedelta(days=1)
)
SMS_PER_MERCHANT = AttemptLimit(
    kind="trial_sms_merchant", tries=50, window=timedelta(days=1), lock=timedelta(days=1)
)
# A card announces to whoever holds it, who need not be one of the staff.
WALLET_PER_PERSON = AttemptLimit(
    kind="trial_wallet_person", tries=10, window=timedelta(hours=1), lock=timedelta(hours=1)
)
WALLET_PER_CARD = AttemptLimit(
    kind="trial_wallet_card", tries=5, window=timedelta(days=1), lock=timedelta(days=1)
)
WALLET_PER_MERCHANT = AttemptLimit(
    kind="trial_wallet_merchant", tries=50, window=timedelta(days=1), lock=timedelta(days=1)
)
_WALLETS = frozenset({Channel.APPLE, Channel.GOOGLE})


class NoOwnAddress(Refusal):
    """You log in without a mail address, so there is nowhere to send it."""

    code = "no_own_address"


class NumberStopped(Refusal):
    """Nothing is sent to this number: it was stopped by an answer, or does not exist."""

    code = "number_stopped"


class NotOnThisChannel(Refusal):
    """The campaign says nothing by this channel."""

    code = "not_on_this_channel"


async def try_by_mail(unit: Unit, campaign_id: UUID, author: Author) -> UUID:
    """Send a campaign to the mail address its author logs in with; return the message's id.

    Raises `NotFound`, `NotOnThisChannel`, `NoOwnAddress`.
    """
    campaign = await _campaign(unit, campaign_id, Channel.MAIL)
    staff_id = author.principal.staff_id
    email = (await unit.staff.one(staff_id)).email if staff_id else None
    if email is None:
        raise NoOwnAddress
    message = _message(campaign, Channel.MAIL, author, address=email)
    return await _keep(unit, campaign, message, author)


async def try_by_sms(
    units: Units, merchant_id: UUID, campaign_id: UUID, number: Contact, author: Author
) -> UUID:
    """Send a campaign to a phone number (E.164); return the message's id.

    Each costs money: what a person, a number and a merchant may ask for is limited. A STOP holds
    for trials as well. Raises `NotFound`, `NotOnThisChannel`, `NumberStopped`, `TooManyAttempts`.
    """
    assert number.kind is ContactKind.PHONE, "the door has parsed it"
    async with units(merchant_id) as unit:
        await _campaign(unit, campaign_id, Channel.SMS)
        blind = unit.customers.index(number)
        if await unit.suppressions.holds(Medium.SMS, blind):
            raise NumberStopped
    limits = [
        (SMS_PER_PERSON, author.principal.name),
        (SMS_PER_NUMBER, blind.hex()),
        (SMS_PER_MERCHANT, str(merchant_id)),
    ]
    await count_attempt(units, merchant_id, limits)
    async with units(merchant_id) as unit:
        campaign = await _campaign(unit, campaign_id, Channel.SMS)
        message = _message(campaign, Channel.SMS, author, address=number.address)
        return await _keep(unit, campaign, message, author)


async def try_on_card(
    unit: Unit, campaign_id: UUID, card_id: UUID, channel: Channel, author: Author
) -> UUID:
    """Let one card announce a campaign in its wallet; return the message's id.

    Raises `NotFound`, also for a card that is in no such wallet, and `NotOnThisChannel`.
    """
    assert channel in _WALLETS, "the door has parsed it"
    campaign = await _campaign(unit, campaign_id, channel)
    held = (await unit.recipients.cards([card_id])).get(card_id)
    is_there = held is not None and (
        held.is_in_apple if channel is Channel.APPLE else held.is_in_google
    )
    if not is_there:
        raise NotFound("This card is in no such wallet.")
    return await _keep(
        unit, campaign, _message(campaign, channel, author, card_id=card_id), author
    )


async def _campaign(unit: Unit, campaign_id: UUID, channel: Channel) -> Campaign:
    campaign = await unit.campaigns.one(campaign_id)
    if channel not in campaign.plan.channels:
        raise NotOnThisChannel
    return campaign


def _message(
    campaign: Campaign,
    channel: Channel,
    author: Author,
    *,
    address: str | None = None,
    card_id: UUID | None = None,
) -> Message:
    return Message(
        id=author.new_id(),
        event=MessageEvent.CAMPAIGN,
        channel=channel,
        card_id=card_id,
        campaign_id=campaign.id,
        address=address,
    )


async def _keep(unit: Unit, campaign: Campaign, message: Message, author: Author) -> UUID:
    await unit.messages.add([message], unit.now)
    await record(unit, author, "campaign.tried", campaign)
    unit.announce(TrialWanted(message_id=message.id))
    return message.id
