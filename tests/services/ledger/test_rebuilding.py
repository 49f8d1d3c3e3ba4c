"""Rebuilding: everything kept for speed is computed anew and equals what was kept."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.storage.server.addresses import driver_url
from tests.database import Database
from tests.shops import Shop

TAMPERED = (
    "UPDATE card_days SET earnings = 7",
    """UPDATE card_days SET given = '{"stamps": 99}'""",
    "UPDATE card_days SET points = 5",
    "UPDATE cards SET visits_total = 9, points_total = 9",
    "UPDATE cards SET tier = 'gold'",
    "UPDATE accounts SET balance = balance + 3 WHERE account = 'available'",
    "UPDATE lots SET remaining = 0",
    "UPDATE cards SET chain_number = 0",
)


async def differences(shop: Shop) -> list[str]:
    """Return what is kept and is not what it should be."""
    async with shop.database.units(shop.merchant_id) as unit:
        return await unit.audits.differences()


async def test_a_sound_shop_has_nothing_to_rebuild(bare_shop: Shop) -> None:
    """Rebuilding changes no row."""
    await bare_shop.undo(bare_shop.undo_command(await bare_shop.fill(4)))
    assert await differences(bare_shop) == []
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        assert set((await unit.audits.rebuild()).values()) == {0}


@pytest.mark.parametrize("statement", TAMPERED)
async def test_what_was_tampered_with_is_mended(
    bare_shop: Shop, database: Database, statement: str
) -> None:
    """Afterwards every invariant holds again, and the card can be stamped."""
    await bare_shop.undo(bare_shop.undo_command(await bare_shop.fill(4)))
    engine = create_async_engine(driver_url(database.superuser_dsn))
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
    assert await bare_shop.violations() != []
    assert await differences(bare_shop) != []
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        assert sum((await unit.audits.rebuild()).values()) > 0
    assert await bare_shop.violations() == []
    await bare_shop.fill(1)
    assert await bare_shop.violations() == []
