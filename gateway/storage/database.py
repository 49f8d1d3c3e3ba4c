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

from gateway.domain.programs import ProgramVersion
from gateway.storage.cards.ledger import Ledger
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

_DRIVER_OUTAGES: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # What the driver says of a connection that ends while it is being written to.
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
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
    """Raise the driver's own outage: SQLAlchemy gives it and our mistakes one and the same name.

    Not to the pool's ping, which has its own way with them.
    """
    cause = context.original_exception.__cause__
    return cause if isinstance(cause, _DRIVER_OUTAGES) and not context.is_pre_ping else None


async def _leave_as_is(_connection: object) -> None:
    """Spare the driver's reset, a round trip after each call.

    Only `ledger_read`, `ledger_write` and `pg_notify` run on this pool, each a transaction of its
    own, and what they set they set for that transaction.
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
        ringing = asyncio.create_task(bell.run())
        try:
            yield Database(engine, pool, units, patiently, versions, locations, bell)
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

    With `patience` the role's own limit on the server is raised to the same.
    """
    server = {"statement_timeout": str(int(seconds_max * 1000))} if patience else {}
    engine = create_async_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS_MAX,
        pool_pre_ping=True,
        # An error's text reaches the log; what was written is nobody's business there.
        hide_parameters=True,
        connect_args={
            "timeout": CONNECT_SECONDS_MAX,
            "command_timeout": seconds_max,
            "server_settings": server,
        },
    )
    event.listen(engine.sync_engine, "handle_error", _name_outages)
    return engine
