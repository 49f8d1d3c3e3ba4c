"""Redemptions on the merchant's pages: found by their code, and done once."""

from dataclasses import replace
from uuid import UUID

import pytest

from gateway.domain.ledger import TransactionKind
from tests.catalogues import put_on_shelf, redemption_of, take
from tests.shopfront import Browser, Shopfront
from tests.shops import Shop, add_cards
from tests.web.merchant.test_rewards import rewards

PAGE = "/merchant/redemptions"


@pytest.fixture
async def counter(shop: Shopfront) -> Shop:
    """The same shop, as it is at the counter: a card with a stamp."""
    counter = Shop(
        shop.resources.database,
        replace(shop.owner, name="till:test"),
        shop.location,
        shop.program,
        tuple(await rewards(shop)),
        (),
    )
    counter = replace(counter, cards=tuple(await add_cards(counter, 1)))
    await counter.fill(1)
    return counter


async def reserved(counter: Shop) -> UUID:
    """Set a book aside that is still to be sent."""
    book = await put_on_shelf(counter, name="Book", needs_fulfilment=True)
    return redemption_of(await take(counter, book))


async def test_what_was_redeemed_waits_until_it_is_done(browser: Browser, counter: Shop) -> None:
    """It is noted once who did it, and then waits no more."""
    assert "Nothing waits." in await browser.read(PAGE)
    redemption = await reserved(counter)
    fulfil = f"{PAGE}/{redemption}/fulfil"
    aside = await browser.read(PAGE)
    assert "Set aside until" in aside
    assert fulfil not in aside
    await counter.end(counter.end_command(redemption), TransactionKind.REDEEM)
    assert "still to be done" in await browser.read(PAGE)
    for _ in range(2):
        done = await browser.send(PAGE, {}, to=fulfil)
        assert (done.status, done.headers["Location"]) == (303, PAGE)
    assert "Nothing waits." in await browser.read(PAGE)
    assert (await counter.facts()).count("loyalty.reward.fulfilled") == 1


async def test_a_code_finds_its_redemption(browser: Browser, counter: Shop) -> None:
    """However it is typed; another one finds nothing."""
    await reserved(counter)
    assert "Book" in await browser.read(f"{PAGE}?code=%20k7q2")
    assert "Nothing waits under this code." in await browser.read(f"{PAGE}?code=AAAA")


async def test_nothing_is_done_that_waits_for_nothing(browser: Browser, counter: Shop) -> None:
    """What is only set aside, and what does not exist."""
    redemption = await reserved(counter)
    early = await browser.send(PAGE, {}, to=f"{PAGE}/{redemption}/fulfil")
    unknown = await browser.send(PAGE, {}, to=f"{PAGE}/{counter.merchant_id}/fulfil")
    assert (early.status, unknown.status) == (409, 404)
