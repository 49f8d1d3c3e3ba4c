"""Standing still: an answer that posts nothing shows a card as it is by then."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.database import Database
from tests.sales import Till
from tests.waiting import until_it_waits


@pytest.fixture
async def somebody(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else who writes."""
    connection = await asyncpg.connect(database.superuser_dsn)
    yield connection
    await connection.close()


async def test_a_known_state_is_answered_with_what_it_came_to(
    till: Till, somebody: asyncpg.Connection
) -> None:
    """Never with the card as it stood before the state that is known already."""
    await till.tell(1_000)
    async with somebody.transaction():
        await somebody.execute("UPDATE cards SET version = version + 1")
        await somebody.execute("UPDATE accounts SET balance = 6 WHERE account = 'available'")
        telling = asyncio.create_task(till.tell(1_000))
        await until_it_waits(somebody, telling)
    told = await telling
    assert (told["given"], told["progress"]["count"]) == ([], 6)
