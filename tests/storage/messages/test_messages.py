"""Messages as rows: nobody twice, and no news turn a message back."""

from dataclasses import replace
from uuid import UUID

from uuid_utils.compat import uuid7

from gateway.domain.messages import Channel, MessageState
from gateway.domain.wording import MessageEvent
from gateway.storage.messages.messages import Message, Move
from tests.shops import Shop, open_shop

SENT, QUEUED, SENDING = MessageState.SENT, MessageState.QUEUED, MessageState.SENDING


async def message(shop: Shop, **changes: object) -> Message:
    """Keep a message to the customer of the shop's first card."""
    async with shop.database.units(shop.merchant_id) as unit:
        card = await unit.cards.one(shop.cards[0])
        made = replace(
            Message(
                id=uuid7(),
                event=MessageEvent.STAMP,
                channel=Channel.MAIL,
                customer_id=card.customer_id,
                card_id=card.id,
            ),
            **changes,  # type: ignore[arg-type]
        )
        assert await unit.messages.add([made], unit.now) == {made.id}
    return made


async def move(shop: Shop, *moves: Move) -> set[UUID]:
    async with shop.database.units(shop.merchant_id) as unit:
        return await unit.messages.move(moves, unit.now)


async def read(shop: Shop, message_id: UUID) -> Message:
    async with shop.database.units(shop.merchant_id) as unit:
        return await unit.messages.one(message_id)


async def test_one_fact_is_one_message(bare_shop: Shop) -> None:
    """A relay that plans a fact again writes nothing."""
    kept = await message(bare_shop, fact_id=uuid7())
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        again = await unit.messages.add([replace(kept, id=uuid7())], unit.now)

    assert again == set()


async def test_late_news_change_nothing(bare_shop: Shop) -> None:
    """What was delivered is not sent again by a report that took its time."""
    kept = await message(bare_shop)
    for state in (SENDING, SENT, MessageState.DELIVERED):
        assert await move(bare_shop, Move(message_id=kept.id, state=state)) == {kept.id}

    for state in (SENT, MessageState.FAILED, QUEUED, MessageState.SKIPPED):
        assert await move(bare_shop, Move(message_id=kept.id, state=state)) == set()
    assert (await read(bare_shop, kept.id)).state is MessageState.DELIVERED


async def test_news_of_many_go_their_own_ways(bare_shop: Shop) -> None:
    """One call moves messages to different states, each with its own reason and name."""
    first, second = (
        await message(bare_shop, state=SENDING),
        await message(bare_shop, state=SENDING),
    )
    moved = await move(
        bare_shop,
        Move(message_id=first.id, state=SENT, provider="twilio", reference="SM1"),
        Move(
            message_id=second.id,
            state=QUEUED,
            reason="TooBusy",
            channel=Channel.SMS,
            fallbacks=(Channel.APPLE, Channel.GOOGLE),
        ),
    )

    assert moved == {first.id, second.id}
    sent, waiting = await read(bare_shop, first.id), await read(bare_shop, second.id)
    assert (sent.state, sent.provider, sent.reference) == (SENT, "twilio", "SM1")
    assert (waiting.channel, waiting.reason) == (Channel.SMS, "TooBusy")
    assert waiting.fallbacks == (Channel.APPLE, Channel.GOOGLE)


async def test_a_provider_names_a_message(bare_shop: Shop) -> None:
    """A report finds its message by provider and reference, and by nothing else."""
    kept = await message(bare_shop, state=SENDING)
    await move(bare_shop, Move(message_id=kept.id, state=SENT, provider="twilio", reference="SM1"))

    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        found = await unit.messages.by_reference("twilio", "SM1")
        assert await unit.messages.by_reference("vonage", "SM1") is None
    assert found is not None
    assert found.id == kept.id


async def test_only_offers_that_were_sent_are_counted(bare_shop: Shop) -> None:
    """The budget knows 24 hours and 7 days, and neither news nor what was never sent."""
    for event in (MessageEvent.CAMPAIGN, MessageEvent.CAMPAIGN, MessageEvent.STAMP):
        kept = await message(bare_shop, event=event, state=SENDING)
        await move(bare_shop, Move(message_id=kept.id, state=SENT))
    await message(bare_shop, event=MessageEvent.CAMPAIGN, state=MessageState.SKIPPED)
    await bare_shop.execute(
        "UPDATE messages SET sent_at = sent_at - interval '2 days' WHERE id ="
        " (SELECT id FROM messages WHERE event = 'campaign' AND state = 'sent' LIMIT 1)"
    )

    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        card = await unit.cards.one(bare_shop.cards[0])
        offers = await unit.messages.offers([card.customer_id], unit.now)
    assert (offers[card.customer_id].today, offers[card.customer_id].this_week) == (1, 2)


async def test_the_address_of_a_test_send_is_sealed(bare_shop: Shop) -> None:
    """It comes back as it was, and the row does not show it."""
    kept = await message(
        bare_shop, customer_id=None, event=MessageEvent.CAMPAIGN, address="chef@example.org"
    )

    assert (await read(bare_shop, kept.id)).address == "chef@example.org"
    ((sealed,),) = await bare_shop.rows("SELECT address_sealed FROM messages")
    assert b"chef" not in sealed


async def test_another_merchant_has_no_such_message(bare_shop: Shop) -> None:
    """Neither by its id, nor by its provider's name for it, nor to be moved."""
    kept = await message(bare_shop, state=SENDING)
    await move(bare_shop, Move(message_id=kept.id, state=SENT, provider="twilio", reference="SM1"))
    other = await open_shop(bare_shop.database, slug="other")

    async with other.database.units(other.merchant_id) as unit:
        assert await unit.messages.many([kept.id]) == {}
        assert await unit.messages.by_reference("twilio", "SM1") is None
    assert await move(other, Move(message_id=kept.id, state=MessageState.DELIVERED)) == set()
