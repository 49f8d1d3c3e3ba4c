"""What tests of the workers may ask for."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from gateway.storage.database import Database as Opened
from sandbox.certificates import DevelopmentChain
from tests.database import Database
from tests.shops import opened
from tests.wallets import Cafe, apple_chain, cafe
from tests.workers.stages import Stage, apns_of

__all__ = ["apple_chain", "cafe"]


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[Opened]:
    """The database as a worker opens it."""
    async with opened(database.worker_dsn) as connected:
        yield connected


@pytest.fixture
async def stage(
    database: Database, apple_chain: DevelopmentChain, cafe: Cafe, redis_url: str
) -> AsyncIterator[Stage]:
    """A shop on a database of the test's own, with a phone network and an empty Redis."""
    sql = await asyncpg.connect(database.superuser_dsn)
    try:
        async with apns_of(apple_chain) as apns:
            yield Stage(database, apple_chain, cafe, apns, redis_url, sql)
    finally:
        await sql.close()
