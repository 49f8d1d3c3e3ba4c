"""A shop, and a browser in which its owner is logged in."""

from collections.abc import AsyncIterator

import pytest

from tests.shopfront import Browser, Shopfront, log_in, served


@pytest.fixture
async def browser(shop: Shopfront) -> AsyncIterator[Browser]:
    async with served(shop.resources) as opened_browser:
        await log_in(opened_browser, shop)
        yield opened_browser
