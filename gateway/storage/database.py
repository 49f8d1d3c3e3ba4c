"""The database opened once: a pool for the hot path, an engine for everything else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import sqlalchemy.exc
from sqlalchemy import ExceptionContext, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from gateway.domain.programs import ProgramVersion
from gateway.storage.cards.ledger import Ledger
from gateway.storage.cards.program_pages import ProgramPages
from gateway.storage.cards.vault import Vault
from gateway.storage.cards.versions import Versions
from gateway.storage.people.locations import Locations
from gateway.storage.people.merchants import Directory, Location
from gateway.storage.server.addresses import driver_url
from gateway.storage.server.bell import Bell
from gateway.storage.unit import Units

CONNECT_SECONDS_MAX = 5.0
POOL_WAIT_SECONDS_MAX = 2.0
# What looks at whole books grows with them, and nobody stands at a till waiting for it.
PATIENT_SECONDS_MAX = 600.0
PATIENT_CONNECTIONS_MAX = 2
# After a failover a name may lead to the old server for a while: who connected there would stay.
_ATTRIBUTES = "primary"

_DRIVER_OUTAGES: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # What the driver says of a connection that ends while it is being written to.
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.QueryCanceledError,
)
OUTAGES: tuple[type[Exception], ...] = (
    OSError,
    TimeoutError,
    *_DRIVER_OUTAGES,
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.TimeoutError,
)
"""How it looks when the database does not answer."""


def _name_outages(context: ExceptionContext) -> BaseException | None:
    """Raise the driver's own outage: SQLAlchemy names it as it names our mistakes."""
    cause = context.original_exception.__cause__
    return cause if isinstance(cause, _DRIVER_OUTAGES) else None


def _replace_closed(_adapter: object, entry: ConnectionPoolEntry, _proxy: object) -> None:
    """Let the pool open another connection instead of one that the server has closed.

    The driver hears of that by itself. Asking the server, as `pool_pre_ping` does, costs three
    round trips per unit; of a peer that is lost without a word a statement's time-out tells.
    """
    driver = entry.driver_connection
    if driver is not None and driver.is_closed():
        raise sqlalchemy.exc.DisconnectionError


async def _leave_as_is(_connection: object) -> None:
    """Spare the driver's reset, a round trip after each call.

    Only single statements run on this pool, each a transaction of its own, and what they set they
    set for that transaction.
    """


@dataclass(frozen=True, slots=True)
class Database:
    """Everything that reads and writes, ready for use.

    `patient` opens units like `units`, on connections of their own and for statements that may
    take minutes: audits, exports and reports over whole books.
    """

    engine: AsyncEngine
    pool: asyncpg.Pool
    units: Units
    patient: Units
    program_pages: ProgramPages
    versions: Versions
    locations: Locations
    bell: Bell

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator[Ledger]:
        """Open the ledger on one connection, for a set's reading and its writing."""
        async with self.pool.acquire() as connection:
            yield Ledger(connection.fetch)

    @asynccontextmanager
    async def directory(self) -> AsyncIterator[Directory]:
        """Open the directory of public facts, before a merchant is known."""
        async with self.engine.connect() as connection:
            yield Directory(connection)

    async def ping(self) -> object:
        """Ask the database for a sign of life."""
        return await self.pool.fetchval("SELECT 1", timeout=1.0)


@asynccontextmanager
async def open_database(
    url: str, *, pool_size: int, seconds_max: float, vault: Vault, new_id: Callable[[], UUID]
) -> AsyncIterator[Database]:
    """Open pool, engine and bell on `url`, and close them in the opposite order.

    No statement may take longer than `seconds_max`.
    """
    engine = _engine(url, pool_size, seconds_max)
    patient = _engine(url, PATIENT_CONNECTIONS_MAX, PATIENT_SECONDS_MAX, patience=True)
    pool = asyncpg.create_pool(
        url,
        min_size=1,
        max_size=pool_size,
        timeout=CONNECT_SECONDS_MAX,
        command_timeout=seconds_max,
        target_session_attrs=_ATTRIBUTES,
        reset=_leave_as_is,
    )
    async with pool:
        bell = Bell(lambda: pool.execute("SELECT pg_notify('outbox', '')"))

        async def read_version(merchant_id: UUID, version_id: UUID) -> ProgramVersion:
            async with units(merchant_id) as unit:
                return await unit.programs.version(version_id)

        async def read_location(merchant_id: UUID, location_id: UUID) -> Location:
            async with units(merchant_id) as unit:
                return await unit.merchants.location(location_id)

        versions, locations = Versions(read_version), Locations(read_location)
        units = Units(engine, vault, new_id, bell.ring, versions)
        patiently = Units(patient, vault, new_id, bell.ring, versions)
        program_pages = ProgramPages(pool.fetch, versions)
        ringing = asyncio.create_task(bell.run())
        try:
            yield Database(
                engine, pool, units, patiently, program_pages, versions, locations, bell
            )
        finally:
            ringing.cancel()
            with suppress(asyncio.CancelledError):
                await ringing
            await engine.dispose()
            await patient.dispose()


def _engine(
    url: str, pool_size: int, seconds_max: float, *, patience: bool = False
) -> AsyncEngine:
    """Return an engine whose statements end after `seconds_max`, if the server lets them.

    With `patience` the role's own limit on the server is raised to the same, and statements are
    planned for their values: a plan for any merchant made a report take a hundred times as long.
    """
    server = (
        {
            "statement_timeout": str(int(seconds_max * 1000)),
            "plan_cache_mode": "force_custom_plan",
        }
        if patience
        else {}
    )
    engine = create_async_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS_MAX,
        # An error's text reaches the log; what was written is nobody's business there.
        hide_parameters=True,
        connect_args={
            "timeout": CONNECT_SECONDS_MAX,
            "command_timeout": seconds_max,
            "server_settings": server,
            "target_session_attrs": _ATTRIBUTES,
        },
    )
    event.listen(engine.sync_engine, "handle_error", _name_outages)
    event.listen(engine.sync_engine, "checkout", _replace_closed)
    return engine
