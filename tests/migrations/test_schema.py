"""The schema: as the program describes it, divided by month, and closed to who should not."""

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from uuid_utils.compat import uuid7

from gateway.storage.auditing.invariants import QUERIES
from gateway.storage.queues.housekeeping import Housekeeping
from gateway.storage.server import migrating
from gateway.storage.server.addresses import driver_url
from tests.database import Database, make_empty
from tests.shops import open_shop, opened

APPENDED_ONLY = (
    "transactions",
    "entries",
    "reversals",
    "source_events",
    "program_versions",
    "tier_moves",
    "consumptions",
    "checkpoints",
    "checkpoint_heads",
    "consents",
    "audit",
)
FORBIDDEN = (
    "CREATE TABLE mine (id int)",
    "DROP TABLE cards",
    "ALTER TABLE cards DISABLE ROW LEVEL SECURITY",
    "TRUNCATE cards",
    "DELETE FROM cards",
    "DELETE FROM customers",
    "DELETE FROM idempotency_keys",
    "SET ROLE passgate_owner",
)
DIVIDED = ("transactions", "entries", "deliveries")
MONTHS = 5


async def test_the_database_is_what_the_program_describes(database: Database) -> None:
    """After all migrations nothing differs from the tables the stores use."""
    await migrating.check(database.owner_dsn)
    query = "SELECT version_num FROM alembic_version"
    assert await _fetch(database.owner_dsn, query) == [(migrating.newest_revision(),)]


async def test_a_difference_would_be_noticed(database: Database) -> None:
    """The check is one that can fail."""
    await _execute(database.owner_dsn, "ALTER TABLE cards DROP COLUMN chain_number")
    with pytest.raises(Exception, match="chain_number"):
        await migrating.check(database.owner_dsn)


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    """The migrations a database has are not run again."""
    await migrating.migrate(database.owner_dsn)
    await migrating.check(database.owner_dsn)


async def test_an_empty_database_is_brought_up_from_nothing(database: Database) -> None:
    """One command is all a new installation needs."""
    empty = f"{database.name}_empty"
    await make_empty(database.superuser_dsn, empty)
    url = database.owner_dsn.replace(database.name, empty)
    try:
        await migrating.migrate(url)
        await migrating.check(url)
    finally:
        await _execute(database.superuser_dsn, f'DROP DATABASE "{empty}" WITH (FORCE)')


async def test_months_are_made_ahead_and_only_once(database: Database) -> None:
    """The worker makes what is missing: last month, this one and three more of each table."""
    assert await _partitions(database) == MONTHS * len(DIVIDED)
    assert await _make_partitions(database.worker_dsn, 3) == 0
    assert await _make_partitions(database.worker_dsn, 5) == 2 * len(DIVIDED)
    assert await _make_partitions(database.worker_dsn, 5) == 0
    for months in (-1, 25):
        with pytest.raises(asyncpg.RaiseError):
            await _make_partitions(database.worker_dsn, months)
    engine = create_async_engine(driver_url(database.worker_dsn))
    assert await Housekeeping(engine).make_partitions() == 0
    await engine.dispose()


async def test_only_the_worker_makes_months(database: Database) -> None:
    """The web process cannot."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _make_partitions(database.app_dsn, 3)


async def test_each_month_is_closed_by_its_own_name(database: Database) -> None:
    """A row goes into the month it happened in, and nobody reads it there."""
    async with opened(database.app_dsn) as books:
        shop = await open_shop(books)
        await shop.fill(1)
        ((part,),) = await shop.rows("SELECT tableoid::regclass::text FROM transactions")
        ((month,),) = await shop.rows(
            "SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY_MM') FROM transactions"
        )
    assert part == f"transactions_{month}"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _execute(database.app_dsn, f'SELECT FROM "{part}"')


async def test_what_happened_cannot_be_edited(database: Database) -> None:
    """Neither service may change or delete a line of the books."""
    for dsn in (database.app_dsn, database.worker_dsn):
        connection = await asyncpg.connect(dsn)
        for table in APPENDED_ONLY:
            for change in (f"UPDATE {table} SET merchant_id = NULL", f"DELETE FROM {table}"):  # noqa: S608 -- names of our own
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(change)
        await connection.close()


async def test_what_was_asked_for_and_sold_stays(database: Database) -> None:
    """Of an adjustment the decision changes, of a sale its state, and nothing else."""
    fixed = {
        "adjustments": ("unit", "amount", "reason", "asked_by", "asked_by_staff_id", "card_id"),
        "sales": ("source", "reference", "occurred_at", "business_day", "program_version_id"),
    }
    for dsn in (database.app_dsn, database.worker_dsn):
        connection = await asyncpg.connect(dsn)
        for table, columns in fixed.items():
            for column in columns:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(f"UPDATE {table} SET {column} = NULL")  # noqa: S608 -- names of our own
        await connection.close()


async def test_the_web_process_owns_nothing(database: Database) -> None:
    """It can make no table, take no lock off, and forget no answer."""
    connection = await asyncpg.connect(database.app_dsn)
    for statement in FORBIDDEN:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def test_every_table_is_closed_even_to_its_owner(database: Database) -> None:
    """Row-level security is on and forced everywhere, with a policy on all but the months."""
    query = """
        SELECT c.relname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
        WHERE s.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND (c.relispartition OR EXISTS (
            SELECT FROM pg_policy p WHERE p.polrelid = c.oid)))
    """
    assert await _fetch(database.superuser_dsn, query) == []


async def test_no_reference_crosses_from_one_merchant_to_another(database: Database) -> None:
    """Every foreign key names the merchant too, since references go around row-level security."""
    query = """
        SELECT conname FROM pg_constraint f WHERE contype = 'f' AND NOT EXISTS (
            SELECT FROM unnest(f.conkey) AS n JOIN pg_attribute a
            ON a.attrelid = f.conrelid AND a.attnum = n WHERE a.attname = 'merchant_id')
    """
    assert await _fetch(database.superuser_dsn, query) == []


async def test_without_a_merchant_nothing_is_seen(database: Database) -> None:
    """Who says no merchant, or said one in an earlier transaction, sees no row and no error."""
    async with opened(database.app_dsn) as books:
        shop = await open_shop(books)
        assert len(await shop.rows("SELECT 1 FROM cards")) == 1
    connection = await asyncpg.connect(database.app_dsn)
    assert await connection.fetch("SELECT 1 FROM cards") == []
    for merchant, seen in ((shop.merchant_id, 1), (uuid7(), 0)):
        async with connection.transaction():
            await connection.execute("SELECT set_config('app.merchant', $1, true)", str(merchant))
            assert len(await connection.fetch("SELECT 1 FROM cards")) == seen
        assert await connection.fetch("SELECT 1 FROM cards") == []
    await connection.close()


async def test_nobody_waits_for_ever(database: Database) -> None:
    """Both services have limits for locks, statements and forgotten transactions."""
    for dsn in (database.app_dsn, database.worker_dsn):
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            ((value,),) = await _fetch(dsn, f"SHOW {name}")
            assert value not in {"0", ""}, (dsn, name)


async def test_the_checks_of_the_books_run_as_the_web_process(database: Database) -> None:
    """Each invariant is a query the services may run."""
    engine = create_async_engine(driver_url(database.app_dsn))
    async with engine.connect() as connection:
        for query in QUERIES.values():
            assert list(await connection.execute(text(query), {"merchant": uuid7()})) == []
    await engine.dispose()


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _fetch(dsn: str, query: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(dsn)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def _make_partitions(dsn: str, months: int) -> int:
    ((made,),) = await _fetch(dsn, f"SELECT make_partitions({months})")
    assert isinstance(made, int)
    return made


async def _partitions(database: Database) -> int:
    query = "SELECT FROM pg_class WHERE relispartition AND relkind = 'r'"
    return len(await _fetch(database.superuser_dsn, query))
