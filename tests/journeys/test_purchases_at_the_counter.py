"""Cards whose rules look at what was paid, in a real browser, at both sizes of till."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from gateway.domain.rules.plan import Plan
from tests.journeys.conftest import PHONE, Town
from tests.journeys.scanners import scan_as_keyboard
from tests.journeys.test_thumbs import check
from tests.plans import hybrid_plan, punch_plan, spending_plan, tier_plan, visit_plan

TABLET = {"width": 1024, "height": 768}
PICTURES = os.environ.get("TEST_PICTURES")
"""A folder for pictures of the pages, for people who want to look."""


@pytest.fixture(params=[PHONE, TABLET], ids=["phone", "tablet"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    """The screen of the till."""
    found: dict[str, int] = request.param
    return found


async def picture(page: Page, name: str) -> None:
    """Keep a picture of a page, if somebody wants them."""
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


async def pay(till: Page, amount: str) -> None:
    """Enter an amount as staff do."""
    await till.get_by_label("Amount paid").fill(amount)
    await till.get_by_role("button", name="Record purchase").click()


@pytest.mark.parametrize("plan", [tier_plan()])
async def test_a_purchase_gives_points_and_can_be_taken_back(
    town: Town, size: dict[str, int]
) -> None:
    """The till asks for the amount, says what it gave, and takes it back when it was wrong."""
    card, code = await town.joined()
    await expect(card.locator(".card-number")).to_have_text("0 points")
    till = await town.at_till(viewport=size)
    await scan_as_keyboard(till, code)
    await expect(till.locator("#program")).to_contain_text("Points card")
    await check(till)
    await picture(till, f"till-asks-{size['width']}")

    await pay(till, "12,5O")
    await expect(till.get_by_role("alert")).to_have_text("Please enter an amount like 12.00.")
    await pay(till, "112,50")
    await expect(till.locator("#outcome")).to_contain_text("+112 points.")
    await expect(till.locator("#count")).to_have_text("112 points")
    await expect(till.locator("#lines")).to_have_text("Level: Silver")
    await check(till)
    await picture(till, f"till-told-{size['width']}")
    await expect(card.locator(".card-number")).to_have_text("112 points")
    await picture(card, "card-points")

    await till.get_by_role("button", name="Undo").click()
    await expect(till.locator("#outcome")).to_contain_text("Taken back.")
    await expect(till.locator("#count")).to_have_text("0 points")


@pytest.mark.parametrize("plan", [punch_plan()])
async def test_too_small_a_purchase_says_why_it_gave_nothing(
    town: Town, size: dict[str, int]
) -> None:
    """In the words of the rule, so that staff can tell the customer."""
    _, code = await town.joined()
    till = await town.at_till(viewport=size)
    await scan_as_keyboard(till, code)
    await pay(till, "3.20")
    await expect(till.locator("#outcome")).to_contain_text("Minimum purchase is 3.50, paid 3.20.")
    await picture(till, f"till-why-not-{size['width']}")


@pytest.mark.parametrize("plan", [spending_plan()])
async def test_enough_spent_is_a_reward_to_hand_out(town: Town, size: dict[str, int]) -> None:
    """What was spent fills up; the reward is redeemed at the same till."""
    card, code = await town.joined()
    till = await town.at_till(viewport=size)
    await scan_as_keyboard(till, code)
    await pay(till, "112.50")
    await expect(till.locator("#outcome")).to_contain_text("Recorded.")
    await picture(till, f"till-ready-{size['width']}")
    await till.get_by_role("button", name="Redeem: A cake").click()
    await till.get_by_role("button", name="Handed out").click()
    await expect(till.locator("#outcome")).to_contain_text("Handed out. A cake")
    await expect(card.locator(".card-number")).to_have_text("12.50 of 100.00 EUR")
    await picture(card, "card-spending")


@pytest.mark.parametrize(
    ("plan", "kind", "asks"),
    [(visit_plan(), "Visit card", False), (hybrid_plan(), "Stamp card", True)],
    ids=["visits", "hybrid"],
)
async def test_a_till_asks_for_an_amount_only_when_a_rule_needs_it(
    town: Town, plan: Plan, kind: str, *, asks: bool
) -> None:
    """Nobody types what makes no difference."""
    card, code = await town.joined()
    till = await town.at_till()
    await scan_as_keyboard(till, code)
    await expect(till.locator("#program")).to_contain_text(kind)
    await expect(till.locator("#sale")).to_be_visible(visible=asks)
    await expect(till.locator("#stamp")).to_be_visible(visible=not asks)
    if asks:
        await pay(till, "80")
    else:
        await till.get_by_role("button", name="Stamp", exact=True).click()
    await expect(till.locator("#outcome")).to_be_visible()
    await picture(till, f"till-{len(plan.rules)}-rules")
    await card.reload()
    await picture(card, f"card-{len(plan.rules)}-rules")
