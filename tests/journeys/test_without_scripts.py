"""A customer whose browser runs no scripts, and a merchant who designs a card."""

from playwright.async_api import expect

from tests.journeys.conftest import Town
from tests.shopfront import EMAIL, PASSWORD


async def test_a_card_needs_no_script(town: Town) -> None:
    """From the poster to the code, with everything a till needs to see."""
    page = await town.customer(java_script_enabled=False)
    await page.goto(f"{town.address}/join/cafe/old-town")
    await page.get_by_label("Your mail address or mobile number").fill("anna@mail.example")
    await page.get_by_role("button", name="Get my card").click()
    await expect(page.locator(".card-count")).to_have_text("0 of 10")
    await expect(page.locator(".pass-code .qr")).to_be_visible()


async def test_a_merchant_sees_the_card_while_typing_and_starts_it(town: Town) -> None:
    """The preview follows the fields and colours; started, the poster promises it."""
    page = await town.customer(viewport={"width": 1440, "height": 900})
    await page.goto(f"{town.address}/log-in")
    await page.get_by_label("Your shop's name in addresses").fill("Cafe")
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_label("Mail address").fill(EMAIL)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_role("link", name="New program").click()
    await page.get_by_role("link", name="Make: Stamp card").click()

    preview = page.locator("#preview")
    await page.get_by_label("Reward", exact=True).fill("Free croissant")
    await page.get_by_label("Name of the program").fill("Breakfast card")
    await page.get_by_label("Stamps", exact=True).fill("8")
    await expect(preview.locator(".dot")).to_have_count(8)
    await expect(preview).to_contain_text("Free croissant")
    await page.get_by_role("button", name="Colours 2").click()
    await expect(preview.locator(".card")).to_have_css("color", "rgb(255, 246, 234)")

    await page.get_by_role("button", name="Save and start").click()
    await expect(page.get_by_text("active", exact=True)).to_be_visible()
    await page.goto(f"{town.address}/join/cafe/old-town")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Free croissant")
