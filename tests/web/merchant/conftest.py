"""A shop, and a browser in which its owner is logged in."""

from collections.abc import AsyncIterator

import pytest

from tests.database import Database
from tests.shopfront import Browser, Shopfront, log_in, open_shop, opened, served


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shopfront]:
    async with opened(database) as resources:
        yield await open_shop(resources)


@pytest.fixture
async def browser(shop: Shopfront) -> AsyncIterator[Browser]:
    async with served(shop.resources) as opened_browser:
        await log_in(opened_browser, shop)
        yield opened_browser
