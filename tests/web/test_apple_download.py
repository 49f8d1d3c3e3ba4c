"""The download of a pass by the link on the card page."""

from datetime import timedelta

import pytest

from gateway.resources import now
from gateway.services.pass_links import LINK_LIFE, download_link
from passes.apple.service import PASS_MEDIA_TYPE
from tests.wallets import Phone, Shop


async def test_the_link_of_the_card_page_downloads_the_pass(shop: Shop, phone: Phone) -> None:
    """The first download makes the pass; the second is the same pass."""
    card = await shop.card(issued=False)
    link = download_link(shop.resources.keys.links, shop.merchant.slug, card, now())
    first = await phone.client.get(link)
    stored = await shop.stored(card)
    second = await phone.client.get(link)

    assert (first.status, second.status) == (200, 200)
    assert first.headers["Content-Type"] == PASS_MEDIA_TYPE
    assert "card.pkpass" in first.headers["Content-Disposition"]
    assert (await shop.stored(card)).serial_number == stored.serial_number


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("signature=", "signature=x"),
        ("expires=1", "expires=9"),
        ("expires=", "expires=-"),
        ("expires=", "lapses="),
        ("/cafe/", "/bakery/"),
        ("/cafe/", "/nobody/"),
    ],
)
async def test_a_changed_link_is_404_whatever_was_changed(
    shop: Shop, phone: Phone, before: str, after: str
) -> None:
    """Nobody can lengthen a link, or turn it to another card or merchant."""
    card = await shop.card()
    link = download_link(shop.resources.keys.links, shop.merchant.slug, card, now())

    assert (await phone.client.get(link.replace(before, after))).status == 404


async def test_a_link_ends_after_ten_minutes(shop: Shop, phone: Phone) -> None:
    """A link that was sent on by mistake is soon worth nothing."""
    card = await shop.card()
    keys, slug = shop.resources.keys.links, shop.merchant.slug
    ended = download_link(keys, slug, card, now() - LINK_LIFE - timedelta(seconds=1))

    answer = await phone.client.get(ended)

    assert answer.status == 404
    assert "open your card" in await answer.text()
