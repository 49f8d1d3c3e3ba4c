"""The download of a pass by the link on the card page."""

from datetime import timedelta

import pytest

from gateway.resources import now
from gateway.services.wallets.pass_links import LINK_LIFE, download_link
from passes.apple.service import PASS_MEDIA_TYPE
from tests.wallets import Cafe, Phone


async def test_the_link_of_the_card_page_downloads_the_pass(cafe: Cafe, phone: Phone) -> None:
    """The first download makes the pass; the second is the same pass."""
    card = await cafe.card(issued=False)
    link = download_link(cafe.resources.keys.links, cafe.merchant.slug, card, now())
    first = await phone.client.get(link)
    stored = await cafe.stored(card)
    second = await phone.client.get(link)

    assert (first.status, second.status) == (200, 200)
    assert first.headers["Content-Type"] == PASS_MEDIA_TYPE
    assert "card.pkpass" in first.headers["Content-Disposition"]
    assert (await cafe.stored(card)).serial_number == stored.serial_number


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
    cafe: Cafe, phone: Phone, before: str, after: str
) -> None:
    """Nobody can lengthen a link, or turn it to another card or merchant."""
    card = await cafe.card()
    link = download_link(cafe.resources.keys.links, cafe.merchant.slug, card, now())

    assert (await phone.client.get(link.replace(before, after))).status == 404


async def test_a_link_ends_after_ten_minutes(cafe: Cafe, phone: Phone) -> None:
    """A link that was sent on by mistake is soon worth nothing."""
    card = await cafe.card()
    keys, slug = cafe.resources.keys.links, cafe.merchant.slug
    ended = download_link(keys, slug, card, now() - LINK_LIFE - timedelta(seconds=1))

    answer = await phone.client.get(ended)

    assert answer.status == 404
    assert "open your card" in await answer.text()
