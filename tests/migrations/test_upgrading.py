"""A database of the first version, brought up to date with everybody who is in it."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from alembic import command
from uuid_utils.compat import uuid7

from gateway.domain.consents import Medium, Purpose
from gateway.domain.contacts import Contact, ContactKind
from gateway.storage.server import migrating
from tests.database import Database, make_empty
from tests.shops import VAULT, opened

MERCHANT, ERASED = uuid7(), uuid7()
CONTACTS = (
    Contact(kind=ContactKind.MAIL, address="anna@example.org"),
    Contact(kind=ContactKind.PHONE, address="+352621123456"),
)


@pytest.fixture
async def old(database: Database) -> AsyncIterator[str]:
    """The name of a database at the first revision."""
    name = f"{database.name}_old"
    await make_empty(database.superuser_dsn, name)
    await migrating._on(
        database.owner_dsn.replace(database.name, name),
        lambda connection: command.upgrade(migrating._configuration(connection), "0001"),
    )
    yield name
    connection = await asyncpg.connect(database.superuser_dsn)
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()


async def populate(dsn: str) -> dict[UUID, Contact]:
    """Keep a merchant in Luxembourg with customers who agreed, and one who was erased."""
    sql = await asyncpg.connect(dsn)
    await sql.execute(
        "INSERT INTO merchants VALUES ($1, 'shop', 'Shop', 'LU', 'en', now())", MERCHANT
    )
    await sql.execute(
        "INSERT INTO locations (merchant_id, id, name, code, time_zone, cutoff_hour, created_at)"
        " VALUES ($1, $2, 'Here', 'here', 'Europe/Luxembourg', 4, now())",
        MERCHANT,
        uuid7(),
    )
    kept = {}
    for contact in CONTACTS:
        customer_id = uuid7()
        key = VAULT.new_key(MERCHANT, customer_id)
        await sql.execute(
            "INSERT INTO customers (merchant_id, id, wrapped_key, contact_kind, contact_sealed,"
            " contact_index, language, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'fr', now())",
            MERCHANT,
            customer_id,
            key,
            contact.kind,
            VAULT.seal(contact.address, key, MERCHANT, customer_id),
            VAULT.index(contact.address, MERCHANT),
        )
        await sql.execute(
            "INSERT INTO consents (merchant_id, id, customer_id, channel, purpose, granted,"
            " wording, source, given_at)"
            " VALUES ($1, $2, $3, $4, 'service', true, 'words', 'test', now())",
            MERCHANT,
            uuid7(),
            customer_id,
            contact.kind,
        )
        kept[customer_id] = contact
    await sql.execute(
        "INSERT INTO customers (merchant_id, id, contact_kind, language, created_at, erased_at)"
        " VALUES ($1, $2, 'mail', 'en', now(), now())",
        MERCHANT,
        ERASED,
    )
    await sql.close()
    return kept


async def test_every_address_still_opens(database: Database, old: str) -> None:
    """Found by its index, opened with its key, agreed to as before, by the shop's own clock."""
    kept = await populate(database.superuser_dsn.replace(database.name, old))

    await migrating.migrate(database.owner_dsn.replace(database.name, old))
    await migrating.check(database.owner_dsn.replace(database.name, old))

    async with (
        opened(database.app_dsn.replace(database.name, old)) as ready,
        ready.units(MERCHANT) as unit,
    ):
        for customer_id, contact in kept.items():
            customer = await unit.customers.one(customer_id)
            assert customer.contacts == (contact,)
            assert (customer.language, customer.time_zone) == ("fr", "Europe/Luxembourg")
            assert await unit.customers.having(contact) == customer_id
            medium = Medium.MAIL if contact.kind is ContactKind.MAIL else Medium.SMS
            assert await unit.consents.of(customer_id) == {(medium, Purpose.SERVICE): True}
        assert (await unit.customers.one(ERASED)).contacts == ()
