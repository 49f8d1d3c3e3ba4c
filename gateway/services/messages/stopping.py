"""A text message from a customer: STOP, HELP or START, obeyed at once and answered once."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from gateway.domain.attempts import AttemptLimit
from gateway.domain.consents import Medium, Purpose
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import TooManyAttempts
from gateway.domain.events.wishes import SmsAnswerWanted
from gateway.domain.keywords import Keyword, keyword
from gateway.domain.messages import Channel
from gateway.services.messages.consenting import log_consent
from gateway.services.people.guarding import count_attempt
from gateway.storage.messages.consents import Consent
from gateway.storage.messages.messages import Message
from gateway.storage.messages.suppressions import SuppressionReason
from gateway.storage.unit import Unit, Units

HELP_PER_CUSTOMER = AttemptLimit(
    kind="sms_help", tries=3, window=timedelta(days=1), lock=timedelta(days=1)
)
STOP_PER_CUSTOMER = AttemptLimit(
    kind="sms_stop", tries=3, window=timedelta(days=1), lock=timedelta(days=1)
)
SOURCE = "sms"


async def hear(
    units: Units, merchant_id: UUID, sender: Contact, text: str, new_id: Callable[[], UUID]
) -> Keyword | None:
    """Do what a text message asks for; return the keyword in it, or None where there is none.

    STOP ends every message by SMS, also for a number that is nobody's yet, and is confirmed once
    (FCC 24-24 allows one text, and no advertising in it). START begins the news of the card
    again, not the offers. HELP says who we are, and to one customer not all day long.
    """
    asked = keyword(text)
    match asked:
        case Keyword.STOP:
            async with units(merchant_id) as unit:
                await _stop(unit, sender, new_id)
        case Keyword.START:
            async with units(merchant_id) as unit:
                await _start(unit, sender, new_id)
        case Keyword.HELP:
            await _help(units, merchant_id, sender, new_id)
    return asked


async def _stop(unit: Unit, sender: Contact, new_id: Callable[[], UUID]) -> None:
    index = unit.customers.index(sender)
    is_new = await unit.suppressions.add(Medium.SMS, index, SuppressionReason.STOPPED, unit.now)
    customer_id = await unit.customers.having(sender)
    if customer_id is None:
        return
    await unit.customers.hold(customer_id)
    agreed = await unit.consents.of(customer_id)
    for purpose in Purpose:
        if agreed.get((Medium.SMS, purpose)) is not False:
            await log_consent(unit, _consent(customer_id, purpose, Keyword.STOP, new_id))
    if is_new and await _may_answer(unit, customer_id):
        await _answer(unit, customer_id, Keyword.STOP, new_id)


async def _may_answer(unit: Unit, customer_id: UUID) -> bool:
    """Whether STOP is confirmed again: who goes back and forth with START has us pay for each."""
    return await unit.attempts.reserve(STOP_PER_CUSTOMER, str(customer_id), unit.now) is None


async def _start(unit: Unit, sender: Contact, new_id: Callable[[], UUID]) -> None:
    index = unit.customers.index(sender)
    lifted = await unit.suppressions.lift(Medium.SMS, index, SuppressionReason.STOPPED)
    customer_id = await unit.customers.having(sender)
    if lifted and customer_id is not None:
        await log_consent(unit, _consent(customer_id, Purpose.SERVICE, Keyword.START, new_id))


async def _help(
    units: Units, merchant_id: UUID, sender: Contact, new_id: Callable[[], UUID]
) -> None:
    async with units(merchant_id) as unit:
        customer_id = await unit.customers.having(sender)
    if customer_id is None:
        return
    try:
        await count_attempt(units, merchant_id, [(HELP_PER_CUSTOMER, str(customer_id))])
    except TooManyAttempts:
        return
    async with units(merchant_id) as unit:
        await _answer(unit, customer_id, Keyword.HELP, new_id)


async def _answer(
    unit: Unit, customer_id: UUID, asked: Keyword, new_id: Callable[[], UUID]
) -> None:
    message = Message(id=new_id(), event=asked, channel=Channel.SMS, customer_id=customer_id)
    await unit.messages.add([message], unit.now)
    unit.announce(SmsAnswerWanted(message_id=message.id))


def _consent(
    customer_id: UUID, purpose: Purpose, said: Keyword, new_id: Callable[[], UUID]
) -> Consent:
    return Consent(
        id=new_id(),
        customer_id=customer_id,
        medium=Medium.SMS,
        purpose=purpose,
        granted=said is Keyword.START,
        wording=said.upper(),
        source=SOURCE,
        remote_address=None,
    )


def number(address: str) -> Contact:
    """Return a number (E.164) as an address."""
    return Contact(kind=ContactKind.PHONE, address=address)
