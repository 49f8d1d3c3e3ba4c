"""Reports about text messages: which numbers are dead, and whose message it is."""

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.consents import Medium
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.messages import Channel, MessageState
from gateway.domain.wording import MessageEvent
from gateway.services.messages.reporting import Report, take_report
from gateway.storage.messages.messages import Message
from tests.shops import Shop


async def sent(shop: Shop, channel: Channel = Channel.SMS) -> Message:
    """Keep a message that is on its way to a customer with a phone."""
    async with shop.database.units(shop.merchant_id) as unit:
        card = await unit.cards.one(shop.cards[0])
        number = Contact(kind=ContactKind.PHONE, address="+352621123456")
        await unit.customers.add_contact(card.customer_id, number, unit.now)
        message = Message(
            id=uuid7(),
            event=MessageEvent.STAMP,
            channel=channel,
            customer_id=card.customer_id,
            card_id=card.id,
            state=MessageState.SENDING,
        )
        await unit.messages.add([message], unit.now)
    return message


async def report(shop: Shop, message: Message, reason: str | None = None) -> bool:
    """Report that the message came back."""
    news = Report(
        provider="twilio",
        reference="SM1",
        state=MessageState.BOUNCED,
        reason=reason,
        message_id=message.id,
    )
    async with shop.database.units(shop.merchant_id) as unit:
        return await take_report(unit, news)


@pytest.mark.parametrize(
    ("reason", "is_dead"), [("Twilio30005", True), ("Twilio30006", True), ("Twilio30003", False)]
)
async def test_only_a_dead_number_is_written_to_no_more(
    bare_shop: Shop, reason: str, *, is_dead: bool
) -> None:
    """A phone that is switched off today is on tomorrow, and nobody is told otherwise."""
    message = await sent(bare_shop)

    assert await report(bare_shop, message, reason)

    assert message.customer_id is not None
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        addresses = await unit.recipients.addresses([message.customer_id])
        ended = (await unit.messages.many([message.id]))[message.id]
    assert ended.state is (MessageState.BOUNCED if is_dead else MessageState.FAILED)
    assert addresses[message.customer_id, Medium.SMS] is is_dead
    assert addresses[message.customer_id, Medium.MAIL] is False


async def test_a_report_moves_no_mail(bare_shop: Shop) -> None:
    """The address of a report names a message by SMS, or none."""
    assert not await report(bare_shop, await sent(bare_shop, Channel.MAIL))


async def test_a_message_that_has_a_name_is_found_by_no_other(bare_shop: Shop) -> None:
    """Once a provider took it, a report under another name is about something else."""
    message = await sent(bare_shop)
    assert await report(bare_shop, message)
    other = Report(
        provider="twilio",
        reference="SM2",
        state=MessageState.DELIVERED,
        message_id=message.id,
    )
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        assert not await take_report(unit, other)
