"""The database opened: units are whole or nothing, the bell rings once, outages have a name."""

import asyncio
from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy.exc
import structlog.testing
from sqlalchemy import text
from uuid_utils.compat import uuid7

from gateway.domain.errors import NotFound
from gateway.domain.events.cards import CardOpened
from gateway.domain.programs import ProgramVersion
from gateway.storage.cards import versions as versions_module
from gateway.storage.cards.versions import Versions
from gateway.storage.database import OUTAGES
from gateway.storage.database import Database as Opened
from gateway.storage.server.bell import Bell
from tests.database import Database
from tests.shops import Shop, body, open_shop, opened

PROMPT_SECONDS_MAX = 5.0


async def test_a_unit_that_fails_writes_nothing(bare_shop: Shop) -> None:
    """Neither rows nor facts outlive an error inside."""

    async def work() -> None:
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            unit.announce(CardOpened(card_id=uuid7(), program_id=uuid7()))
            await unit.cards.change_look(bare_shop.program.id, UUID(int=0), 10)
            await unit.cards.one(uuid7())

    with pytest.raises(NotFound):
        await work()
    assert await bare_shop.facts() == []
    assert await bare_shop.balances() == (0, 0, 1)


async def test_an_error_of_the_database_does_not_tell_what_was_written(bare_shop: Shop) -> None:
    """Its text reaches the log, where no address, token or hash belongs."""
    with pytest.raises(sqlalchemy.exc.DBAPIError) as caught:
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            await unit.staff.by_email("person@example.com\x00")
    assert "staff.email" in str(caught.value)
    assert "person@example.com" not in str(caught.value)


async def test_a_unit_that_is_cancelled_writes_nothing_and_gives_its_place_back(
    database: Database,
) -> None:
    """Who hangs up mid-way leaves no half effect and no lost connection."""
    async with opened(database.app_dsn, pool_size=1) as books:
        shop = await open_shop(books)
        inside = asyncio.Event()

        async def work() -> None:
            async with books.units(shop.merchant_id) as unit:
                await unit.cards.change_look(shop.program.id, UUID(int=0), 10)
                inside.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(work())
        await inside.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await shop.balances() == (0, 0, 1)


async def test_units_of_two_merchants_share_connections_and_nothing_else(
    database: Database,
) -> None:
    """On one and the same connection the next unit sees its own merchant only."""
    async with opened(database.app_dsn, pool_size=1) as books:
        ours, theirs = await open_shop(books), await open_shop(books, slug="other")
        for shop, other in ((ours, theirs), (theirs, ours)):
            async with books.units(shop.merchant_id) as unit:
                assert [card.id for card in await unit.cards.page(10)] == list(shop.cards)
                with pytest.raises(NotFound):
                    await unit.cards.one(other.cards[0])
        async with books.engine.connect() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM cards"))).scalar() == 0


async def test_a_held_lock_is_an_outage_on_both_paths(database: Database) -> None:
    """Nobody waits for a lock for ever, and the doors recognise what happened."""
    async with opened(database.app_dsn) as books:
        shop = await open_shop(books)
        command = shop.stamp_command()
        holder = await asyncpg.connect(database.superuser_dsn)
        async with holder.transaction():
            await holder.execute("LOCK TABLE cards IN ACCESS EXCLUSIVE MODE")
            outcomes = await asyncio.gather(
                shop.stamp(command), shop.balances(), return_exceptions=True
            )
        await holder.close()
        assert all(isinstance(outcome, OUTAGES) for outcome in outcomes), outcomes
        (after,) = await shop.stamp(command)
        assert body(after)["given"] == [{"unit": "stamp", "amount": 1}]


async def test_a_cut_connection_is_an_outage_once(database: Database) -> None:
    """After every connection was ended by the server, the next tries succeed by themselves."""
    async with opened(database.app_dsn, pool_size=2) as books:
        shop = await open_shop(books)
        await shop.fill(1)
        await _end_connections(database)
        for _ in range(3):
            try:
                await shop.stamp()
            except OUTAGES:
                continue
        await _end_connections(database)
        assert (await shop.balances())[0] >= 1, "units look before they use a connection"
        assert not await shop.violations()


async def test_a_connection_cut_inside_a_unit_is_an_outage(bare_shop: Shop) -> None:
    """The doors answer it with: please try again."""
    with pytest.raises(OUTAGES):
        await bare_shop.rows("SELECT pg_terminate_backend(pg_backend_pid())")


async def test_a_unit_asks_nothing_but_what_it_is_for(bare_shop: Shop) -> None:
    """Its beginning, its merchant and its end; no round trip to see whether anybody is there."""
    asked: list[str] = []
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        raw = await unit._connection.get_raw_connection()
        assert raw.driver_connection is not None
        raw.driver_connection.add_query_logger(lambda record: asked.append(record.query))
    async with bare_shop.database.units(bare_shop.merchant_id):
        pass
    # What is prepared, as a unit's own statements, the driver does not tell of.
    assert asked == ["COMMIT;", "BEGIN;", "COMMIT;"]


async def test_whole_books_are_looked_at_with_patience(database: Database) -> None:
    """What would keep a till waiting is cut off; an audit may take its time."""
    slow = text("SELECT pg_sleep(1.5)")
    async with opened(database.app_dsn, seconds_max=1) as books:
        shop = await open_shop(books)
        with pytest.raises(OUTAGES):
            async with books.units(shop.merchant_id) as unit:
                await unit._connection.execute(slow)
        async with books.patient(shop.merchant_id) as unit:
            await unit._connection.execute(slow)


async def test_a_full_pool_is_an_outage_soon(database: Database) -> None:
    """Who finds no free connection hears so in seconds."""
    async with opened(database.app_dsn, pool_size=1) as books:
        shop = await open_shop(books)
        async with books.units(shop.merchant_id):
            async with asyncio.timeout(PROMPT_SECONDS_MAX):
                with pytest.raises(sqlalchemy.exc.TimeoutError) as waited:
                    await shop.balances()
        assert isinstance(waited.value, OUTAGES)


async def test_the_bell_rings_once_for_many_and_again_after_an_error() -> None:
    """A ring that fails is logged without its reason, and does not silence the bell."""
    rings = 0

    async def notify() -> None:
        nonlocal rings
        rings += 1
        if rings == 1:
            raise OSError("secret")

    bell = Bell(notify)
    with structlog.testing.capture_logs() as logs:
        ringing = asyncio.create_task(bell.run())
        for _ in range(10):
            bell.ring()
        await asyncio.sleep(0.05)
        assert rings == 1
        bell.ring()
        await asyncio.sleep(0.05)
        ringing.cancel()
    assert rings == 2
    assert logs == [{"event": "bell_failed", "error": "OSError", "log_level": "warning"}]


async def test_a_commit_is_heard(database: Database) -> None:
    """A unit with facts wakes who listens."""
    heard = asyncio.Event()
    listener = await asyncpg.connect(database.worker_dsn)
    await listener.add_listener("outbox", lambda *_: heard.set())
    async with opened(database.app_dsn) as books:
        shop = await open_shop(books)
        async with books.units(shop.merchant_id) as unit:
            unit.announce(CardOpened(card_id=shop.cards[0], program_id=shop.program.id))
        async with asyncio.timeout(PROMPT_SECONDS_MAX):
            await heard.wait()
    await listener.close()


async def test_versions_are_read_once_and_the_oldest_forgotten(
    bare_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What never changes is kept, but not without end."""
    monkeypatch.setattr(versions_module, "VERSIONS_MAX", 2)
    reads = []

    async def read(_merchant: object, version_id: UUID) -> ProgramVersion:
        reads.append(version_id)
        return replace(bare_shop.program.version, id=version_id)

    versions = Versions(read)
    one, two, three = uuid7(), uuid7(), uuid7()
    for version_id in (one, one, two, three, three, one):
        await versions.of(bare_shop.merchant_id, version_id)
    assert reads == [one, two, three, one]


async def test_an_open_database_gives_a_sign_of_life(books_of_record: Opened) -> None:
    """Readiness asks for it."""
    assert await books_of_record.ping() == 1


async def _end_connections(database: Database) -> None:
    connection = await asyncpg.connect(database.superuser_dsn)
    await connection.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = $1 AND pid <> pg_backend_pid()",
        database.name,
    )
    await connection.close()
