"""The checks of the books: each finds what it is for, and a sound house has nothing."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from uuid_utils.compat import uuid7

from gateway.domain.ledger import TransactionKind
from gateway.storage.auditing import invariants
from gateway.storage.server.addresses import driver_url
from tests.database import Database
from tests.shops import Shop, body

PLANTED: Mapping[str, str] = {
    "transactions_sum_to_zero": "UPDATE entries SET delta = delta + 1 WHERE account = 'issued'",
    "transactions_have_entries": "DELETE FROM entries",
    "entries_continue_each_other": "DELETE FROM entries WHERE account = 'available' AND seq = 2",
    "accounts_equal_their_entries": "UPDATE accounts SET balance = balance + 1",
    "only_issued_is_below_zero": "UPDATE entries SET balance_after = -1 WHERE seq = 1",
    "reversals_take_back_what_was_given": "DELETE FROM reversals",
    "answers_and_transactions_are_one": "UPDATE transactions SET id = gen_random_uuid()",
    "receipts_count_once": (
        "INSERT INTO source_events SELECT merchant_id, 'till', 'receipt', 'earn',"
        " gen_random_uuid() FROM cards"
    ),
    "reservations_are_covered": "UPDATE redemptions SET status = 'reserved'",
    "redemptions_end_once": (
        "UPDATE redemptions SET status = 'redeemed' WHERE status = 'cancelled'"
    ),
    "versions_count_changes": "UPDATE cards SET version = version - 1",
}


@pytest.fixture
async def busy(bare_shop: Shop) -> Shop:
    """A shop whose card saw everything once."""
    await bare_shop.fill(6)
    for how in (TransactionKind.CANCEL, TransactionKind.REDEEM):
        redemption = UUID(str(body(await bare_shop.reserve())["redemption_id"]))
        await bare_shop.end(bare_shop.end_command(redemption), how)
    await bare_shop.undo(bare_shop.undo_command(await bare_shop.fill(1)))
    return bare_shop


async def test_a_sound_house_has_no_violation(busy: Shop) -> None:
    """After every kind of command nothing is out of order."""
    assert await busy.violations() == []


def test_every_check_is_seen_to_fail() -> None:
    """A check nobody saw fail proves nothing."""
    assert PLANTED.keys() == invariants.QUERIES.keys()


async def test_each_check_finds_what_it_is_for(busy: Shop, database: Database) -> None:
    """What no service can do is done by force, and found."""
    engine = create_async_engine(driver_url(database.superuser_dsn))
    async with engine.connect() as connection:
        for name, statement in PLANTED.items():
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
            await connection.execute(text(statement))
            found = await invariants.violations(connection, busy.merchant_id)
            assert any(each.startswith(f"{name}: ") for each in found), (name, found)
            assert await invariants.violations(connection, uuid7()) == [], "of nobody else"
            await connection.rollback()
    await engine.dispose()
