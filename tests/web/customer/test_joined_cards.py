"""A card that was merged into another one: its holder learns that, and nothing of the other."""

import re
from uuid import UUID

from gateway.resources import new_id
from gateway.services.ledger.joining_cards import join_cards
from gateway.services.ledger.joint_postings import JoinCards
from tests.shopfront import ORIGIN, Browser, Shopfront, pair, served, sign_in

JOINED = "This card was joined with another card"


async def merge(shop: Shopfront, giver: str, taker: str) -> None:
    """Merge the card of one page into that of another."""
    command = JoinCards(
        principal=shop.owner,
        origin=ORIGIN,
        key="merge",
        fingerprint=b"f" * 32,
        card_id=UUID(giver.rpartition("/")[2]),
        counterpart_card_id=UUID(taker.rpartition("/")[2]),
        reason="Two cards of one person",
    )
    answer = await join_cards(shop.resources.units, command, new_id)
    assert answer.is_done


async def test_a_merged_card_says_so_and_shows_nothing_of_the_other(
    browser: Browser, shop: Shopfront
) -> None:
    """Neither its code nor its stamps nor its address, on the page and in what is asked anew."""
    mine = await browser.join("anna@mail.example")
    async with served(shop.resources) as other:
        theirs = await other.join("ben@mail.example")
        await pair(other, shop)
        token = await sign_in(other, shop)
        asked = {"card_id": theirs.rpartition("/")[2]}
        assert (await other.ask("/till/api/stamps", asked, token=token, key="k1")).status == 200
        await merge(shop, mine, theirs)
        assert "1 of 10" in await other.read(theirs)

    for page in (mine, f"{mine}/now"):
        text = await browser.read(page)
        assert JOINED in text
        assert not re.search(r"LC1-[A-Z2-7]{20}|of 10", text)
        assert theirs.rpartition("/")[2] not in text
    await browser.read(theirs, 404)


async def test_who_enrols_again_is_led_to_what_became_of_the_card(
    browser: Browser, shop: Shopfront
) -> None:
    """The address of a merged card opens no second card, and not the other customer's either."""
    mine = await browser.join("anna@mail.example")
    async with served(shop.resources) as other:
        await merge(shop, mine, await other.join("ben@mail.example"))

    assert await browser.join("anna@mail.example") == mine
    assert JOINED in await browser.read(mine)
