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
    "I1_transactions_sum_to_zero": "UPDATE entries SET delta = delta + 1 WHERE account = 'issued'",
    "I1_transactions_have_entries": "DELETE FROM entries",
    "I1_programs_sum_to_zero": "UPDATE accounts SET balance = balance + 1",
    "I2_entries_continue_each_other": (
        "DELETE FROM entries WHERE account = 'available' AND seq = 2"
    ),
    "I2_accounts_equal_their_entries": "UPDATE accounts SET balance = balance + 1",
    "I3_only_what_may_leaves_less_than_nothing": (
        "UPDATE entries SET balance_after = -1 WHERE account = 'available' AND delta < 0"
    ),
    "I4_reversals_take_back_what_was_given": "DELETE FROM reversals",
    "I5_answers_and_transactions_are_one": "UPDATE transactions SET id = gen_random_uuid()",
    "I6_receipts_count_once": (
        "INSERT INTO source_events SELECT merchant_id, 'till', 'receipt', 'earn',"
        " gen_random_uuid() FROM cards"
    ),
    "I7_refusals_wrote_nothing": (
        "UPDATE idempotency_keys SET status = 422, created_at = '2000-01-01'"
    ),
    "I8_versions_count_changes": "UPDATE cards SET version = version - 1",
    "I9_chains_have_no_gap": "UPDATE cards SET chain_number = chain_number + 1",
    "I10_cooldown_was_kept": (
        "UPDATE program_versions SET plan = jsonb_set(plan, '{limits,cooldown_minutes}', '60')"
    ),
    "I11_daily_limit_was_kept": (
        "UPDATE program_versions SET plan = jsonb_set(plan, '{limits,daily_limit}', '1')"
    ),
    "I12_members_keep_to_their_share": "UPDATE rewards SET per_member_max = 0",
    "I13_reservations_are_covered": "UPDATE redemptions SET status = 'reserved'",
    "I13_redemptions_end_once": (
        "UPDATE redemptions SET status = 'redeemed' WHERE status = 'cancelled'"
    ),
    "I20_open_lots_sum_to_the_balance": (
        "DELETE FROM consumptions; UPDATE lots SET remaining = amount"
    ),
    "I20_lots_are_what_was_not_taken": "DELETE FROM consumptions",
    "I20_lots_expire_once": (
        "UPDATE transactions SET kind = 'expire'"
        " WHERE id IN (SELECT transaction_id FROM consumptions)"
    ),
    "I20_nothing_expires_early": (
        "UPDATE transactions SET kind = 'expire'"
        " WHERE id IN (SELECT transaction_id FROM consumptions);"
        " UPDATE lots SET expires_at = '2999-01-01'"
    ),
    "I21_days_equal_their_transactions": "UPDATE card_days SET earnings = earnings + 1",
    "I21_given_equals_its_transactions": """UPDATE card_days SET given = '{"stamps": 99}'""",
    "I21_points_equal_what_was_issued": "UPDATE card_days SET points = 5",
    "I21_totals_equal_their_days": "UPDATE cards SET visits_total = visits_total + 1",
    "I21_tiers_are_their_last_move": "UPDATE cards SET tier = 'gold'",
    "I22_sales_gave_what_their_transactions_gave": (
        "INSERT INTO sales SELECT merchant_id, gen_random_uuid(), id, 'till', 'r', 'EUR', 0, 0,"
        " '[]', gen_random_uuid(), gen_random_uuid(), now(), now(), '{}',"
        """ '[["points", "point", 5]]', '{}', NULL, 1, now() FROM cards LIMIT 1"""
    ),
    "I21_budgets_equal_what_was_given": (
        "INSERT INTO program_budgets SELECT merchant_id, program_id, 'stamp:stamps', 0 FROM cards"
    ),
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
            for part in statement.split(";"):
                await connection.execute(text(part))
            found = await invariants.violations(connection, busy.merchant_id)
            assert any(each.startswith(f"{name}: ") for each in found), (name, found)
            assert await invariants.violations(connection, uuid7()) == [], "of nobody else"
            await connection.rollback()
    await engine.dispose()
