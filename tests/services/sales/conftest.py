"""What sales are tried with: a shop whose cards earn a point for each euro."""

import pytest

from gateway.storage.database import Database as Opened
from tests.sales import Till, open_till


@pytest.fixture
async def till(books_of_record: Opened) -> Till:
    """A till of a shop with two cards and a point for each euro."""
    return await open_till(books_of_record, cards=2)
