"""A shop's books as tests ask for them: opened by the services' own role, and with one card."""

from collections.abc import AsyncIterator

import pytest

from gateway.storage.database import Database as Opened
from tests.database import Database
from tests.shops import Shop, open_shop, opened


@pytest.fixture
async def books_of_record(database: Database) -> AsyncIterator[Opened]:
    """The test's database, opened with the services' own role."""
    async with opened(database.app_dsn) as ready:
        yield ready


@pytest.fixture
async def bare_shop(books_of_record: Opened) -> Shop:
    """A shop with one card, without cooldown and limit; three stamps make a coffee."""
    return await open_shop(books_of_record)
