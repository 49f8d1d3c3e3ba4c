"""What is done to books by hand is tried with: a till of a shop with three cards and points."""

import pytest

from gateway.storage.database import Database as Opened
from tests.sales import Till, open_till


@pytest.fixture
async def till(books_of_record: Opened) -> Till:
    """A shop whose cards earn a point for each euro."""
    return await open_till(books_of_record, cards=3)
