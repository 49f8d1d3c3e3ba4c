"""Reporting: over a whole life, flows balance and deadlines sum to what is owed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import NotFound
from gateway.domain.ledger import TransactionKind
from gateway.domain.reports import PeriodInvalid
from gateway.services.ledger.reporting import PERIOD_MAX, Report, report
from gateway.storage.database import Database as Opened
from tests.catalogues import put_on_shelf, redemption_of, take
from tests.database import Database
from tests.ledgers import grant, spend
from tests.sales import Till, open_till
from tests.shops import Shop, opened
from workers.jobs.balances import Balances

PAST = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2126, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


async def told(shop: Shop, since: datetime | None = None, until: datetime | None = None) -> Report:
    """Return the report of the shop's program, by default about yesterday until tomorrow."""
    async with shop.database.units(shop.merchant_id) as unit:
        return await report(
            unit, shop.program.id, since or unit.now - DAY, until or unit.now + DAY
        )


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[Opened]:
    """The database as a worker opens it, who sees what ends."""
    async with opened(database.worker_dsn) as ready:
        yield ready


@pytest.fixture
async def busy(worker: Opened) -> Till:
    """Three cards that earned, gave back, redeemed, reserved, were adjusted and let expire."""
    till = await open_till(worker, cards=3)
    shop = till.shop
    first, second, third = shop.cards
    mug = await put_on_shelf(shop, unit="point", cost=40)
    await till.tell(20_000, card=first)
    for refunded in (0, 2_000):
        await till.tell(5_000, refunded, card=second, reference="second")
    await shop.end(
        shop.end_command(redemption_of(await take(shop, mug, first)), card=first),
        TransactionKind.REDEEM,
    )
    await take(shop, mug, first)
    await grant(shop, second, 7, expires_at=PAST)
    await grant(shop, third, 9, expires_at=LATER)
    await grant(shop, third, 5, usable_from=LATER)
    await spend(shop, second, "point", 3)
    return till


async def test_flows_explain_the_balance_and_deadlines_sum_to_it(
    busy: Till,
) -> None:
    """Issued, taken back, redeemed, expired and adjusted: nothing is left to wonder about."""
    assert await Balances(busy.shop.database, uuid7).expire() == 1

    found = await told(busy.shop)

    (each,) = [unit for unit in found.units if unit.flow.unit == "point"]
    flow = each.flow
    assert (flow.issued, flow.reversed, flow.redeemed, flow.adjusted) == (271, 20, 40, -3)
    assert (flow.opening, flow.closing, flow.expired) == (0, 204, 4)
    assert flow.is_balanced
    reserved = 40
    left = sum(line.amount for line in found.deadlines if line.unit == "point")
    assert left == flow.closing + flow.owed - reserved
    assert each.valuation.value_per_unit == 1
    assert each.valuation.liability == flow.closing


async def test_a_period_ends_where_the_next_begins(busy: Till) -> None:
    """Nothing is told twice, and the closing of one is the opening of the other."""
    shop = busy.shop
    async with shop.database.units(shop.merchant_id) as unit:
        middle = unit.now
    await busy.tell(1_000, card=shop.cards[0], reference="later")

    before, after = await told(shop, until=middle), await told(shop, since=middle)

    (first,), (second,) = before.units, after.units
    assert first.flow.closing == second.flow.opening
    assert (second.flow.issued, second.flow.redeemed) == (10, 0)
    assert first.flow.is_balanced
    assert second.flow.is_balanced


async def test_what_a_deleted_program_owes_is_still_told(busy: Till) -> None:
    """Its cards stay redeemable, so its report says what it said before."""
    shop = busy.shop
    before = await told(shop)
    async with shop.database.units(shop.merchant_id) as unit:
        program = await unit.programs.one(shop.program.id)
        gone = replace(program, revision=2, deleted_at=unit.now)
        await unit.programs.change(gone, revision=program.revision)

    after = await told(shop)

    assert (after.units, after.deadlines) == (before.units, before.deadlines)
    assert after.program == gone


async def test_where_nothing_moved_there_is_nothing_to_tell(worker: Opened) -> None:
    """A new program has neither units nor deadlines."""
    found = await told((await open_till(worker)).shop)

    assert (found.units, found.deadlines) == ([], [])


@pytest.mark.parametrize("length", [timedelta(0), -DAY, PERIOD_MAX + DAY])
async def test_a_period_that_is_none_is_refused(worker: Opened, length: timedelta) -> None:
    """It ends after it begins, and no report reads a whole life."""
    shop = (await open_till(worker)).shop

    with pytest.raises(PeriodInvalid):
        await told(shop, PAST, PAST + length)


async def test_nobody_reads_of_another_merchants_program(worker: Opened) -> None:
    """It is not there."""
    mine, theirs = [(await open_till(worker, slug=slug)).shop for slug in ("mine", "theirs")]

    async with mine.database.units(mine.merchant_id) as unit:
        with pytest.raises(NotFound):
            await report(unit, theirs.program.id, PAST, PAST + DAY)
