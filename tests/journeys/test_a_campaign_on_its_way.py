"""A merchant writes to every holder: counts, watches, holds, lets go on, and ends another."""

import re
from datetime import UTC, datetime

from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from yarl import URL

from gateway.domain.contacting import default_policy, quiet_until
from sandbox.demo import OWNER_MAIL, OWNER_PASSWORD
from tests.journeys.conftest import ARGUMENTS
from tests.journeys.everyday import add_to_phone, enrol, said, told

__all__ = ["said"]

DESK = {"width": 1280, "height": 900}
ENDS_MILLISECONDS_MAX = 90_000
PER_MINUTE = 20
WATCHED_MILLISECONDS = 2 * 60_000 / PER_MINUTE
"""In this time two more would go, were it not held."""
# Of the demo's eight customers with a stamp card and two of the club all but one agreed to offers
# by mail, and so does the one who joins.
AGREED, HOLDERS = 10, 11


async def test_a_campaign_reaches_mailbox_and_phone_and_can_be_held(
    said: str, chromium: str
) -> None:
    """Numbers move on the page as messages go, stand while it is held, and add up at the end."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        card, _ = await enrol(browser, told(said, "customer"), agreed=True)
        phone = await add_to_phone(card)
        merchant = await log_in(browser, said)
        faults: list[str] = []
        merchant.on("pageerror", lambda error: faults.append(str(error)))

        await write(merchant, "Cake", per_minute=PER_MINUTE)
        await see_estimate(merchant)
        await send(merchant)
        await watch_hold_and_let_go(merchant)
        await see_results(merchant, phone)

        await write(merchant, "Pie", per_minute=1)
        await merchant.get_by_label("Apple Wallet", exact=True).uncheck()
        await send(merchant)
        await cancel(merchant)
        assert faults == []
        await browser.close()


async def log_in(browser: Browser, said: str) -> Page:
    page = await browser.new_page(viewport=DESK)  # type: ignore[arg-type]
    await page.goto(told(said, "merchant"))
    await page.get_by_label("Mail address").fill(OWNER_MAIL)
    await page.get_by_label("Password").fill(OWNER_PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_role("link", name="Campaigns").click()
    return page


async def write(merchant: Page, what: str, *, per_minute: int) -> None:
    """Write for the mail and Apple Wallet; the preview follows while it is typed."""
    await merchant.goto(str(URL(merchant.url).with_path("/merchant/campaigns/new")))
    await merchant.get_by_label("Name").fill(what)
    await merchant.get_by_label("Google Wallet", exact=True).uncheck()
    await merchant.locator('[name="en.wallet"]').fill(f"{what} for you today")
    await merchant.locator('[name="en.subject"]').fill(f"{what} at {{{{ merchant }}}}")
    await merchant.locator('[name="en.body"]').fill("Come by and try it.")
    await merchant.get_by_label("Messages a minute, at most").fill(str(per_minute))
    previews = merchant.locator("#previews")
    await expect(previews.locator(".lock-note")).to_contain_text(f"{what} for you today")
    await expect(previews.locator(".inbox-line")).to_contain_text(f"{what} at Café Lumière")


async def see_estimate(merchant: Page) -> None:
    """Ask before anything is sent; a change of the audience is counted by itself."""
    estimate = merchant.locator("#estimate")
    await merchant.get_by_role("button", name="Count now").click()
    await expect(estimate).to_contain_text(f"{HOLDERS} holders fit")
    await expect(estimate).to_contain_text(f"Mail reaches {AGREED}")
    await expect(estimate).to_contain_text("Apple Wallet reaches 1")
    await expect(estimate).to_contain_text("1 did not agree to offers this way")
    await merchant.get_by_label("Program").select_option("Happy hour")
    await expect(estimate).to_contain_text("1 holder fits")
    await merchant.get_by_label("Program").select_option("All programs")
    await expect(estimate).to_contain_text(f"{HOLDERS} holders fit")


async def send(merchant: Page) -> None:
    """Look it over, and confirm what is said once more."""
    await merchant.get_by_role("button", name="Look it over and send").click()
    await expect(merchant.get_by_text("All holders of a card.")).to_be_visible()
    await expect(merchant.get_by_text(f"Mail reaches {AGREED}")).to_be_visible()
    await merchant.get_by_role("button", name="Send it now").click()


async def watch_hold_and_let_go(merchant: Page) -> None:
    """The page is not loaded again: what it shows comes by its stream."""
    await expect(status(merchant)).to_have_text("sending")
    await merchant.evaluate("window.isTheSamePage = true")
    gone = merchant.locator('[data-count="mail.sent"]')
    await expect(gone).to_have_text(re.compile("[1-9]"))
    seen = await gone.inner_text()
    await expect(gone).not_to_have_text(seen)
    assert await merchant.evaluate("window.isTheSamePage")

    await merchant.get_by_role("button", name="Pause").click()
    await expect(status(merchant)).to_have_text("paused")
    await expect(merchant.locator('[data-count="mail.sending"]')).to_have_count(0)
    held = await counts(merchant)
    assert held["mail"] == HOLDERS
    await merchant.wait_for_timeout(WATCHED_MILLISECONDS)
    assert await counts(merchant) == held
    await merchant.get_by_role("button", name="Go on").click()
    await expect(status(merchant)).to_have_text("sending")


async def see_results(merchant: Page, phone: Page) -> None:
    """Every mail is in the mailbox once; the phone tells of it, but for the quiet hours."""
    arrived = merchant.locator('[data-count="mail.sent"]')
    await expect(arrived).to_have_text(str(AGREED), timeout=ENDS_MILLISECONDS_MAX)
    left_out = merchant.locator('[data-count="mail.skipped"]')
    await expect(left_out).to_have_text(str(HOLDERS - AGREED))
    await look_into_mailbox(phone)
    quiet = default_policy("LU").quiet
    if quiet_until(quiet, "Europe/Luxembourg", datetime.now(UTC)):
        await expect(merchant.locator('[data-count="apple.queued"]')).to_have_text("1")
        return
    told_of = phone.get_by_text("Cake for you today").first
    await expect(told_of).to_be_visible(timeout=ENDS_MILLISECONDS_MAX)
    await expect(status(merchant)).to_have_text("sent", timeout=ENDS_MILLISECONDS_MAX)
    await expect(merchant.locator('[data-count="apple.fetched"]')).to_have_text("1")
    await expect(merchant.get_by_role("button", name="Pause")).to_be_hidden()


async def look_into_mailbox(phone: Page) -> None:
    mailbox = await phone.context.new_page()
    await mailbox.goto(f"{URL(phone.url).origin()}/mail")
    letters = mailbox.get_by_role("link", name=re.compile("Cake at Café Lumière"))
    await expect(letters).to_have_count(AGREED)
    await mailbox.close()


async def cancel(merchant: Page) -> None:
    """Say it twice; what did not go is counted as left out, and it stays on the list."""
    gone = merchant.locator('[data-count="mail.sent"]')
    await expect(gone).to_have_text("1")
    await merchant.get_by_role("link", name="Cancel", exact=True).click()
    await merchant.get_by_role("button", name="Cancel it for good").click()
    await expect(status(merchant)).to_have_text("cancelled")
    await expect(merchant.get_by_text("Ended")).to_be_visible()
    await expect(merchant.get_by_text("not sent, as the campaign was cancelled")).to_be_visible()
    assert await counts(merchant) == {"mail": HOLDERS}
    await merchant.get_by_role("link", name="Campaigns", exact=True).first.click()
    await expect(merchant.get_by_role("article")).to_have_count(2)


def status(merchant: Page) -> Locator:
    return merchant.locator("#live .badge")


async def counts(merchant: Page) -> dict[str, int]:
    """Add up what the page shows, by channel."""
    added: dict[str, int] = {}
    for one in await merchant.locator("[data-count]").all():
        name = await one.get_attribute("data-count") or ""
        channel = name.partition(".")[0]
        added[channel] = added.get(channel, 0) + int(await one.inner_text())
    return added
