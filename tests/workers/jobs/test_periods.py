"""Periods that end: cards that read otherwise reach their wallets, each once and no others."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from msgspec import json
from uuid_utils.compat import uuid7

from gateway.domain.business_day import business_day, day_begins
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.resources import new_id
from gateway.services.merchants.turning import MORNING_HOUR, NEVER
from gateway.storage.database import Database
from gateway.storage.queues.due_programs import DuePrograms
from tests.plans import spending_plan, stamp_plan, visit_plan
from tests.shops import CLOCK, Shop, open_shop
from tests.workers.stages import EXPERIMENT_KEY, OUTSIDE
from workers.jobs.programs import turn_programs
from workers.planning import periods
from workers.relay import Relay

DAY = timedelta(days=1)


@pytest.fixture
async def shop(worker: Database) -> Shop:
    """A shop with five cards that count visits on days in a row, and a day that just began."""
    opened_shop = await open_shop(worker, plan=visit_plan(in_a_row=True), cards=5)
    await _begin_day(opened_shop)
    return opened_shop


async def test_a_card_whose_streak_broke_is_refreshed_once(shop: Shop, worker: Database) -> None:
    """One that can go on, counts nothing, or earned today shows the same as before."""
    broken, alive, empty, came, new = shop.cards
    today = await _today(shop)
    for card, days_ago, count in ((broken, 2, 3), (alive, 1, 3), (empty, 2, 0), (came, 2, 3)):
        await _remember(
            shop, card, RuleMemory(count=count, streak=3, period=_ago(today, days_ago))
        )
    await shop.execute("UPDATE cards SET last_earned_at = now() WHERE id = :id", id=came)

    turned = await asyncio.gather(*(_turn(worker) for _ in range(3)))
    await _relay(worker)

    assert sum(turned) == 1
    assert await _versions(shop) == {broken: 2, alive: 1, empty: 1, came: 1, new: 1}
    assert await _turn(worker) == 0
    await _relay(worker)
    assert (await _versions(shop))[broken] == 2


async def test_what_was_missed_for_days_is_made_up_for(shop: Shop, worker: Database) -> None:
    """A streak that broke while no worker ran; the next look is the next morning."""
    today = await _today(shop)
    await _remember(shop, shop.cards[0], RuleMemory(count=3, streak=3, period=_ago(today, 3)))
    await _begin_day(shop, days_ago=2)

    assert await _turn(worker) == 1
    await _relay(worker)

    assert (await _versions(shop))[shop.cards[0]] == 2
    (at,) = await _turns_at(shop)
    assert at is not None
    morning = day_begins(today + DAY, replace(CLOCK, cutoff_hour=MORNING_HOUR))
    assert at == morning


async def test_many_cards_are_looked_at_in_portions(
    shop: Shop, worker: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each portion in a transaction of its own, and no card is left out or counted twice."""
    monkeypatch.setattr(periods, "CARDS_PER_CHUNK_MAX", 2)
    today = await _today(shop)
    for card in shop.cards:
        await _remember(shop, card, RuleMemory(count=1, streak=1, period=_ago(today, 2)))

    await _turn(worker)
    await _relay(worker)

    assert set((await _versions(shop)).values()) == {2}
    chunks = await shop.rows(
        "SELECT count(*) FROM outbox WHERE type = 'passgate.program.cards_to_turn'"
    )
    assert chunks == [(3,)]


async def test_a_card_in_an_experiment_turns_by_its_own_promise(
    shop: Shop, worker: Database
) -> None:
    """The version it is tied to counts otherwise than the one that holds for the rest."""
    tied, free = shop.cards[:2]
    lifelong = replace(shop.program.version, id=uuid7(), number=2, plan=visit_plan())
    async with worker.units(shop.merchant_id) as unit:
        await unit.programs.add_version(lifelong, None, unit.now)
    await shop.execute(
        "UPDATE cards SET variant = 'x:a', variant_version_id = :version WHERE id = :id",
        version=lifelong.id,
        id=tied,
    )
    today = await _today(shop)
    for card in (tied, free):
        await _remember(shop, card, RuleMemory(count=3, streak=3, period=_ago(today, 2)))

    await _turn(worker)
    await _relay(worker)

    versions = await _versions(shop)
    assert (versions[tied], versions[free]) == (1, 2)


async def test_a_new_version_is_looked_at_from_its_own_day_on(
    shop: Shop, worker: Database
) -> None:
    """Its publication refreshed all cards; what turned since then is found at the first look."""
    await shop.execute("UPDATE programs SET turns_at = NULL WHERE true")
    assert await _turn(worker) == 0
    (at,) = await _turns_at(shop)
    assert at is not None
    version = replace(shop.program.version, id=uuid7(), number=2)
    async with worker.units(shop.merchant_id) as unit:
        await unit.programs.change(replace(shop.program, version=version, revision=2), revision=1)
        await unit.programs.add_version(version, None, unit.now - 3 * DAY)
    assert await _turns_at(shop) == [None]
    assert await _turn(worker) == 1
    assert await _turns_at(shop) == [at]
    async with worker.units(shop.merchant_id) as unit:
        await unit.programs.change(replace(shop.program, version=version, revision=3), revision=2)
    assert await _turns_at(shop) == [at]


async def test_periods_of_a_version_that_holds_no_more_set_nothing(
    shop: Shop, worker: Database
) -> None:
    """One that was published between two looks has periods of its own, to be looked at."""
    await shop.execute("UPDATE programs SET turns_at = NULL WHERE true")
    version = replace(shop.program.version, id=uuid7(), number=2)
    async with worker.units(shop.merchant_id) as unit:
        turn = await unit.periods.turn(shop.program.id)
        await unit.programs.change(replace(shop.program, version=version, revision=2), revision=1)
        await unit.programs.add_version(version, None, unit.now)
        assert not await unit.periods.move(shop.program, turn, NEVER)
    assert await _turns_at(shop) == [None]


@pytest.mark.parametrize(
    ("plan", "change", "expected"),
    [
        (stamp_plan(), "status = status", [None]),
        (spending_plan(), "status = status", [NEVER]),
        (visit_plan(in_a_row=True), "status = 'draft'", [None]),
        (
            visit_plan(in_a_row=True),
            "status = 'ended', ended_at = now() - interval '91 days'",
            [NEVER],
        ),
    ],
)
async def test_programs_whose_cards_never_turn_are_left_alone(
    worker: Database, plan: Plan, change: str, expected: list[datetime | None]
) -> None:
    """Those that count by no periods, of which nobody has a card, or whose grace is over."""
    shop = await open_shop(worker, plan=plan)
    await shop.execute(f"UPDATE programs SET {change} WHERE true")  # noqa: S608 -- ours
    assert await _turn(worker) == 0
    assert await _turns_at(shop) == expected


async def test_what_was_deleted_still_turns(shop: Shop, worker: Database) -> None:
    """Its cards are in wallets as before."""
    await shop.execute(
        "UPDATE programs SET status = 'ended', ended_at = now(), deleted_at = now()"
    )
    today = await _today(shop)
    await _remember(shop, shop.cards[0], RuleMemory(count=3, streak=3, period=_ago(today, 2)))
    assert await _turn(worker) == 1
    await _relay(worker)
    assert (await _versions(shop))[shop.cards[0]] == 2


async def _begin_day(shop: Shop, days_ago: int = 0) -> None:
    """Let the program be due since a business day began."""
    began = day_begins(await _today(shop) - days_ago * DAY, CLOCK)
    await shop.execute("UPDATE programs SET turns_at = :began", began=began)


async def _today(shop: Shop) -> date:
    return business_day((await shop.rows("SELECT now()"))[0][0], CLOCK)


def _ago(today: date, days: int) -> str:
    return (today - days * DAY).isoformat()


async def _remember(shop: Shop, card: UUID, memory: RuleMemory) -> None:
    await shop.execute(
        "UPDATE cards SET memory = CAST(:memory AS jsonb) WHERE id = :id",
        memory=json.encode({"visits": memory}).decode(),
        id=card,
    )


async def _turn(worker: Database) -> int:
    return await turn_programs(DuePrograms(worker.engine), worker.units)


async def _relay(worker: Database) -> None:
    await Relay(worker, new_id, (), OUTSIDE, EXPERIMENT_KEY).relay_waiting(asyncio.Event())


async def _versions(shop: Shop) -> dict[UUID, int]:
    return {row[0]: row[1] for row in await shop.rows("SELECT id, version FROM cards")}


async def _turns_at(shop: Shop) -> list[datetime | None]:
    rows = await shop.rows("SELECT turns_at FROM programs")
    return [row[0] for row in rows]
