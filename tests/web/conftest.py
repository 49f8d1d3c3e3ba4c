"""The small surface of `doors`, served over real HTTP, and a shop with a browser in it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.app import create_app
from gateway.web import assets
from gateway.web.identity.tokens import Mint, key_ring
from gateway.web.wiring import Wiring
from tests.database import Database
from tests.shopfront import Browser, Shopfront, open_shop, opened, served
from tests.wallets import apple_chain, cafe, phone
from tests.web.doors import DOORS, FORM, NOW, Client, DriverError, Open, guard

__all__ = ["apple_chain", "cafe", "phone"]


@pytest.fixture(scope="session")
def mint() -> Mint:
    """A mint in the middle of a key rotation."""
    older = ec.generate_private_key(ec.SECP256R1()).public_key()
    ring = key_ring(ec.generate_private_key(ec.SECP256R1()), older)
    return Mint(ring, issuer="https://gate.example", audience="passgate-api")


@pytest.fixture
def wiring(mint: Mint) -> Wiring:
    """The surroundings of the small application."""
    return Wiring(
        public_url="http://127.0.0.1:8080",
        csrf_key=b"c" * 32,
        cursor_key=b"l" * 32,
        now=lambda: NOW,
        assets=assets.load(),
        guard=guard,
        mint=mint,
        outages=(DriverError, TimeoutError),
    )


@pytest.fixture
def open_doors(
    aiohttp_client: Callable[..., Awaitable[Client]], wiring: Wiring, tmp_path: Path
) -> Open:
    """Open the small application, with some of its surroundings changed."""

    async def opened(**changes: object) -> Client:
        changed = replace(wiring, **changes)  # type: ignore[arg-type]
        (tmp_path / "form.html").write_text(FORM)
        return await aiohttp_client(create_app(changed, DOORS, templates=(tmp_path,)))

    return opened


@pytest.fixture
async def client(open_doors: Open) -> Client:
    """A client of the small application."""
    return await open_doors()


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shopfront]:
    """A shop with a program that runs."""
    async with opened(database) as resources:
        yield await open_shop(resources)


@pytest.fixture
async def browser(shop: Shopfront) -> AsyncIterator[Browser]:
    """A browser that nobody is logged in with."""
    async with served(shop.resources) as opened_browser:
        yield opened_browser
