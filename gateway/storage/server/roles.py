"""The database's roles: an owner that migrates, and two that serve and cannot go around it."""

from dataclasses import dataclass, field

import asyncpg

OWNER, APP, WORKER = "passgate_owner", "passgate_app", "passgate_worker"
LOCK_TIMEOUT_MILLISECONDS = 2_000
STATEMENT_TIMEOUT_MILLISECONDS = 10_000
IDLE_TRANSACTION_MILLISECONDS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePasswords:
    """What the three roles log in with."""

    owner: str = field(repr=False)
    app: str = field(repr=False)
    worker: str = field(repr=False)


async def prepare_database(superuser_url: str, database: str, passwords: RolePasswords) -> None:
    """Make the roles and the database if they are missing; set passwords and time-outs.

    The services' roles own nothing, cannot bypass row-level security and cannot make tables.
    """
    connection = await asyncpg.connect(superuser_url)
    try:
        for role, password in (
            (OWNER, passwords.owner),
            (APP, passwords.app),
            (WORKER, passwords.worker),
        ):
            await _prepare_role(connection, role, password)
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname=$1", database):
            await connection.execute(f'CREATE DATABASE "{database}" OWNER {OWNER}')
        await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
        await connection.execute(f'GRANT CONNECT ON DATABASE "{database}" TO {APP}, {WORKER}')
    finally:
        await connection.close()


async def _prepare_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
        await connection.execute(f"CREATE ROLE {role} LOGIN NOBYPASSRLS")
    quoted = await connection.fetchval("SELECT quote_literal($1)", password)
    await connection.execute(f"ALTER ROLE {role} PASSWORD {quoted}")
    if role == OWNER:
        return
    for setting, value in (
        ("jit", "off"),
        ("lock_timeout", LOCK_TIMEOUT_MILLISECONDS),
        ("statement_timeout", STATEMENT_TIMEOUT_MILLISECONDS),
        ("idle_in_transaction_session_timeout", IDLE_TRANSACTION_MILLISECONDS),
    ):
        await connection.execute(f"ALTER ROLE {role} SET {setting} = '{value}'")
