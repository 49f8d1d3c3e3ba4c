"""A merchant without scripts makes a program from a template, and looks after several."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import Town
from tests.journeys.test_thumbs import check


@pytest.mark.parametrize("width", [320, 1280])
async def test_a_program_begins_with_a_template_and_ends_after_a_question(
    town: Town, width: int
) -> None:
    """Template, name, start: three pages; later found, ended, deleted, and brought back."""
    merchant = await town.owner(
        java_script_enabled=False, viewport={"width": width, "height": 844}
    )
    await merchant.get_by_role("link", name="Programs", exact=True).click()
    await check(merchant)
    await merchant.get_by_role("link", name="Create Program").click()
    await check(merchant)
    await merchant.get_by_role("link", name="Use Bread card").click()
    await check(merchant)
    await merchant.get_by_label("Name of the program").fill("Our bread")
    await merchant.get_by_label("Reward", exact=True).fill("A loaf")
    await merchant.get_by_role("button", name="Save and start").click()
    await expect(merchant.get_by_text("Customers can enroll and earn rewards")).to_be_visible()
    await merchant.get_by_text("Description and schedule").click()
    await merchant.get_by_text("Everything else, as JSON").click()
    await check(merchant)

    await merchant.get_by_label("Stamps", exact=True).fill("15")
    await merchant.get_by_role("button", name="Publish changes").click()
    await merchant.get_by_role("link", name="all versions").click()
    await expect(merchant.get_by_role("cell", name="15")).to_be_visible()
    await check(merchant)
    await _find_and_end(merchant)


async def test_eight_stamps_are_tried_and_kept(town: Town) -> None:
    """Every page fits the thumb and the screen; the program promises eight at last."""
    merchant = await town.owner(java_script_enabled=False, viewport={"width": 390, "height": 844})
    program = f"{town.address}/merchant/programs/{town.shop.program.id}"
    await merchant.goto(program)
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
    await merchant.goto(program)
    await expect(merchant.get_by_label("Stamps", exact=True)).to_have_value("8")


async def _find_and_end(merchant: Page) -> None:
    await merchant.get_by_role("link", name="Programs", exact=True).click()
    await merchant.get_by_label("Name").fill("bread")
    await merchant.get_by_role("button", name="Show").click()
    await merchant.get_by_label("Choose Our bread").check()
    await merchant.get_by_label("With those chosen").select_option("Pause")
    await merchant.get_by_role("button", name="Do it").click()
    await expect(merchant.get_by_text("Our bread: paused")).to_be_visible()
    await check(merchant)
    await merchant.get_by_role("link", name="Look at program 1").click()
    await merchant.get_by_role("link", name="End for good").click()
    await check(merchant)
    await merchant.get_by_role("button", name="End for good").click()
    await expect(merchant.get_by_text("Archived, customers notified")).to_be_visible()
    await check(merchant)
    await merchant.get_by_role("link", name="Delete", exact=True).click()
    await merchant.get_by_role("button", name="Delete", exact=True).click()
    await merchant.get_by_role("link", name="Deleted programs").click()
    await check(merchant)
    await merchant.get_by_role("button", name="Bring back: Our bread").click()
    await expect(merchant.get_by_text("Archived, customers notified")).to_be_visible()
