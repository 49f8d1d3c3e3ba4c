"""Holders who can be written to: a mail address and a yes to offers for every card of the shop."""

from collections.abc import Iterator
from uuid import UUID

import asyncpg

from benchmarks.installation import Installation
from benchmarks.shop import Shop
from gateway.domain.consents import Medium, Purpose
from gateway.domain.contacts import ContactKind
from gateway.resources import now
from gateway.storage.cards.vault import Vault

ROWS_AT_ONCE = 5_000
_GIVE_KEYS = """
    CREATE TEMPORARY TABLE wrapped (customer_id uuid PRIMARY KEY, wrapped_key bytea)
"""
_TAKE_KEYS = """
    UPDATE customers c SET wrapped_key = w.wrapped_key
    FROM wrapped w WHERE c.merchant_id = $1 AND c.id = w.customer_id
"""
_AGREE = """
    INSERT INTO consents (merchant_id, id, customer_id, channel, purpose, granted, wording,
        source, given_at)
    SELECT merchant_id, gen_random_uuid(), id, $2, $3, true, 'Yes', 'benchmark', now()
    FROM customers WHERE merchant_id = $1
"""

Row = tuple[object, ...]


async def make_reachable(here: Installation, shop: Shop) -> None:
    """Seal an address for each customer as the gateway does, and copy them in by the thousand."""
    keys = shop.resources.keys
    vault = Vault(keys.customer_keys, keys.contact_index)
    connection = await asyncpg.connect(here.superuser_url)
    try:
        await connection.execute(_GIVE_KEYS)
        for start in range(0, len(shop.cards), ROWS_AT_ONCE):
            some = shop.cards[start : start + ROWS_AT_ONCE]
            await _copy(connection, list(_sealed(vault, shop.principal.merchant_id, some)))
        await connection.execute(_TAKE_KEYS, shop.principal.merchant_id)
        await connection.execute(
            _AGREE, shop.principal.merchant_id, Medium.MAIL, Purpose.MARKETING
        )
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _copy(connection: asyncpg.Connection, sealed: list[tuple[Row, Row]]) -> None:
    keys, contacts = zip(*sealed, strict=True)
    await connection.copy_records_to_table("wrapped", records=keys)
    columns = ("merchant_id", "customer_id", "kind", "sealed", "contact_index", "added_at")
    await connection.copy_records_to_table("contacts", records=contacts, columns=columns)


def _sealed(vault: Vault, merchant_id: UUID, customers: list[UUID]) -> Iterator[tuple[Row, Row]]:
    """Give each customer's rows of keys and of contacts."""
    added_at = now()
    for customer_id in customers:
        address = f"{customer_id.hex}@example.org"
        wrapped = vault.new_key(merchant_id, customer_id)
        sealed = vault.seal(address, wrapped, merchant_id, customer_id)
        index = vault.index(address, merchant_id)
        yield (
            (customer_id, wrapped),
            (merchant_id, customer_id, ContactKind.MAIL.value, sealed, index, added_at),
        )
