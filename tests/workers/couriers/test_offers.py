"""Offers by mail: with a way out of them, to who still wants them, and never a second time."""

from dataclasses import replace
from uuid import UUID

import pytest

from gateway.domain.campaigns import Campaign, CampaignStatus, Content, Plan
from gateway.domain.consents import Medium, Purpose
from gateway.domain.messages import Channel, MessageState
from gateway.domain.wording import MessageEvent
from gateway.resources import new_id, now
from gateway.services.messages.links import Unsubscription, read_unsubscribe_token
from gateway.storage.messages.messages import Message, Move
from gateway.storage.queues.deliveries import BULK, Wanted
from gateway.storage.unit import Unit
from tests.workers.couriers.message_stage import MAIL, MessageStage

OFFERS = ((Medium.MAIL, Purpose.MARKETING),)
PLAN = Plan(
    name="Autumn",
    channels=(Channel.MAIL,),
    contents={
        "en": Content(subject="Two for one", body="All week at {{ merchant }}."),
        "de": Content(subject="Zwei für einen", body="Die ganze Woche bei {{ merchant }}."),
    },
)


async def released(unit: Unit, card_id: UUID, status: CampaignStatus) -> Message:
    """Keep a campaign and one message of it that the pump let go."""
    campaign = Campaign(id=new_id(), status=status, revision=1, plan=PLAN, created_at=now())
    await unit.campaigns.add(campaign, None)
    card = await unit.cards.one(card_id)
    message = Message(
        id=new_id(),
        event=MessageEvent.CAMPAIGN,
        channel=Channel.MAIL,
        customer_id=card.customer_id,
        card_id=card_id,
        campaign_id=campaign.id,
        state=MessageState.SENDING,
        not_before=now(),
    )
    wanted = Wanted(
        id=new_id(),
        event_id=campaign.id,
        channel=Channel.MAIL,
        topic="campaign",
        target=str(message.id),
        lane=BULK,
    )
    await unit.messages.add([message], unit.now)
    await unit.deliveries.plan([wanted], unit.now)
    return message


async def send(
    post: MessageStage, card_id: UUID, status: CampaignStatus = CampaignStatus.SENDING
) -> Message:
    """Release an offer and deliver what is due."""
    async with post.working() as worker:
        async with worker.resources.units(post.merchant_id) as unit:
            message = await released(unit, card_id, status)
        await worker.deliver()
    return message


async def test_an_offer_says_how_to_get_no_more_of_them(post: MessageStage) -> None:
    """In its headers for one click, and in its text; the link names the customer to us alone."""
    card = await post.customer(agreed=OFFERS, language="de")

    message = await send(post, card)

    (letter,) = post.letters
    assert (letter.recipient, letter.subject) == (MAIL, "Zwei für einen")
    assert letter.faults == ()
    assert letter.one_click is not None
    assert letter.one_click in letter.body("plain")
    key = post.stage.shop.resources.keys.links
    asked = read_unsubscribe_token(key, letter.one_click.rpartition("/")[2])
    assert asked == Unsubscription(
        merchant_id=post.merchant_id,
        customer_id=message.customer_id or new_id(),
        medium=Medium.MAIL,
        purpose=Purpose.MARKETING,
    )


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        (CampaignStatus.CANCELLED, "skipped", "cancelled"),
        (CampaignStatus.FAILED, "skipped", "cancelled"),
        (CampaignStatus.PAUSED, "queued", None),
    ],
)
async def test_what_was_stopped_does_not_leave(
    post: MessageStage, status: CampaignStatus, state: str, reason: str | None
) -> None:
    """Cancelled is over; paused waits for the pump."""
    await send(post, await post.customer(agreed=OFFERS), status)

    assert post.letters == []
    assert await post.messages() == [("campaign", "mail", state, reason)]


async def test_who_opted_out_since_the_release_gets_nothing(post: MessageStage) -> None:
    """Consent is judged once more, after the pump did."""
    card = await post.customer(agreed=OFFERS)
    await post.answer(card, Medium.MAIL, Purpose.MARKETING, granted=False)

    await send(post, card)

    assert post.letters == []
    assert await post.messages() == [("campaign", "mail", "skipped", "no_consent")]


async def test_an_offer_without_a_receipt_is_not_sent_again(post: MessageStage) -> None:
    """Nobody gets an offer twice: what may have arrived counts as lost."""
    card = await post.customer(agreed=OFFERS)
    post.mail.next("drop-after-keeping")

    await send(post, card)
    await post.hasten()
    await post.run()

    assert len(post.letters) == 1
    assert await post.messages() == [("campaign", "mail", "failed", "outcome_unknown")]


async def test_an_offer_that_was_not_taken_is_tried_again(post: MessageStage) -> None:
    """It stays on its way meanwhile, so that the pump does not release it a second time."""
    card = await post.customer(agreed=OFFERS)
    post.mail.next("greylist")

    await send(post, card)
    assert await post.messages() == [("campaign", "mail", "sending", None)]
    await post.hasten()
    await post.run()

    assert len(post.letters) == 1
    assert await post.messages() == [("campaign", "mail", "sent", None)]


async def test_nobody_gets_more_offers_than_a_day_allows(post: MessageStage) -> None:
    """What was sent since the release counts, on whichever channel."""
    card = await post.customer(agreed=OFFERS)
    shop = post.stage.shop
    async with shop.resources.units(shop.merchant.id) as unit:
        customer_id = (await unit.cards.one(card)).customer_id
        offer = Message(
            id=new_id(),
            event=MessageEvent.CAMPAIGN,
            channel=Channel.APPLE,
            customer_id=customer_id,
            card_id=card,
            state=MessageState.SENDING,
        )
        offers = [replace(offer, id=new_id()) for _ in range(3)]
        await unit.messages.add(offers, unit.now)
        sent = [Move(message_id=each.id, state=MessageState.SENT) for each in offers]
        await unit.messages.move(sent, unit.now)

    await send(post, card)

    assert post.letters == []
    assert (await post.messages())[-1] == ("campaign", "mail", "skipped", "contact_budget")
