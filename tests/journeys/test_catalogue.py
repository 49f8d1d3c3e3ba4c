"""A merchant puts a reward on the shelf, without scripts and by thumb."""

import pytest
from playwright.async_api import Page

from tests.journeys.conftest import Town
from tests.journeys.test_thumbs import check


@pytest.mark.parametrize("width", [320, 1280])
async def test_a_reward_is_put_on_the_shelf_without_scripts(town: Town, width: int) -> None:
    """Added, corrected, restocked and archived, on pages made for thumbs."""
    merchant = await town.owner(
        java_script_enabled=False, viewport={"width": width, "height": 844}
    )
    await merchant.goto(f"{town.address}/merchant/programs/{town.shop.program.id}")
    await merchant.get_by_role("link", name="rewards", exact=True).click()
    await check(merchant)
    await _add(merchant)
    await _restock_and_archive(merchant)
    await merchant.get_by_role("link", name="redemptions").click()
    await check(merchant)


async def _add(merchant: Page) -> None:
    """Add a mug, with a mistake at first."""
    await merchant.get_by_role("link", name="Add a reward").click()
    await merchant.get_by_label("Name", exact=True).first.fill("Mug")
    await merchant.get_by_label("What it costs").fill("3")
    await merchant.get_by_label("How many there are").fill("5")
    await merchant.get_by_label("Category").fill("Für alle!")
    await merchant.get_by_text("In other languages").click()
    await check(merchant)
    await merchant.get_by_role("button", name="Add the reward").click()
    await check(merchant)
    assert await merchant.get_by_label("Category").get_attribute("aria-invalid") == "true"
    await merchant.get_by_label("Category").fill("mugs")
    await merchant.get_by_role("button", name="Add the reward").click()
    await merchant.get_by_text("3 stamps · mugs · 5 left").wait_for()
    await check(merchant)


async def _restock_and_archive(merchant: Page) -> None:
    """Put two more mugs there, and then take it all off the shelf."""
    await merchant.get_by_role("link", name="Mug").click()
    await merchant.get_by_label("Add pieces").fill("2")
    await merchant.get_by_role("button", name="Change the stock").click()
    await merchant.get_by_text("7 left").wait_for()
    await merchant.get_by_text("Archive this reward").click()
    await check(merchant)
    await merchant.get_by_role("button", name="Archive for good").click()
    await merchant.get_by_text("Nothing here yet.").wait_for()
