"""Programs of all merchants begin and end when their time has come, whoever looks first."""

import asyncio

from gateway.domain.programs import ProgramStatus
from gateway.resources import new_id
from gateway.storage.database import Database
from gateway.storage.queues.due_programs import DuePrograms
from tests import database as databases
from tests.shops import Shop, open_shop, opened
from workers.jobs.programs import advance_programs


async def test_what_is_due_begins_and_ends_for_every_merchant(
    database: databases.Database, worker: Database
) -> None:
    """Once, with several workers at it; what has time and what was deleted is left alone."""
    shops = [await open_shop(worker, slug=f"shop-{n}") for n in range(5)]
    for shop, change in zip(
        shops,
        (
            "status = 'scheduled', starts_at = now() - interval '1 minute'",
            "ends_at = now() - interval '1 minute'",
            "status = 'scheduled', starts_at = now() + interval '1 hour'",
            "ends_at = now() + interval '1 hour'",
            "ends_at = now() - interval '1 minute', deleted_at = now()",
        ),
        strict=True,
    ):
        await _change(database, shop, change)

    due = DuePrograms(worker.engine)
    moved = await asyncio.gather(*(advance_programs(due, worker.units, new_id) for _ in range(3)))

    assert sum(moved) == 2
    assert await advance_programs(due, worker.units, new_id) == 0
    statuses = [await _status(shop) for shop in shops]
    assert statuses == ["active", "ended", "scheduled", "active", "active"]
    assert await _facts(shops[0]) == ["loyalty.program.published", "loyalty.program.activated"]
    assert await _facts(shops[1]) == ["loyalty.program.published", "loyalty.program.ended"]


async def test_a_program_that_cannot_be_moved_holds_up_no_other(
    database: databases.Database, worker: Database
) -> None:
    """It is tried again with the next run."""
    broken, fine = [await open_shop(worker, slug=f"shop-{n}") for n in range(2)]
    for shop in (broken, fine):
        await _change(database, shop, "ends_at = now() - interval '1 minute'")
    async with opened(database.superuser_dsn) as everything:
        await everything.pool.execute(
            "UPDATE program_versions SET plan = '{}' WHERE merchant_id = $1", broken.merchant_id
        )

    # Another process, which remembers no version from before it was broken.
    async with opened(database.worker_dsn) as another:
        due = DuePrograms(another.engine)
        assert await advance_programs(due, another.units, new_id) == 1

    assert (await _status(broken), await _status(fine)) == ("active", "ended")


async def _change(database: databases.Database, shop: Shop, change: str) -> None:
    async with opened(database.superuser_dsn) as everything:
        await everything.pool.execute(
            f"UPDATE programs SET {change} WHERE merchant_id = $1",  # noqa: S608 -- ours
            shop.merchant_id,
        )


async def _status(shop: Shop) -> ProgramStatus:
    rows = await shop.rows(
        "SELECT status FROM programs WHERE merchant_id = :merchant", merchant=shop.merchant_id
    )
    return ProgramStatus(rows[0][0])


async def _facts(shop: Shop) -> list[str]:
    rows = await shop.rows(
        "SELECT type FROM outbox WHERE merchant_id = :merchant ORDER BY announced_at, id",
        merchant=shop.merchant_id,
    )
    return [str(row[0]) for row in rows]
