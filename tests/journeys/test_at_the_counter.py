"""From the poster to the stamp, and from the tenth stamp to the reward, in a real browser."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Route, expect

from gateway.resources import new_id
from gateway.services.merchants.designing import Author, Design, publish_version
from tests.journeys.cameras import picture_code
from tests.journeys.conftest import Town
from tests.journeys.scanners import scan_as_keyboard
from tests.shopfront import CLOCK, ORIGIN, PIN

TEN = 10


async def test_a_stamp_scanned_at_the_till_appears_on_the_customers_card(town: Town) -> None:
    """The camera reads the code, one touch stamps, and the card in the hand counts one more."""
    card, code = await town.joined()
    await expect(card.locator(".card-count")).to_have_text("0 of 10")

    till = await town.at_till(code)
    await till.get_by_role("button", name="Stamp", exact=True).click()
    await expect(till.locator("#outcome")).to_contain_text("Stamped.")
    await expect(till.locator("#count")).to_have_text("1 of 10")

    await expect(card.locator(".card-count")).to_have_text("1 of 10")
    await expect(card.locator(".dot.is-taken")).to_have_count(1)


async def test_ten_stamps_are_a_reward_that_is_handed_out(town: Town) -> None:
    """The scanner on a cable is as good as the camera; the customer compares the code."""
    card, code = await town.joined("+352 621 000 001")
    till = await town.at_till()
    for number in range(1, TEN + 1):
        await scan_as_keyboard(till, code)
        await till.get_by_role("button", name="Stamp", exact=True).click()
        await expect(till.locator("#count")).to_have_text(f"{number} of 10")
        if number < TEN:
            await till.get_by_role("button", name="Next customer").last.click()
    await expect(card.locator(".ready")).to_contain_text("Free coffee")

    await till.get_by_role("button", name="Redeem: Free coffee").click()
    await expect(till.locator("#reserved-code")).to_be_visible()
    spoken = await till.locator("#reserved-code").inner_text()
    await expect(card.locator(".ready .code")).to_have_text(spoken)
    await till.get_by_role("button", name="Handed out").click()
    await expect(till.locator("#outcome")).to_contain_text("Handed out.")
    await expect(card.locator(".card-count")).to_have_text("0 of 10")
    await expect(card.locator(".visits")).to_contain_text("Reward collected")


async def test_a_double_tap_is_one_stamp(town: Town) -> None:
    """Two touches on the button are one wish, and do not send the customer away."""
    _, code = await town.joined()
    till = await town.at_till()
    await scan_as_keyboard(till, code)
    await till.get_by_role("button", name="Stamp", exact=True).dblclick()
    await expect(till.locator("#count")).to_have_text("1 of 10")
    await expect(till.get_by_role("button", name="Undo")).to_be_visible()
    await till.get_by_role("button", name="Undo").click()
    await expect(till.locator("#count")).to_have_text("0 of 10")


async def test_a_stamp_pressed_again_after_silence_counts_once(town: Town) -> None:
    """The answer is lost on the way; the second press carries the same key."""
    _, code = await town.joined()
    till = await town.at_till()
    await scan_as_keyboard(till, code)
    lost = 0

    async def lose_the_answer(route: Route) -> None:
        nonlocal lost
        lost += 1
        await route.fetch()
        await route.abort()

    await till.route("**/till/api/stamps", lose_the_answer)
    await till.get_by_role("button", name="Stamp", exact=True).click()
    await expect(till.locator("#outcome")).to_contain_text("No connection.")
    await till.unroute("**/till/api/stamps")
    await till.get_by_role("button", name="Stamp", exact=True).click()
    await expect(till.locator("#count")).to_have_text("1 of 10")
    assert lost > 1


async def test_a_card_is_found_in_a_photo_and_a_foreign_code_is_refused(town: Town) -> None:
    """What works without a camera works; what is not ours is said to be so."""
    _, code = await town.joined()
    till = await town.at_till()
    await till.locator("#photo").set_input_files(picture_code(code, town.folder / "photo.jpg"))
    await expect(till.locator("#customer")).to_have_text("a…@m….example")
    await till.keyboard.press("Escape")
    await till.get_by_label("Card code").fill("LC1-SOMEBODYELSE")
    await till.get_by_role("button", name="Find").click()
    await expect(till.locator("#status")).to_have_text("This is not one of our cards.")


async def test_a_stamp_too_soon_says_when_in_the_shops_own_time(town: Town) -> None:
    """The hour is the one on the shop's wall, wherever the till's clock believes to be."""
    await set_cooldown(town, 15)
    _, code = await town.joined()
    till = await town.at_till(timezone_id="Pacific/Auckland")
    for _ in range(2):
        await scan_as_keyboard(till, code)
        await till.get_by_role("button", name="Stamp", exact=True).click()
        await expect(till.locator("#outcome")).to_be_visible()
    await expect(till.locator("#outcome")).to_contain_text("This card was stamped a moment ago.")
    reason = await till.locator("#outcome-reason").inner_text()
    told = re.fullmatch(r"Next stamp possible at (?:\w+ )?(\d\d):(\d\d)\.", reason)
    assert told is not None, reason
    later = datetime.now(UTC) + timedelta(minutes=15)
    expected = later.astimezone(ZoneInfo(CLOCK.time_zone))
    minutes = int(told[1]) * 60 + int(told[2]) - expected.hour * 60 - expected.minute
    assert minutes % (24 * 60) in {0, 24 * 60 - 1}


async def set_cooldown(town: Town, minutes: int) -> None:
    """Publish the program with another cooldown."""
    program = town.shop.program
    version = program.version
    limits = replace(version.plan.limits, cooldown_minutes=minutes)
    plan = replace(version.plan, limits=limits)
    design = Design(name=version.name, plan=plan, look=version.look)
    author = Author(principal=town.shop.owner, origin=ORIGIN, new_id=new_id)
    async with town.shop.resources.units(town.shop.merchant.id) as unit:
        await publish_version(unit, program.id, design, author, revision=program.revision)


async def test_a_pin_can_be_typed_right_after_choosing_a_person(town: Town) -> None:
    """Whoever has a keyboard chooses, types and presses Enter, without touching the field."""
    till = await town.till()
    await till.goto(f"{town.address}/till/pair/cafe?code={await town.shop.invite()}")
    await till.get_by_role("button", name="Pair").click()
    await till.get_by_text("Mia").click()
    await till.keyboard.type(f"9{PIN}")
    for _ in range(len(PIN) + 1):
        await till.keyboard.press("Backspace")
    await till.keyboard.type(PIN)
    await till.keyboard.press("Enter")
    await till.wait_for_url("**/till/scan")
