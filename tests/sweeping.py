"""Empties a test's database for the next test, or says that it must be dropped instead."""

import asyncio

import asyncpg

# Connections end a moment after their test; who stays longer was forgotten by it.
GOODBYE_SECONDS_MAX = 0.2
POLL_SECONDS = 0.001
# Deleted rows still take room (nothing vacuums here), which in time costs more than a copy.
USES_MAX = 40

_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
        AND pid <> pg_backend_pid()
"""
# A backend adds its counts before it is gone from pg_stat_activity, so they are complete.
_SCHEMA_CHANGES = """
    SELECT sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del)::bigint
    FROM pg_stat_sys_tables s JOIN pg_class c ON c.oid = s.relid
    WHERE NOT c.relisshared AND s.schemaname IN ('pg_catalog', 'pg_toast')
"""
# What migrations have filled is no test's to change, least of all `alembic_version`.
_FILLED = """
    SELECT array_agg(oid) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""
_FILLED_CHANGES = """
    SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint FROM pg_stat_user_tables
    WHERE relid = ANY ($1)
"""
_INSERTED = """
    SELECT quote_ident(relname), n_tup_ins FROM pg_stat_user_tables
    WHERE schemaname = 'public' AND n_tup_ins > 0
"""
_REWIND_SEQUENCES = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"


class Sweeper:
    """Stays connected to one database for as long as tests follow each other in it."""

    def __init__(self, connection: asyncpg.Connection, filled: list[int]) -> None:
        """Take the connection and the tables that are not empty; see `start_sweeping`."""
        self._connection = connection
        self._filled = filled
        self._inserted: dict[str, int] = {}
        self._uses = 0

    async def sweep(self) -> bool:
        """Delete all rows; False where the next test could notice that there was one before.

        That is where a test left a connection open, changed the schema, or where the database
        has served long enough.
        """
        self._uses += 1
        if self._uses >= USES_MAX:
            return False
        try:
            if not await self._is_left_alone() or await self._is_altered():
                return False
            await self._delete_rows()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            # Some tests end every connection there is.
            return False
        return True

    def stop(self) -> None:
        """Leave the database."""
        self._connection.terminate()

    async def _is_left_alone(self) -> bool:
        try:
            async with asyncio.timeout(GOODBYE_SECONDS_MAX):
                while await self._connection.fetchval(_OTHERS):  # noqa: ASYNC110 -- the server tells nobody
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            return False
        return True

    async def _is_altered(self) -> bool:
        changes = await self._connection.fetchrow(
            f"SELECT ({_SCHEMA_CHANGES}), ({_FILLED_CHANGES})", self._filled
        )
        return any(changes)

    async def _delete_rows(self) -> None:
        inserted = dict(await self._connection.fetch(_INSERTED))
        touched = [name for name, number in inserted.items() if number != self._inserted.get(name)]
        deletions = [f"DELETE FROM {name}" for name in touched]  # noqa: S608 -- names of our own
        await self._connection.execute("; ".join([*deletions, _REWIND_SEQUENCES]))
        self._inserted = inserted


async def start_sweeping(superuser_dsn: str) -> Sweeper:
    """Connect to a database nobody has used yet."""
    connection = await asyncpg.connect(superuser_dsn)
    # References are not checked: the rows they name go too, in whatever order.
    await connection.execute("SET session_replication_role = replica")
    return Sweeper(connection, await connection.fetchval(_FILLED))
