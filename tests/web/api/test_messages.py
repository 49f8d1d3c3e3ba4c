"""A card's messages over the API: what was sent and why not, page by page, without addresses."""

from uuid import uuid4

from gateway.domain.messages import Channel, MessageState
from gateway.domain.wording import MessageEvent
from gateway.resources import new_id
from gateway.storage.messages.messages import Message
from tests.shops import Shop
from tests.web.api.gate import Caller


async def write(shop: Shop, *states: tuple[MessageState, str | None]) -> None:
    """Keep messages to the customer of the shop's first card, one after the other."""
    for state, reason in states:
        async with shop.database.units(shop.merchant_id) as unit:
            card = await unit.cards.one(shop.cards[0])
            message = Message(
                id=new_id(),
                event=MessageEvent.STAMP,
                channel=Channel.MAIL,
                customer_id=card.customer_id,
                card_id=card.id,
                state=state,
                reason=reason,
            )
            await unit.messages.add([message], unit.now)


async def test_why_did_i_get_nothing_is_answered(caller: Caller, shop: Shop) -> None:
    """Newest first, each with its state and reason, and nobody's address."""
    await write(shop, (MessageState.SENDING, None), (MessageState.SKIPPED, "no_consent"))

    answer = await caller.get(f"cards/{shop.cards[0]}/messages")

    assert answer.status == 200
    lines = [(line["state"], line["reason"]) for line in answer.body["items"]]
    assert lines == [("skipped", "no_consent"), ("sending", None)]
    assert "@" not in answer.raw.decode()


async def test_a_long_history_comes_in_pages(caller: Caller, shop: Shop) -> None:
    """Each message once, whatever the page holds."""
    await write(shop, *[(MessageState.SENDING, None)] * 5)

    seen, cursor = [], ""
    while True:
        page = await caller.get(f"cards/{shop.cards[0]}/messages?limit=2{cursor}")
        seen += [line["id"] for line in page.body["items"]]
        if page.body["next_cursor"] is None:
            break
        cursor = f"&cursor={page.body['next_cursor']}"
    assert len(seen) == len(set(seen)) == 5


async def test_a_card_that_is_not_there_has_no_messages(caller: Caller) -> None:
    """It is not found, like everything about it."""
    assert (await caller.get(f"cards/{uuid4()}/messages")).status == 404
