"""A customer takes the card into Google Wallet, by browser, without a script."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from gateway.storage.wallets.google import GoogleObject, Written
from tests.googles import ISSUER, make_key_file
from tests.journeys.conftest import Town
from tests.shopfront import Shopfront
from tests.web.google_shop import SAVE_URL, card_id_of

ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/142 Mobile"


@pytest.fixture
def more_settings(tmp_path: Path) -> dict[str, str]:
    """A service account, and a place to save cards that is another site than ours."""
    make_key_file(tmp_path / "google", "http://127.0.0.1:1")
    return {"GOOGLE_FOLDER": str(tmp_path / "google"), "GOOGLE_SAVE_URL": SAVE_URL}


async def test_the_button_leads_to_google_past_our_own_policy(town: Town) -> None:
    """A redirect from our form to Google would be blocked; from the page that waits it is not.

    Back from Google it is the card that is seen, and nobody is sent to Google again.
    """
    shop = town.shop
    async with shop.resources.units(shop.merchant.id) as unit:
        await unit.google.add_issuer(ISSUER)
    page = await town.customer(user_agent=ANDROID, java_script_enabled=False)
    asked: list[Mapping[str, str]] = []

    async def google(route: Route) -> None:
        asked.append(await route.request.all_headers())
        await route.fulfill(body="<h1>Save this card?</h1>", content_type="text/html")

    await page.route(f"{SAVE_URL}**", google)
    await page.goto(f"{town.address}/join/cafe/old-town")
    await page.get_by_label("Your mail address or mobile number").fill("anna@mail.example")
    await page.get_by_role("button", name="Get my card").click()
    await page.wait_for_url("**/card/cafe/*")
    card = page.url

    await page.get_by_role("button", name="Add to Google Wallet").click()
    await _write(shop, await _wanted(shop, card))

    await expect(page.get_by_role("heading")).to_have_text("Save this card?")
    assert [headers.get("referer") for headers in asked] == [None]
    await page.go_back()
    assert page.url == card


async def _wanted(shop: Shopfront, card: str) -> GoogleObject:
    """Wait until the card is to be made at Google."""
    card_id = card_id_of(card)
    async with asyncio.timeout(10):
        while True:
            async with shop.resources.units(shop.merchant.id) as unit:
                found = await unit.google.objects([card_id])
            if found:
                return found[card_id]
            await asyncio.sleep(0.05)


async def _write(shop: Shopfront, wanted: GoogleObject) -> None:
    """Make it there, as a worker does."""
    written = Written(card_id=wanted.card_id, version=1, balance="0/0")
    async with shop.resources.units(shop.merchant.id) as unit:
        await unit.google.object_written(written, unit.now)
