"""What is done to books by hand is tried with: a till of a shop with three cards and points."""

from collections.abc import AsyncIterator

import pytest

from gateway.storage.database import Database as Opened
from tests.database import Database
from tests.sales import Till, open_till
from tests.shops import opened


@pytest.fixture
async def books_of_record(database: Database) -> AsyncIterator[Opened]:
    """The test's database, opened with the services' own role."""
    async with opened(database.app_dsn) as ready:
        yield ready


@pytest.fixture
async def till(books_of_record: Opened) -> Till:
    """A shop whose cards earn a point for each euro."""
    return await open_till(books_of_record, cards=3)
