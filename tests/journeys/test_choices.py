"""A customer who chooses what they hear, and a merchant who finds the words for it."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Town

DESK = {"width": 1280, "height": 900}


@pytest.mark.parametrize("has_scripts", [True, False])
async def test_a_customer_chooses_on_their_card(town: Town, has_scripts: bool) -> None:  # noqa: FBT001
    """From the card to the boxes, an address more, another language, and back, by thumb."""
    page = await town.customer(java_script_enabled=has_scripts)
    await page.goto(f"{town.address}/join/cafe/old-town")
    await page.get_by_label("Your mail address or mobile number").fill("anna@mail.example")
    await page.get_by_role("button", name="Get my card").click()
    await page.get_by_role("link", name="Messages and addresses").click()

    await page.get_by_label("Yes, Café Sonne may send me offers by mail.").check()
    await page.get_by_role("button", name="Save my choices").click()
    await expect(page.get_by_role("status")).to_have_text("Saved. This holds from now on.")
    await expect(page.get_by_label("offers by mail")).to_be_checked()

    await page.get_by_label("Another mail address or mobile number").fill("621 123 456")
    await page.get_by_role("button", name="Use this address").click()
    await expect(page.get_by_text("…456")).to_be_visible()
    await expect(page.get_by_label("offers by SMS")).not_to_be_checked()

    await page.get_by_label("Language").select_option("fr")
    await page.get_by_role("button", name="Write to me in this language").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Que souhaitez-vous recevoir ?"
    )
    await page.get_by_role("button", name="Ne plus rien m’écrire").click()
    await expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    await page.get_by_role("link", name="Retour à ma carte").click()
    await expect(page.locator(".card-count")).to_have_text("0 sur 10")


async def test_a_merchant_sees_the_mail_while_writing_it(town: Town) -> None:
    """The frame follows the words, a gap is filled by a click, and what is kept is kept."""
    page = await town.owner(viewport=DESK)
    await page.get_by_role("link", name="Messages").click()
    await page.get_by_role("link", name="Words for: Welcome").click()

    mail = page.frame_locator("#mail")
    await expect(mail.get_by_role("link", name="Show my card")).to_be_visible()
    await page.get_by_label("Text", exact=True).fill("Hello and welcome to ")
    await page.get_by_role("button", name="{{ program }}").click()
    welcome = mail.get_by_role("paragraph").filter(has_text="Hello and welcome to Coffee card")
    await expect(welcome).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved.")
    await expect(page.get_by_text("your words")).to_be_visible()

    await page.get_by_role("button", name="Send a test to my own address").click()
    await expect(page.get_by_role("status")).to_contain_text("It is on its way")


async def test_a_merchant_sees_what_a_text_message_costs(town: Town) -> None:
    """The count follows the words, and a mistake stands beside the field."""
    page = await town.owner(viewport=DESK)
    await page.goto(f"{town.address}/merchant/messages/stamp/sms/en")
    await page.get_by_label("Text message").fill("{{ merchant }}: thank you ☕" + "!" * 60)
    await expect(page.get_by_text("2 SMS, each charged")).to_be_visible()
    await page.get_by_label("Text message").fill("Thank you!")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#body-hint")).to_have_text(re.compile("Please say who writes"))
    await expect(page.get_by_label("Text message")).to_have_value("Thank you!")


async def test_words_are_found_without_scripts(town: Town) -> None:
    """The mail's frame and the wallet's line show what was typed, and nothing is kept by it."""
    page = await town.owner(java_script_enabled=False, viewport=DESK)
    await page.goto(f"{town.address}/merchant/messages/stamp/mail/en")
    await page.get_by_label("Text", exact=True).fill("Only typed")
    await page.get_by_role("button", name="Show preview").click()
    mail = page.frame_locator("#mail")
    await expect(mail.get_by_role("paragraph").filter(has_text="Only typed")).to_be_visible()

    await page.get_by_role("link", name="Wallet").click()
    await page.get_by_label("Line").fill("{{ stamps_missing }} more")
    await page.get_by_role("button", name="Show preview").click()
    await expect(page.locator(".lock-note")).to_contain_text("4 stamps more")
    await expect(page.get_by_text("our words")).to_be_visible()
