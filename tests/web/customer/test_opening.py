"""The link in a message: it opens the card on the device where it is read, and no other card."""

from uuid import UUID

from gateway.services.messages.links import MessageLinks
from tests.shopfront import Browser, Shopfront, served
from tests.web.customer.conftest import Customer


def link(shop: Shopfront, anna: Customer) -> str:
    """Return the path of the link that Anna was sent."""
    links = MessageLinks(shop.resources.keys.links, "")
    return links.card(shop.merchant.slug, UUID(anna.card.rpartition("/")[2]))


async def follow(browser: Browser, path: str) -> str:
    """Open a link and return where it leads."""
    async with browser.client.get(path, allow_redirects=False) as response:
        assert response.status == 303
        return response.headers["Location"]


async def test_another_device_holds_the_card_from_now_on(shop: Shopfront, anna: Customer) -> None:
    """The proof does not stay in the address."""
    async with served(shop.resources) as phone:
        await phone.read(anna.card, status=404)
        assert await follow(phone, link(shop, anna)) == anna.card
        assert "0 of 10" in await phone.read(anna.card)


async def test_a_changed_link_opens_nothing(shop: Shopfront, anna: Customer) -> None:
    """It leads to the card's page, which says what to do."""
    async with served(shop.resources) as phone:
        assert await follow(phone, link(shop, anna)[:-1]) == anna.card
        assert await follow(phone, f"{anna.card}/open") == anna.card
        await phone.read(anna.card, status=404)
