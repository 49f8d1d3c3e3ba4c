"""A database that has served one test is like new for the next one, or not used again."""

import asyncio

import asyncpg
import pytest

from gateway.storage.tables import metadata
from tests.database import Database, Databases
from tests.shops import open_shop, opened
from tests.sweeping import USES_MAX

ROWS = " + ".join(f"(SELECT count(*) FROM {name})" for name in metadata.tables)  # noqa: S608 -- names of our own
OPEN_CAFE = "INSERT INTO merchants VALUES (gen_random_uuid(), 'cafe', 'Café', 'LU', 'en', now())"
LAST_TAG = "SELECT pg_sequence_last_value('pass_tags')"
END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
# Each would be noticed by the next test.
TRACES = (
    "CREATE TABLE mine (id int)",
    "ALTER TABLE cards DISABLE ROW LEVEL SECURITY",
    "GRANT DELETE ON cards TO passgate_app",
    "DROP INDEX deliveries_target_index",
    "DROP FUNCTION make_partitions",
    "SELECT make_partitions(6)",
    "UPDATE alembic_version SET version_num = '0001'",
    END_OTHERS,
)


def run(database: Database, statement: str) -> object:
    async def running() -> object:
        connection = await asyncpg.connect(database.superuser_dsn)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(running())


async def fill(database: Database) -> None:
    async with opened(database.app_dsn) as books:
        shop = await open_shop(books, cards=2)
        await shop.fill(3)
        await shop.reserve()


def test_the_next_test_finds_no_row(databases: Databases) -> None:
    """Whatever was written, by whomever, in whichever month; a sequence begins again too."""
    names = []
    for _ in range(3):
        with databases.fresh() as database:
            names.append(database.name)
            assert (run(database, f"SELECT {ROWS}"), run(database, LAST_TAG)) == (0, None)
            asyncio.run(fill(database))
            run(database, "SELECT nextval('pass_tags')")
            assert run(database, f"SELECT {ROWS}") != 0
    assert len(set(names)) < len(names), "none was used twice"


@pytest.mark.parametrize("trace", TRACES)
def test_what_leaves_a_trace_is_not_used_again(databases: Databases, trace: str) -> None:
    """Whose schema, rights or version changed is dropped; so is one that cannot be swept."""
    with databases.fresh() as database:
        run(database, trace)
    with databases.fresh() as next_one:
        assert next_one.name != database.name


def test_a_forgotten_transaction_reaches_nobody(databases: Databases) -> None:
    """Its row would come when the next test has long begun."""
    with asyncio.Runner() as runner:
        with databases.fresh() as database:
            forgotten = runner.run(asyncpg.connect(database.superuser_dsn))
            runner.run(forgotten.execute(f"BEGIN; {OPEN_CAFE}"))
        with databases.fresh() as next_one:
            assert next_one.name != database.name
        forgotten.terminate()


def test_a_database_serves_only_so_many_tests(databases: Databases) -> None:
    """Deleted rows still take room, which makes what comes after them slow."""
    names = []
    for _ in range(USES_MAX + 1):
        with databases.fresh() as database:
            names.append(database.name)
    assert len(set(names)) == 2
