"""Handed out to the wrong customer: one touch, and everything is as before."""

import pytest
from playwright.async_api import expect

from gateway.domain.rules.plan import Plan
from tests.journeys.conftest import Town
from tests.journeys.scanners import scan_as_keyboard
from tests.plans import stamp_plan


@pytest.fixture
def plan() -> Plan:
    """Two stamps make a coffee."""
    return stamp_plan(2)


async def test_a_reward_handed_out_by_mistake_is_taken_back_at_once(town: Town) -> None:
    """The stamps are on the card again, and the reward can be redeemed again."""
    _, code = await town.joined()
    till = await town.at_till()
    for number in (1, 2):
        await scan_as_keyboard(till, code)
        await till.get_by_role("button", name="Stamp", exact=True).click()
        await expect(till.locator("#count")).to_have_text(f"{number} of 2")
        if number == 1:
            await till.get_by_role("button", name="Next customer").last.click()
    for _ in range(2):
        await till.get_by_role("button", name="Redeem: Coffee").click()
        await till.get_by_role("button", name="Handed out").click()
        await expect(till.locator("#outcome")).to_contain_text("Handed out.")
        await expect(till.locator("#count")).to_have_text("0 of 2")
        await till.get_by_role("button", name="Undo").click()
        await expect(till.locator("#outcome")).to_contain_text("Taken back.")
        await expect(till.locator("#count")).to_have_text("2 of 2")
