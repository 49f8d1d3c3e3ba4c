"""Settlements: many tabs, opened with little and raised later, get no more than sales at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.domain.ledger import Account, balance
from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.stamps import EarnBasis, Milestone, StampEarnRule, StampRule
from gateway.storage.database import Database
from tests import database as databases
from tests.ledgers import publish
from tests.plans import UNLIMITED, points_plan
from tests.sales import Till, open_till
from tests.storage.ledger_planting import LOCKS_NO_BUDGET, plant

TABS = 5
TURNS_MAX = 20
OF_PROGRAM = Cap(unit="point", per=CapSpan.PROGRAM, amount=15)


def capped(*caps: Cap) -> Plan:
    """Return a point for each euro, up to these caps."""
    return replace(points_plan(), caps=caps)


def way_plan() -> Plan:
    """Return a stamp for each euro, with a cookie on the way at the fifth."""
    cookie = Milestone(key="cookie", at=5, reward=FreeItem(description="Cookie"))
    rule = StampRule(
        stamps_required=10,
        stamp_earn_rule=StampEarnRule(type=EarnBasis.PER_DOLLAR, value=100),
        reward=FreeItem(description="Coffee"),
        intermediate_rewards=(cookie,),
    )
    return Plan(rules=(rule,), limits=UNLIMITED)


async def used(till: Till) -> list[int]:
    """Return what the whole program gave, by its books."""
    return [given for (given,) in await till.shop.rows("SELECT given FROM program_budgets")]


@pytest.mark.parametrize(
    ("caps", "most"),
    [
        ((Cap(unit="point", per=CapSpan.DAY, amount=10),), 10),
        ((Cap(unit="point", per=CapSpan.MONTH, amount=12), OF_PROGRAM), 12),
        ((OF_PROGRAM,), 15),
    ],
)
async def test_tabs_raised_later_stay_within_the_caps(
    books_of_record: Database, caps: tuple[Cap, ...], most: int
) -> None:
    """Five tabs of 10 cents, each raised to 10 euros: not 50 points but what the caps allow."""
    till = await open_till(books_of_record, plan=capped(*caps))
    for paid in (10, 1_000):
        for tab in range(TABS):
            await till.tell(paid, reference=f"tab-{tab}")
    assert await till.points() == most
    assert all(given == most for given in await used(till))
    for tab in range(TABS):
        await till.tell(1_000, 1_000, reference=f"tab-{tab}")
    assert await till.points() == 0
    assert all(given == 0 for given in await used(till))
    assert not await till.shop.violations()


async def given_at_once(till: Till) -> int:
    """Raise a tab on every card at the same moment; return what all of them got."""
    for paid in (10, 1_000):
        await asyncio.gather(
            *(till.tell(paid, reference=f"{card}", card=card) for card in till.shop.cards)
        )
    return sum([await till.points(card) for card in till.shop.cards])


async def test_tabs_raised_at_once_stay_within_the_budget(books_of_record: Database) -> None:
    """On several cards at the same moment: who loses the race decides by what is left."""
    till = await open_till(books_of_record, plan=capped(OF_PROGRAM), cards=TABS)
    assert await given_at_once(till) == 15
    assert await used(till) == [15]


async def test_without_its_lock_a_budget_is_given_again(
    database: databases.Database, books_of_record: Database
) -> None:
    """The same race finds a ledger that is broken on purpose."""
    await plant(database, LOCKS_NO_BUDGET)
    for turn in range(TURNS_MAX):
        slug = f"shop-{turn}"
        till = await open_till(books_of_record, plan=capped(OF_PROGRAM), cards=TABS, slug=slug)
        if await given_at_once(till) > 15:
            return
    pytest.fail(f"nobody got too much in {TURNS_MAX} races")


async def test_a_sale_of_a_version_with_a_budget_keeps_to_it_under_the_next(
    books_of_record: Database,
) -> None:
    """The next version has no caps; the tabs of the first still do, and end."""
    till = await open_till(books_of_record, plan=capped(OF_PROGRAM))
    for tab in range(TABS):
        await till.tell(10, reference=f"tab-{tab}")
    await publish(till.shop, points_plan())
    for tab in range(TABS):
        await till.tell(1_000, reference=f"tab-{tab}")
    assert await till.points() == 15
    assert await used(till) == [15]


async def test_a_reward_on_the_way_is_given_once(books_of_record: Database) -> None:
    """A card at four stamps, four tabs: the fifth stamp is one stamp."""
    till = await open_till(books_of_record, plan=way_plan())
    await till.tell(400, reference="first")
    for paid in (1, 100):
        for tab in range(4):
            await till.tell(paid, reference=f"tab-{tab}")
    assert await held(till, "stamp") == 8
    assert await held(till, "voucher:cookie") == 1
    for tab in range(4):
        await till.tell(100, 100, reference=f"tab-{tab}")
    assert (await held(till, "stamp"), await held(till, "voucher:cookie")) == (4, 0)


async def held(till: Till, unit: str) -> int:
    """Return how much of a unit the first card has."""
    async with till.shop.database.units(till.shop.merchant_id) as opened:
        card = await opened.cards.one(till.shop.cards[0])
    return balance(card.balances, unit, Account.AVAILABLE)


async def test_a_sale_is_raised_for_thirty_days_and_reduced_for_ever(till: Till) -> None:
    """As long as a till that was offline may tell of a new one."""
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        now = unit.now
    for days, code in ((29, None), (31, "too_long_ago")):
        sold: dict[str, Any] = {
            "occurred_at": now - timedelta(days=days),
            "age_max": timedelta(days=40),
        }
        await till.tell(1_000, reference=f"{days}", **sold)
        told = await till.tell(1_500, reference=f"{days}", **sold)
        assert told.get("code") == code
        assert (await till.tell(1_500, 1_500, reference=f"{days}", **sold)).get("code") is None
    assert await till.points() == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE cards SET status = 'blocked'", "card_blocked"),
        (
            "UPDATE programs SET status = 'ended', ended_at = now() - interval '400 days'",
            "program_not_active",
        ),
        ("UPDATE programs SET status = 'ended', ended_at = now()", None),
    ],
)
async def test_what_could_not_earn_now_is_not_raised_but_reduced(
    till: Till, change: str, code: str | None
) -> None:
    """A blocked card, and a program that is over; within its grace a tab can be closed."""
    await till.tell(1_000)
    await till.shop.execute(change)
    assert (await till.tell(1_500)).get("code") == code
    assert (await till.tell(1_500, 1_500)).get("code") is None
    assert await till.points() == 0
