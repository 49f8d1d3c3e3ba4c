"""What sales are tried with: a shop whose cards earn a point for each euro."""

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
    """A till of a shop with two cards and a point for each euro."""
    return await open_till(books_of_record, cards=2)
