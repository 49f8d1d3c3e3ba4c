"""A merchant without scripts tries eight stamps on some customers, and keeps them for all."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import Town
from tests.journeys.test_thumbs import check
from tests.shopfront import EMAIL, PASSWORD


@pytest.mark.parametrize("width", [390])
async def test_eight_stamps_are_tried_and_kept(town: Town, width: int) -> None:
    """Every page fits the thumb and the screen; the program promises eight at last."""
    merchant = await _merchant(town, width)
    await merchant.get_by_role("link", name="variants").click()
    await merchant.get_by_label("What you want to find out").fill("Eight or ten?")
    await check(merchant)
    await merchant.get_by_role("button", name="Begin the trial").click()
    await expect(merchant.get_by_text("Both would promise the same.")).to_be_visible()
    await expect(merchant.get_by_label("What you want to find out")).to_have_value("Eight or ten?")
    await check(merchant)
    await merchant.get_by_label("Stamps", exact=True).fill("8")
    await merchant.get_by_role("button", name="Begin the trial").click()
    await expect(merchant.get_by_role("columnheader", name="B")).to_be_visible()
    await check(merchant)
    await merchant.get_by_role("link", name="Keep B").click()
    await expect(merchant.get_by_text("Stamps 8 instead of 10")).to_be_visible()
    await check(merchant)
    await merchant.get_by_role("button", name="Keep B").click()
    await expect(merchant.get_by_text("It ran from")).to_be_visible()
    await check(merchant)
    await merchant.goto(f"{town.address}/merchant/programs/{town.shop.program.id}")
    await expect(merchant.get_by_label("Stamps", exact=True)).to_have_value("8")


async def _merchant(town: Town, width: int) -> Page:
    merchant = await town.customer(
        java_script_enabled=False, viewport={"width": width, "height": 844}
    )
    await merchant.goto(f"{town.address}/merchant/cafe/log-in")
    await merchant.get_by_label("Mail address").fill(EMAIL)
    await merchant.get_by_label("Password").fill(PASSWORD)
    await merchant.get_by_role("button", name="Log in").click()
    await merchant.goto(f"{town.address}/merchant/programs/{town.shop.program.id}")
    return merchant
