"""A merchant who lets another program hear of stamps, on a phone without scripts."""

from uuid import UUID

from playwright.async_api import expect

from tests.journeys.conftest import PHONE, Town
from tests.journeys.test_thumbs import check
from tests.webhooks import refuse


async def test_a_merchant_adds_an_endpoint_and_sends_again_what_it_refused(town: Town) -> None:
    """The secret is there to be copied once; everything can be pressed by thumb."""
    page = await town.owner(java_script_enabled=False, viewport=PHONE)
    await page.get_by_role("link", name="Webhooks").click()
    await check(page)

    await page.get_by_label("Address").fill("https://shop.example/webhooks")
    await page.get_by_label("What it is for").fill("Bookkeeping")
    await page.get_by_role("button", name="Add").click()
    await expect(page.get_by_text("whsec_")).to_be_visible()
    await page.get_by_role("link", name="I have kept it").click()

    endpoint_id = UUID(page.url.rpartition("/")[2])
    shop = town.shop
    await refuse(
        shop.resources.database, shop.merchant.id, endpoint_id, number=1, excerpt="out of order"
    )
    await page.reload()
    await expect(page.get_by_text("Answered 500")).to_be_visible()
    await check(page)
    await page.get_by_role("button", name="Send loyalty.card.stamped").click()
    await page.get_by_role("button", name="Disable").click()
    await expect(page.get_by_text("You disabled it.")).to_be_visible()
