"""A customer's card in each language, on a phone, with something of everything on it."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from uuid_utils.compat import uuid7

from gateway.domain.rewards import Reward
from gateway.domain.rules.plan import Plan
from tests.catalogues import a_design
from tests.journeys.conftest import Town
from tests.journeys.scanners import scan_as_keyboard
from tests.journeys.test_thumbs import check
from tests.pictures import a_picture
from tests.plans import hybrid_plan, spending_plan
from workers.channels.picture.drawing import EDGE_PIXELS_MAX, draw_small

CAKE = "https://cafe.example/cake.jpg"
PICTURES = os.environ.get("TEST_PICTURES")
"""A folder for pictures of the pages, for people who want to look."""


@pytest.fixture
def plan() -> Plan:
    """A program of everything."""
    return hybrid_plan()


async def offer(town: Town, name: str, cost: int, **more: object) -> None:
    """Put a reward on the shelf."""
    design = a_design(name=name, unit="point", cost=cost, **more)
    reward = Reward(id=uuid7(), program_id=town.shop.program.id, design=design)
    async with town.shop.resources.units(town.shop.merchant.id) as unit:
        assert await unit.rewards.add(reward, unit.now)


async def buy(town: Town, code: str, amount: str) -> None:
    """Pay at the till, with the card."""
    till = await town.at_till()
    await scan_as_keyboard(till, code)
    await till.get_by_label("Amount paid").fill(amount)
    await till.get_by_role("button", name="Record purchase").click()
    await till.get_by_role("button", name="Undo").wait_for()


async def choose(page: Page, language: str) -> None:
    """Choose a language by thumb, whatever the page speaks."""
    here = page.url
    await page.goto(f"{here}/preferences")
    await page.locator("#language").select_option(language)
    await page.locator("button[value=speak]").click()
    await page.goto(here)


async def test_a_card_is_whole_in_every_language(town: Town) -> None:
    """Nothing English is left on it, nothing is cut off, and every button fits a thumb."""
    await offer(town, "Kuchen", 100, image=CAKE)
    async with town.shop.resources.units(town.shop.merchant.id) as unit:
        await unit.pictures.want(CAKE, unit.now)
        await unit.pictures.keep(CAKE, draw_small(a_picture()))
    await offer(town, "Frühstück", 900, tier_min="gold")
    await offer(town, "Tasse", 5_000, per_member_max=1)
    card, code = await town.joined()
    loaded = await card.locator(".prize img").evaluate(
        "(img) => img.decode().then(() => img.naturalWidth)"
    )
    assert loaded == EDGE_PIXELS_MAX
    await buy(town, code, "112,50")

    for language, said in {
        "en": (
            "1 of 3",
            "2 more stamps to go.",
            "Your level",
            "4,888 more points to go for Tasse.",
        ),
        "fr": (
            "1 sur 3",
            "Encore 2 tampons.",
            "Votre niveau : A free",
            "Encore 4888 points pour : Tasse.",
        ),
        "de": ("1 von 3", "Noch 2 Stempel.", "Ihre Stufe", "Noch 4.888 Punkte bis zu: Tasse."),
        "lb": ("1/3", "Nach 2 Stempelen.", "Ären Niveau", "Nach 4.888 Punkte bis: Tasse."),
    }.items():
        await choose(card, language)
        await expect(card.locator("html")).to_have_attribute("lang", language)
        for words in said:
            await expect(card.locator("#live")).to_contain_text(words)
        await check(card)
        if PICTURES:
            path = Path(PICTURES) / f"card-{language}.png"
            await card.screenshot(path=path, full_page=True)
        if language != "en":
            text = await card.locator("body").inner_text()
            for english in (
                "Show this",
                "Ready",
                "What ",
                "Collected",
                "points to go",
                "Messages a",
            ):
                assert english not in text


@pytest.mark.parametrize("plan", [spending_plan()])
async def test_who_joins_reads_the_language_of_their_browser(town: Town) -> None:
    """From the joining page on, though the shop's own is another; amounts as it writes them."""
    page = await town.customer(locale="de-LU")
    await page.goto(f"{town.address}/join/cafe/old-town")
    await page.get_by_label("Ihre Mailadresse oder Handynummer").fill("anna@mail.example")
    await page.get_by_role("button", name="Meine Karte bekommen").click()

    await expect(page.locator(".card-number")).to_have_text("0,00 von 100,00 EUR")
    await expect(page.locator("#sentence")).to_have_text("Noch 100,00 EUR.")
    await check(page)
