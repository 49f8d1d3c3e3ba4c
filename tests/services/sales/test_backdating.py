"""Backdating: what is told of late keeps its distance from what was earned before and after it."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from gateway.domain.business_day import business_day
from gateway.domain.rules.plan import Limits
from gateway.storage.database import Database
from tests.ledgers import join
from tests.plans import stamp_plan
from tests.sales import Till, open_till
from tests.shops import CLOCK, body


@pytest.fixture
async def rested(books_of_record: Database) -> Till:
    """A shop whose cards earn once in a quarter of an hour."""
    limits = Limits(cooldown_minutes=15, daily_limit=1000)
    return await open_till(books_of_record, plan=replace(stamp_plan(10), limits=limits), cards=2)


async def noon_of(till: Till, days: int) -> datetime:
    """Return a moment some days ago, far from where a business day ends."""
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        moment = unit.now - timedelta(days=days)
    hours = timedelta(hours=2)
    is_late = business_day(moment, CLOCK) != business_day(moment + hours, CLOCK)
    return moment - hours if is_late else moment + hours


@pytest.mark.parametrize("minutes", [-14, 0, 14])
async def test_a_late_visit_is_judged_by_its_neighbours(rested: Till, minutes: int) -> None:
    """Before and after it, though the card earned since, which was long after."""
    noon = await noon_of(rested, 1)
    for name, moment in (("now", None), ("then", noon)):
        assert (await rested.visit(name, occurred_at=moment)).is_done
    near = noon + timedelta(minutes=minutes)
    refused = await rested.visit("near", occurred_at=near)
    assert body(refused)["code"] == "cooldown_active"


@pytest.mark.parametrize("minutes", [-15, 15])
async def test_a_late_visit_beside_the_cooldown_counts(rested: Till, minutes: int) -> None:
    """To the minute, and before or after one that was told of sooner."""
    noon = await noon_of(rested, 1)
    beside = noon + timedelta(minutes=minutes)
    for name, moment in (("now", None), ("then", noon), ("beside", beside)):
        assert (await rested.visit(name, occurred_at=moment)).is_done
    assert not await rested.shop.violations()


async def test_a_late_sale_keeps_away_from_sales_as_well(rested: Till) -> None:
    """A sale counts from when it happened, also when it was paid only later."""
    noon = await noon_of(rested, 1)
    assert (await rested.visit("now")).is_done
    for paid in (0, 1_000):
        told = await rested.tell(paid, reference="order", occurred_at=noon)
        assert told.get("code") is None
    for minutes, code in ((-14, "cooldown_active"), (14, "cooldown_active"), (16, None)):
        near = noon + timedelta(minutes=minutes)
        told = await rested.tell(500, reference=f"r{minutes}", occurred_at=near)
        assert told.get("code") == code, minutes


async def test_what_was_undone_is_no_neighbour(rested: Till) -> None:
    """Its limits are free again, in the past as well."""
    noon = await noon_of(rested, 1)
    then = body(await rested.visit("then", occurred_at=noon))
    assert (await rested.visit("now")).is_done
    undone = await rested.shop.undo(rested.shop.undo_command(UUID(str(then["transaction_id"]))))
    assert undone.is_done, undone.body
    assert (await rested.visit("near", occurred_at=noon + timedelta(minutes=5))).is_done


async def test_what_a_merged_card_earned_is_a_neighbour(rested: Till) -> None:
    """Two cards of one person are one, also in the past."""
    giver, taker = rested.shop.cards
    noon = await noon_of(rested, 1)
    assert (await rested.visit("then", occurred_at=noon)).is_done
    assert (await join(rested.shop, giver, taker)).is_done
    assert (await rested.visit("now")).is_done
    near = await rested.visit("near", occurred_at=noon - timedelta(minutes=5))
    assert body(near)["code"] == "cooldown_active"
