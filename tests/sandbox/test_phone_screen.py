"""The phone as a person sees it, in a real browser: add a pass, watch a stamp arrive."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.sandbox.conftest import Stage

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
async def page(chromium: str, stage: Stage) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=list(CHROMIUM_ARGUMENTS)
        )
        page = await browser.new_page(base_url=str(stage.client.make_url("/")))
        yield page
        await browser.close()


async def test_a_stamp_is_seen_arriving(page: Page, stage: Stage) -> None:
    """Without a reload the message drops in, the count goes up, and the page breaks no rule."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"/phone?add={stage.service.issue('one')}")
    await page.get_by_role("dialog").get_by_role("button", name="Add").click()
    progress = page.locator(".is-open [data-field=progress] .value")
    await expect(progress).to_have_text("6 of 10")
    await expect(page.locator(".step-register")).to_contain_text("201")

    stage.service.stamp("one")
    await expect(page.locator("#banner")).to_be_visible()
    await expect(page.locator("#banner")).to_contain_text("You now have 7 of 10 stamps.")
    await expect(progress).to_have_text("7 of 10")
    assert complaints == []


async def test_the_phone_works_without_script(page: Page, stage: Stage) -> None:
    """Links and forms alone lead from the offer to the back of the card and to the lock screen."""
    await page.route("**/phone.js", lambda route: route.abort())
    await page.goto(f"/phone?add={stage.service.issue('one')}")
    await page.get_by_role("dialog").get_by_role("button", name="Add").click()
    await page.get_by_label("Pass details").click()
    await expect(page.get_by_text("One stamp for every coffee")).to_be_visible()
    await page.get_by_role("link", name="Done").click()
    await page.locator(".home-indicator").click()
    await expect(page.get_by_text("No notifications")).to_be_visible()
