"""A stamp reaches both wallets and the mailbox, and who says no there hears of no offer more."""

import re
from itertools import pairwise
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from yarl import URL

from sandbox.demo import OWNER_MAIL, OWNER_PASSWORD
from tests.journeys.conftest import ARGUMENTS
from tests.journeys.everyday import ADDRESS, add_to_phone, camera, enrol, said, stamp, told
from tests.workers.stages import eventually

__all__ = ["said"]

MASKED = "a…@m….example"
"""Enough of the address for a merchant to know whom it is about."""
DESK = {"width": 1280, "height": 900}


async def test_a_stamp_reaches_google_and_the_mailbox(
    said: str, chromium: str, tmp_path: Path
) -> None:
    """Poster, both boxes, both wallets, till, mails, their links, one click, and no more offers.

    Nothing is left out: what the worker sends to Google and the mail server is what is looked at.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        card, code = await enrol(browser, told(said, "customer"), agreed=True)
        phone = await add_to_phone(card)
        await add_to_google(card)
        await phone.reload()
        counter = await playwright.chromium.launch(
            executable_path=chromium, args=[*ARGUMENTS, *camera(code, tmp_path)]
        )
        await stamp(counter, said)
        await counter.close()

        apple = expect(phone.get_by_text("You have 1 of 10 stamps").first)
        await apple.to_be_visible()
        await expect(google_card(phone)).to_contain_text("1/10")
        mailbox = Mailbox(await browser.new_page(viewport=DESK), origin_of(phone))  # type: ignore[arg-type]
        await read_mails(browser, mailbox)
        await say_no_to_offers(browser, said, mailbox)
        await browser.close()


class Mailbox:
    """The customer's letters, as the sandbox shows them."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self._origin = origin

    async def open(self, subject: str) -> None:
        """Open the newest letter of this subject, as soon as it is there."""
        letter = self.page.get_by_role("link", name=re.compile(f"{subject}.*{ADDRESS}"))

        async def look() -> bool:
            await self.page.goto(f"{self._origin}/mail")
            return await letter.count() > 0

        await eventually(look)
        await letter.first.click()

    async def text(self) -> str:
        """Return what the open letter says in plain text."""
        return await self.page.locator("pre.plain").inner_text()

    async def links(self) -> dict[str, str]:
        """Return the links of the open letter's plain text, by the line before each."""
        lines = (await self.text()).splitlines()
        return {above: line for above, line in pairwise(lines) if line.startswith("http")}


async def add_to_google(card: Page) -> Page:
    """Press the button on the card's page, wait for the card at Google, and save it there."""
    wallet = await card.context.new_page()
    await wallet.goto(card.url)
    await wallet.get_by_role("button", name="Add to Google Wallet").click()
    await wallet.wait_for_url("**/gp/v/save/**")
    await expect(wallet.get_by_role("heading", level=1)).to_have_text("Add to Google Wallet")
    await wallet.get_by_role("button", name="Add").click()
    await expect(google_card(wallet)).to_contain_text("0/10")
    return wallet


def google_card(phone: Page) -> Locator:
    """Return the card in the phone's Google Wallet."""
    return phone.get_by_role("region", name="Google Wallet").get_by_role("article")


async def read_mails(browser: Browser, mailbox: Mailbox) -> None:
    """Read the welcome and the news of the stamp; the links open on another device."""
    await mailbox.open("Your card at Café Lumière is ready")
    await expect(mailbox.page.get_by_text("Faults")).to_have_count(0)
    await mailbox.open("1 of 10 stamps at Café Lumière")
    await expect(mailbox.page.get_by_text("Faults")).to_have_count(0)
    links = await mailbox.links()

    context = await browser.new_context(viewport=DESK)  # type: ignore[arg-type]
    other = await context.new_page()
    await other.goto(links["Show my card"])
    await expect(other.locator(".card-count")).to_have_text("1 of 10")
    await other.goto(links["What I want to hear about"])
    await expect(other.get_by_role("heading", level=1)).to_have_text(
        "What may we write to you about?"
    )
    await expect(other.get_by_label("offers by mail")).to_be_checked()
    await context.close()


async def say_no_to_offers(browser: Browser, said: str, mailbox: Mailbox) -> None:
    """Get an offer, say no by the mailbox's own button, and be left out of the next."""
    merchant = await log_in(browser, said)
    await send(merchant, "Cake")
    await expect(await recipient(merchant)).to_contain_text("sent")
    await mailbox.open("Cake today")
    await mailbox.page.get_by_role("button", name="Unsubscribe, as the mailbox does").click()
    await expect(mailbox.page.get_by_role("status")).to_contain_text("answered")
    await expect(mailbox.page.get_by_role("status")).to_contain_text("with 200")

    await send(merchant, "Tea")
    row = await recipient(merchant)
    await expect(row).to_contain_text("left out")
    await expect(row).to_contain_text("did not agree to offers this way")
    await mailbox.page.goto(f"{origin_of(mailbox.page)}/mail")
    letters = mailbox.page.get_by_role("link", name=re.compile("Tea today"))
    await expect(letters.first).to_be_visible()
    await expect(letters.filter(has_text=ADDRESS)).to_have_count(0)


async def log_in(browser: Browser, said: str) -> Page:
    """Open the merchant's pages as their owner."""
    page = await browser.new_page(viewport=DESK)  # type: ignore[arg-type]
    await page.goto(told(said, "merchant"))
    await page.get_by_label("Mail address").fill(OWNER_MAIL)
    await page.get_by_label("Password").fill(OWNER_PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await page.wait_for_url("**/merchant**")
    return page


async def send(merchant: Page, what: str) -> None:
    """Write a campaign by mail alone, send it, and wait until it is over."""
    await merchant.goto(f"{origin_of(merchant)}/merchant/campaigns/new")
    await merchant.get_by_label("Name").fill(what)
    for wallet in ("Apple Wallet", "Google Wallet"):
        await merchant.get_by_label(wallet, exact=True).uncheck()
    await merchant.locator('[name="en.subject"]').fill(f"{what} today")
    await merchant.locator('[name="en.body"]').fill("Come and try it.")
    await merchant.get_by_role("button", name="Look it over and send").click()
    await merchant.get_by_role("button", name="Send it now").click()
    await expect(merchant.locator("#live .badge")).to_have_text("sent")


async def recipient(merchant: Page) -> Locator:
    """Return what the merchant's page says of the customer."""
    await merchant.get_by_role("link", name="Recipients").click()
    return merchant.get_by_role("row").filter(has_text=MASKED)


def origin_of(page: Page) -> str:
    """Return scheme, host and port of a page."""
    return str(URL(page.url).origin())
