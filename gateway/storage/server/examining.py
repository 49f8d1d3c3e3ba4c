"""What the doctor asks a database: is it ours, up to date, and closed where it must be."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from gateway.storage.people.merchants import PassType

EXAMINE_SECONDS_MAX = 5.0
MERCHANTS_MAX = 1_000
LOOKS_LIKE_ANOTHER_DATABASE = asyncpg.PostgresError


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleProgram:
    """A merchant's issuer with a class that Google has, and one of its cards, as far as any."""

    merchant_slug: str
    issuer_id: str
    class_id: str | None
    object_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseFacts:
    """How a database looks to one of our roles.

    `revision` is None where the role may not read it or nothing was migrated. `room_until` is
    the moment after which no transaction can be written, for want of a partition.
    """

    version: str
    revision: str | None
    clock: datetime
    bypasses_row_security: bool
    owns_tables: bool
    room_until: str | None
    pass_types: tuple[PassType, ...]
    google_programs: tuple[GoogleProgram, ...]


async def examine_database(url: str) -> DatabaseFacts:
    """Ask the database of `url`; raises one of `OUTAGES` or asyncpg's errors."""
    connection = await asyncpg.connect(url, timeout=EXAMINE_SECONDS_MAX)
    try:
        found = await connection.fetchrow(_FACTS, timeout=EXAMINE_SECONDS_MAX)
        is_migrated = found["is_migrated"]
        revision = is_migrated and await connection.fetchval(
            "SELECT version_num FROM alembic_version"
        )
        rows = await connection.fetch(_OWNERS) if is_migrated else []
        google_programs = await _google_programs(connection) if found["has_google"] else ()
    finally:
        await connection.close()
    return DatabaseFacts(
        version=found["version"],
        revision=revision or None,
        clock=found["clock"],
        bypasses_row_security=found["bypasses"],
        owns_tables=found["owns"],
        room_until=found["room_until"],
        pass_types=tuple(
            PassType(
                identifier=row["pass_type_identifier"],
                merchant_id=row["merchant_id"],
                team_identifier=row["team_identifier"],
                organization_name=row["organization_name"],
            )
            for row in rows
        ),
        google_programs=tuple(google_programs),
    )


async def _google_programs(connection: asyncpg.Connection) -> list[GoogleProgram]:
    """Ask merchant by merchant: nobody but the owner of the tables sees all of them at once."""
    programs: list[GoogleProgram] = []
    for merchant in await connection.fetch(_MERCHANTS, MERCHANTS_MAX):
        async with connection.transaction():
            await connection.execute(_AS_MERCHANT, str(merchant["id"]))
            rows = await connection.fetch(_GOOGLE, merchant["id"])
        programs += [GoogleProgram(merchant_slug=merchant["slug"], **row) for row in rows]
    return programs


_FACTS = """
SELECT current_setting('server_version') AS version, clock_timestamp() AS clock,
       to_regclass('public.alembic_version') IS NOT NULL AS is_migrated,
       to_regclass('public.google_issuers') IS NOT NULL AS has_google,
       r.rolsuper OR r.rolbypassrls AS bypasses,
       EXISTS (SELECT FROM pg_tables t
               WHERE t.schemaname = 'public' AND t.tableowner = current_user) AS owns,
       (SELECT max(replace(right(c.relname, 7), '_', '-')) FROM pg_inherits i
        JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass('public.transactions')) AS room_until
FROM pg_roles r WHERE r.rolname = current_user
"""
_OWNERS = "SELECT * FROM apple_pass_types ORDER BY pass_type_identifier"
_MERCHANTS = "SELECT id, slug FROM merchants ORDER BY slug LIMIT $1"
_AS_MERCHANT = "SELECT set_config('app.merchant', $1, true)"
_GOOGLE = """
SELECT i.issuer_id, c.class_id,
       (SELECT o.object_id FROM google_objects o
        JOIN cards k ON k.merchant_id = o.merchant_id AND k.id = o.card_id
        WHERE o.merchant_id = c.merchant_id AND k.program_id = c.program_id
        AND o.issuer_id = i.issuer_id AND o.written_version IS NOT NULL
        LIMIT 1) AS object_id
FROM google_issuers i
LEFT JOIN google_classes c ON c.merchant_id = i.merchant_id AND c.issuer_id = i.issuer_id
     AND c.written_digest IS NOT NULL
WHERE i.merchant_id = $1
ORDER BY i.issuer_id, c.class_id
"""
