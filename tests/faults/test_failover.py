"""A failover: who serves is the server that may be written to, and the other is an outage."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from gateway.storage.database import OUTAGES
from sandbox.ports import free_port
from tests.database import Database
from tests.faults.durable import DurableServer, prepare
from tests.shops import open_shop, opened


@pytest.fixture
def standby(tmp_path: Path) -> Iterator[DurableServer]:
    """A server that can be made a standby of nobody."""
    server = DurableServer(tmp_path / "postgres", free_port())
    yield server
    server.stop()


async def test_nobody_stays_with_a_server_that_only_reads(standby: DurableServer) -> None:
    """Connecting to a standby is an outage, so that the next connection may find the primary."""
    services = await prepare(standby.start().dsn())
    standby.stop()
    (standby.folder / "data" / "standby.signal").touch()
    standby.start()
    with pytest.raises(OUTAGES):
        async with opened(services):
            pass


@pytest.fixture
async def read_only(database: Database) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Make the test's database refuse writing; the tests after this one write again."""
    superuser = await asyncpg.connect(database.superuser_dsn)
    name = "default_transaction_read_only"

    async def refuse() -> None:
        await superuser.execute(f"ALTER DATABASE {database.name} SET {name} = on")

    yield refuse
    await superuser.execute(f"ALTER DATABASE {database.name} RESET {name}")
    await superuser.close()


async def test_a_database_that_refuses_writing_is_an_outage(
    database: Database, read_only: Callable[[], Awaitable[None]]
) -> None:
    """As when its disk is full: the doors say to try again, and reading goes on."""
    async with opened(database.app_dsn) as books:
        shop = await open_shop(books)
    await read_only()
    async with opened(database.app_dsn) as books:
        with pytest.raises(OUTAGES):
            await replace(shop, database=books).stamp()
        with pytest.raises(OUTAGES):
            async with books.units(shop.merchant_id) as unit:
                await unit.pictures.want("https://cafe.example/mug.png", unit.now)
        found = await books.program_pages.one(shop.merchant_id, shop.program.id)
        assert found.id == shop.program.id
