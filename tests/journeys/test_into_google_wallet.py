"""A customer takes the card into Google Wallet, by browser, without a script."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from gateway.storage.wallets.google import Written
from tests.googles import ISSUER, make_key_file
from tests.journeys.conftest import Town
from tests.shopfront import Shopfront
from tests.web.google_shop import card_id_of

ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/142 Mobile"


class Google:
    """The place where cards are saved, another site than ours; `asked` is how it was reached."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, str]] = []

    async def offer(self, request: web.Request) -> web.Response:
        """Show what a link offers."""
        self.asked.append(request.headers)
        return web.Response(text="<h1>Save this card?</h1>", content_type="text/html")


@pytest.fixture
def google() -> Google:
    return Google()


@pytest.fixture
async def more_settings(google: Google, tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """A service account, and where its cards are saved."""
    make_key_file(tmp_path / "google", "http://127.0.0.1:1")
    app = web.Application()
    app.router.add_get("/gp/v/save/{token}", google.offer)
    async with TestServer(app) as server:
        yield {
            "GOOGLE_FOLDER": str(tmp_path / "google"),
            "GOOGLE_SAVE_URL": str(server.make_url("/gp/v/save/")),
        }


async def test_the_button_leads_to_google_past_our_own_policy(town: Town, google: Google) -> None:
    """A redirect from our form to Google would be blocked; from the page that waits it is not.

    Back from Google it is the card that is seen, and nobody is sent to Google again.
    """
    shop = town.shop
    async with shop.resources.units(shop.merchant.id) as unit:
        await unit.google.add_issuer(ISSUER)
    page = await town.customer(user_agent=ANDROID, java_script_enabled=False)
    await page.goto(f"{town.address}/join/cafe/old-town")
    await page.get_by_label("Your mail address or mobile number").fill("anna@mail.example")
    await page.get_by_role("button", name="Get my card").click()
    await page.wait_for_url("**/card/cafe/*")
    card = page.url

    # The card is made while the browser is on its way: at once, as in a shop that is not busy.
    button = page.get_by_role("button", name="Add to Google Wallet")
    await asyncio.gather(button.click(), _make(shop, card))

    await expect(page.get_by_role("heading")).to_have_text("Save this card?")
    assert ["Referer" in headers for headers in google.asked] == [False]
    await page.go_back()
    assert page.url == card


async def _make(shop: Shopfront, card: str) -> None:
    """Make the card at Google as soon as it is wanted, as a worker does."""
    card_id = card_id_of(card)
    written = Written(card_id=card_id, version=1, balance="0/0")
    async with asyncio.timeout(10):
        while True:
            async with shop.resources.units(shop.merchant.id) as unit:
                if await unit.google.objects([card_id]):
                    await unit.google.object_written(written, unit.now)
                    return
            await asyncio.sleep(0.01)
