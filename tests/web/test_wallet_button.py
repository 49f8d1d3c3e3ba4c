"""The way from the card's page into Apple Wallet, with a real pass at its end."""

import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.storage.people.merchants import PassType
from sandbox.certificates import TEAM_IDENTIFIER, DevelopmentChain
from tests.database import Database
from tests.shopfront import Browser, Shopfront, open_shop, opened, served
from tests.wallets import PASS_TYPE

IPHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"}
ANDROID = {"User-Agent": "Mozilla/5.0 (Linux; Android 15)"}
SANDBOX = "http://127.0.0.1:8090"


@pytest.fixture
async def shop(database: Database, apple_chain: DevelopmentChain) -> AsyncIterator[Shopfront]:
    """A shop that can sign passes, on a developer's machine."""
    folder = str(apple_chain.folder)
    async with opened(database, APPLE_FOLDER=folder, SANDBOX_URL=SANDBOX) as resources:
        shop = await open_shop(resources)
        pass_type = PassType(
            identifier=PASS_TYPE,
            merchant_id=shop.merchant.id,
            team_identifier=TEAM_IDENTIFIER,
            organization_name="Café Sonne",
        )
        async with resources.units(shop.merchant.id) as unit:
            await unit.merchants.add_pass_type(pass_type)
        yield shop


@pytest.fixture
async def browser(shop: Shopfront) -> AsyncIterator[Browser]:
    async with served(shop.resources) as opened_browser:
        yield opened_browser


async def test_on_an_iphone_the_wallet_comes_first(browser: Browser) -> None:
    """Elsewhere it waits under "On an iPhone?", after the card itself."""
    card = await browser.join("anna@mail.example")
    places = {}
    for name, headers in (("iphone", IPHONE), ("android", ANDROID)):
        async with browser.client.get(card, headers=headers) as response:
            text = await response.text()
        places[name] = text.index('class="wallet-button"') < text.index('class="card"')
        assert ("On an iPhone?" in text) == (name == "android")
    assert places == {"iphone": True, "android": False}


async def test_the_wallet_button_leads_to_a_signed_pass(browser: Browser) -> None:
    """Its link is made when it is pressed, so that an old page still works."""
    card = await browser.join("anna@mail.example")
    async with browser.client.get(f"{card}/apple-wallet") as response:
        assert response.status == 200
        assert response.content_type == "application/vnd.apple.pkpass"
        assert (await response.read()).startswith(b"PK")
        assert re.search(r"/pass\.pkpass\?expires=\d+&signature=", str(response.url))


async def test_a_developer_can_open_the_pass_on_the_sandbox_phone(browser: Browser) -> None:
    """The phone in the browser is told where the pass can be downloaded."""
    card = await browser.join("anna@mail.example")
    assert "Open on the sandbox phone" in await browser.read(card)
    async with browser.client.get(f"{card}/sandbox-phone", allow_redirects=False) as response:
        leads_to = response.headers["Location"]
    assert leads_to.startswith(f"{SANDBOX}/phone?add=")
    (address,) = parse_qs(urlsplit(leads_to).query)["add"]
    assert address.startswith(f"http://127.0.0.1:8080{card}/pass.pkpass?")


async def test_without_a_sandbox_there_is_no_way_to_it(database: Database) -> None:
    """In production nobody is sent anywhere else."""
    async with opened(database) as resources:
        await open_shop(resources)
        async with served(resources) as browser:
            card = await browser.join("anna@mail.example")
            await browser.read(f"{card}/sandbox-phone", 404)
