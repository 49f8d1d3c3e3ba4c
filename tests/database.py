"""Databases for tests: copies of one migrated template per process, swept between tests."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from gateway.storage.server import migrating, roles
from tests.sweeping import Sweeper, start_sweeping

# Roles belong to the whole server and several test processes share it, so the passwords are fixed.
PASSWORDS = roles.RolePasswords(owner="test-owner", app="test-app", worker="test-worker")
# Any number will do as long as all test processes use the same.
_ROLES_LOCK = 7_204_158


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One test's own database, and the URLs by which its four kinds of users reach it."""

    name: str
    superuser_dsn: str = field(repr=False)
    owner_dsn: str = field(repr=False)
    app_dsn: str = field(repr=False)
    worker_dsn: str = field(repr=False)


class Databases:
    """Copies databases from a template that our own migrations made."""

    def __init__(self, superuser_dsn: str, template: str, runner: asyncio.Runner) -> None:
        """Remember the server; `open_databases` makes the template."""
        self._superuser_dsn = superuser_dsn
        self._template = template
        self._runner = runner
        self._numbers = count(1)
        self._connection: asyncpg.Connection | None = None
        self._spare: tuple[Database, Sweeper] | None = None

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """Give a database with the schema and no rows, and take it back with its connections.

        It is swept for the next test (4 ms). One that a test left open, altered or that refuses
        to be swept is dropped for a new copy (60 ms), so that no test can reach the next one.
        """
        database, sweeper = self._spare or self._runner.run(self._copy())
        self._spare = None
        try:
            yield database
        finally:
            self._runner.run(self._take_back(database, sweeper))

    async def prepare(self) -> None:
        """Make the roles and the template; one test process at a time may touch the roles."""
        self._connection = await asyncpg.connect(self._superuser_dsn)
        await self._connection.execute("SELECT pg_advisory_lock($1)", _ROLES_LOCK)
        await roles.prepare_database(self._superuser_dsn, self._template, PASSWORDS)
        await self._connection.execute("SELECT pg_advisory_unlock($1)", _ROLES_LOCK)
        await migrating.migrate(_addresses(self._superuser_dsn, self._template).owner_dsn)

    async def remove(self) -> None:
        """Drop what is left and leave the server."""
        assert self._connection is not None
        if self._spare:
            await self._drop(*self._spare)
        await self._connection.execute(f'DROP DATABASE "{self._template}" WITH (FORCE)')
        await self._connection.close()

    async def _copy(self) -> tuple[Database, Sweeper]:
        assert self._connection is not None
        database = _addresses(self._superuser_dsn, f"{self._template}_{next(self._numbers)}")
        origin = f'TEMPLATE "{self._template}" STRATEGY file_copy'
        await _make(self._connection, database.name, origin)
        return database, await start_sweeping(database.superuser_dsn)

    async def _take_back(self, database: Database, sweeper: Sweeper) -> None:
        if await sweeper.sweep():
            self._spare = database, sweeper
        else:
            await self._drop(database, sweeper)

    async def _drop(self, database: Database, sweeper: Sweeper) -> None:
        assert self._connection is not None
        sweeper.stop()
        await self._connection.execute(f'DROP DATABASE "{database.name}" WITH (FORCE)')


async def make_empty(superuser_dsn: str, name: str) -> None:
    """Make a database without a schema, and leave the roles alone, which all processes share.

    Two that set a role's password at the same moment hinder each other.
    """
    connection = await asyncpg.connect(superuser_dsn)
    try:
        await _make(connection, name)
    finally:
        await connection.close()


async def _make(connection: asyncpg.Connection, name: str, origin: str = "") -> None:
    for statement in (
        f'CREATE DATABASE "{name}" OWNER {roles.OWNER} {origin}',
        # A copy does not inherit the rights on the database itself.
        f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC',
        f'GRANT CONNECT ON DATABASE "{name}" TO {roles.APP}, {roles.WORKER}',
    ):
        await connection.execute(statement)


@contextmanager
def open_databases(superuser_dsn: str, process: str) -> Iterator[Databases]:
    """Build the template of this test process and drop it at the end."""
    with asyncio.Runner() as runner:
        template = f"passgate_test_{process}_{os.getpid()}"
        databases = Databases(superuser_dsn, template, runner)
        runner.run(databases.prepare())
        try:
            yield databases
        finally:
            runner.run(databases.remove())


def _addresses(superuser_dsn: str, name: str) -> Database:
    server = urlsplit(superuser_dsn)
    place = f"{server.hostname}:{server.port}"

    def address(user: str) -> str:
        return urlunsplit(("postgresql", f"{user}@{place}", f"/{name}", "", ""))

    return Database(
        name=name,
        superuser_dsn=address(f"{server.username}:{server.password}"),
        owner_dsn=address(f"{roles.OWNER}:{PASSWORDS.owner}"),
        app_dsn=address(f"{roles.APP}:{PASSWORDS.app}"),
        worker_dsn=address(f"{roles.WORKER}:{PASSWORDS.worker}"),
    )
