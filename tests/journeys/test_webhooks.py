"""A merchant who lets another program hear of stamps, on a phone without scripts."""

from uuid import UUID

from playwright.async_api import expect

from gateway.resources import new_id
from gateway.storage.events.webhook_attempts import WebhookAttempt
from gateway.storage.events.webhook_messages import WebhookMessage
from tests.journeys.conftest import PHONE, Town
from tests.journeys.test_thumbs import check


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

    await refuse(town, UUID(page.url.rpartition("/")[2]))
    await page.reload()
    await expect(page.get_by_text("Answered 500")).to_be_visible()
    await check(page)
    await page.get_by_role("button", name="Send loyalty.card.stamped").click()
    await page.get_by_role("button", name="Disable").click()
    await expect(page.get_by_text("You disabled it.")).to_be_visible()


async def refuse(town: Town, endpoint_id: UUID) -> None:
    """Write down an attempt that failed, as the worker does."""
    shop, message_id = town.shop, new_id()
    async with shop.resources.units(shop.merchant.id) as unit:
        message = WebhookMessage(id=message_id, type="loyalty.card.stamped", body=b"{}")
        await unit.webhook_messages.add([message], unit.now)
        attempt = WebhookAttempt(
            id=new_id(),
            endpoint_id=endpoint_id,
            message_id=message_id,
            number=1,
            status=500,
            outcome="Status500",
            milliseconds=12,
            excerpt="out of order",
            attempted_at=unit.now,
        )
        await unit.webhook_attempts.add([attempt])
