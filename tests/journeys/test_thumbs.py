"""Everything that is pressed by thumb is large enough for one, and everything has a name."""

import pytest
from playwright.async_api import Page

from tests.journeys.conftest import Town
from tests.journeys.scanners import scan_as_keyboard

TARGET_PIXELS_MIN = 44
# What can be pressed and can be seen; text links inside a sentence are exempt (WCAG 2.5.8).
TARGETS = """() => [...document.querySelectorAll(
  'button, a.button, .wallet-button, summary, label.tick, label.photo, .person span, input, select'
)].filter((target) => target.checkVisibility()
    && !['hidden', 'checkbox', 'radio', 'file'].includes(target.type)
    && !target.closest('.unseen'))
  .map((target) => ({
    name: target.getAttribute('aria-label') || target.labels?.[0]?.innerText
      || target.textContent.trim(),
    width: target.getBoundingClientRect().width,
    height: target.getBoundingClientRect().height,
  }))"""


async def check(page: Page) -> None:
    """See that nothing on the page is too small, nameless, or wider than the screen."""
    await page.wait_for_load_state()
    for target in await page.evaluate(TARGETS):
        assert target["name"], target
        assert min(target["width"], target["height"]) >= TARGET_PIXELS_MIN, (page.url, target)
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert not await page.evaluate(wide), f"{page.url} scrolls sideways"


@pytest.mark.parametrize("width", [320, 390])
async def test_the_till_is_made_for_thumbs(town: Town, width: int) -> None:
    """The PIN pad, the scanner, and a card with all its buttons."""
    card, code = await town.joined()
    await card.set_viewport_size({"width": width, "height": 844})
    await check(card)
    till = await town.till()
    await till.set_viewport_size({"width": width, "height": 640})
    await till.goto(f"{town.address}/till/pair/cafe?code={await town.shop.invite()}")
    await check(till)
    await till.get_by_role("button", name="Pair").click()
    await till.wait_for_url("**/till")
    await check(till)
    await till.get_by_text("Mia").click()
    await till.get_by_label("PIN", exact=True).fill("7351")
    await till.keyboard.press("Enter")
    await till.wait_for_url("**/till/scan")
    await check(till)
    await scan_as_keyboard(till, code)
    await till.get_by_role("button", name="Stamp", exact=True).click()
    await till.get_by_role("button", name="Undo").wait_for()
    await check(till)
