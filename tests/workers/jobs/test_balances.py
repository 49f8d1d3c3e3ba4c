"""What changes with time alone: released, expired, announced and reviewed, each once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from gateway.domain.ledger import AMOUNT_MAX, Account
from gateway.domain.rules.expiry import RollingExpiry, SlidingExpiry, expires_at
from gateway.services.cards import posting
from gateway.services.ledger import maturing
from gateway.storage.cards.upkeep import Upkeep
from gateway.storage.database import Database as Opened
from tests.database import Database
from tests.ledgers import grant, lots, spend
from tests.plans import points_plan, tier_plan
from tests.sales import Till, open_till
from tests.shops import CLOCK, opened
from workers.jobs.balances import Balances

PAST = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2126, 1, 1, tzinfo=UTC)


@pytest.fixture
async def books_of_record(database: Database) -> AsyncIterator[Opened]:
    """The test's database, opened with the worker's role."""
    async with opened(database.worker_dsn) as ready:
        yield ready


@pytest.fixture
def balances(books_of_record: Opened) -> Balances:
    """The job, as a worker runs it."""
    return Balances(books_of_record, uuid7)


@pytest.fixture
async def till(books_of_record: Opened) -> Till:
    """A shop with two cards and a point for each euro."""
    return await open_till(books_of_record, cards=2)


async def test_what_matured_is_released_once(till: Till, balances: Balances) -> None:
    """Only what was held back long enough, and nothing the next time."""
    card = till.shop.cards[0]
    await grant(till.shop, card, 5, usable_from=PAST, expires_at=LATER)
    await grant(till.shop, card, 7, usable_from=LATER)
    assert [await balances.release() for _ in range(2)] == [1, 0]
    assert await lots(till.shop, card) == [("point", "available", 5), ("point", "pending", 7)]
    assert await till.points() == 5
    assert "loyalty.points.released" in await till.shop.facts()
    assert not await till.shop.violations()


async def test_a_release_pays_first_what_is_owed(till: Till, balances: Balances) -> None:
    """What a refund left owing is absorbed as soon as there is something."""
    card = till.shop.cards[0]
    await till.tell(1000)
    await spend(till.shop, card, "point", 10)
    await grant(till.shop, card, 30, usable_from=PAST)
    await till.tell(1000, 1000)
    assert await till.points() == -10
    await balances.release()
    assert await till.points() == 20
    assert await lots(till.shop, card) == [("point", "available", 20)]
    assert not await till.shop.violations()


async def test_what_ended_expires_once_on_all_cards(till: Till, balances: Balances) -> None:
    """One transaction per card and run, for whatever ended, however many workers look."""
    for card in till.shop.cards:
        await grant(till.shop, card, 5, expires_at=PAST)
        await grant(till.shop, card, 6, expires_at=PAST + timedelta(days=1))
        await grant(till.shop, card, 7, expires_at=LATER)
    await asyncio.gather(*(balances.expire() for _ in range(3)))
    rows = await till.shop.rows("SELECT count(*) FROM transactions WHERE kind = 'expire'")
    assert rows == [(2,)]
    for card in till.shop.cards:
        assert await till.points(card) == 7
        assert await till.points(card, Account.EXPIRED) == 11
    assert await balances.expire() == 0
    assert (await till.shop.facts()).count("loyalty.points.expired") == 2
    assert not await till.shop.violations()


async def test_cards_of_every_merchant_are_seen_to(
    books_of_record: Opened, balances: Balances
) -> None:
    """The worker looks across merchants and writes in each one's own house."""
    for slug in ("a", "b"):
        till = await open_till(books_of_record, slug=slug)
        await grant(till.shop, till.shop.cards[0], 5, expires_at=PAST)
    assert await balances.expire() == 2


async def test_one_card_that_fails_holds_up_no_other(
    till: Till, balances: Balances, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told of, and due again the next time."""
    first, second = till.shop.cards
    for card in (first, second):
        await grant(till.shop, card, 5, expires_at=PAST)
    real = posting.carry_out

    async def faulty(units: object, command: object, decide: object) -> object:
        if getattr(command, "card_id", None) == first:
            raise OSError
        return await real(units, command, decide)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(maturing, "carry_out", faulty)
        await balances.expire()
    assert [await till.points(card) for card in (first, second)] == [5, 0]
    await balances.expire()
    assert await till.points(first) == 0


async def test_points_of_july_end_when_the_next_july_is_over(
    till: Till, balances: Balances
) -> None:
    """Square's example: earned on 6 July 2020 with 12 months they live until 1 August 2021.

    https://developer.squareup.com/docs/loyalty-api/loyalty-points
    """
    earned_at = datetime(2020, 7, 6, 12, tzinfo=ZoneInfo(CLOCK.time_zone))
    ends_at = expires_at(RollingExpiry(months=12), earned_at, CLOCK)
    assert ends_at == datetime(2021, 8, 1, 4, tzinfo=ZoneInfo(CLOCK.time_zone))
    await grant(till.shop, till.shop.cards[0], 10, expires_at=ends_at)
    await grant(till.shop, till.shop.cards[0], 3, expires_at=LATER)
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        before = await unit.lots.deadlines(till.shop.cards[0], ends_at - timedelta(seconds=1))
        assert not await unit.lots.expired(till.shop.cards[0], ends_at - timedelta(seconds=1))
        at_the_end = await unit.lots.expired(till.shop.cards[0], ends_at)
    assert [part.amount for part in before] == [10, 3]
    assert [part.amount for part in at_the_end] == [10]
    await balances.expire()
    assert await till.points() == 3


async def test_deadlines_sum_to_what_ends_of_the_balance(till: Till) -> None:
    """Whatever was earned and spent: soonest-ending first, and together what is there."""
    card = till.shop.cards[0]
    for months in (3, 1, 2):
        await grant(till.shop, card, 10, expires_at=LATER + timedelta(days=30 * months))
    await grant(till.shop, card, 4)
    await spend(till.shop, card, "point", 15)
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        deadlines = await unit.lots.deadlines(card, unit.now)
    assert [part.amount for part in deadlines] == [5, 10]
    assert await till.points() == sum(part.amount for part in deadlines) + 4


async def test_an_end_is_announced_once(till: Till, balances: Balances) -> None:
    """Days before, for all that ends on a day together; and again for another end."""
    card = till.shop.cards[0]
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        now = unit.now
    soon = (now + timedelta(days=3)).replace(hour=12)
    await grant(till.shop, card, 5, expires_at=soon)
    await grant(till.shop, card, 6, expires_at=soon + timedelta(minutes=1))
    await grant(till.shop, card, 7, expires_at=now + timedelta(days=40))
    assert [await balances.notify() for _ in range(2)] == [1, 0]
    rows = await till.shop.rows(
        "SELECT data->>'amount' FROM outbox WHERE type = 'loyalty.points.expiring'"
    )
    assert rows == [("11",)]
    await till.shop.execute("UPDATE lots SET expires_at = expires_at + interval '1 day'")
    assert await balances.notify() == 1


async def test_a_tier_is_lost_on_its_evaluation_day(
    books_of_record: Opened, balances: Balances
) -> None:
    """Who no longer spends enough falls, however long nobody looked, and once."""
    till = await open_till(books_of_record, plan=tier_plan())
    card = till.shop.cards[0]
    await till.tell(12_000)
    await till.shop.execute("UPDATE card_days SET day = day - 800")
    long_ago = date.today() - timedelta(days=400)  # noqa: DTZ011 -- only has to be long ago
    await till.shop.execute(
        "UPDATE cards SET tier_review_on = :day, tier_since = :since",
        day=long_ago,
        since=datetime(2020, 1, 1, tzinfo=UTC),
    )
    assert await balances.review() == 1
    assert await till.shop.rows("SELECT tier FROM cards WHERE id = :card", card=card) == [(None,)]
    assert "loyalty.tier.downgraded" in await till.shop.facts()
    moves = await till.shop.rows("SELECT before, tier, reason FROM tier_moves ORDER BY moved_at")
    assert moves == [(None, "silver", "earn"), ("silver", None, "review")]
    assert await balances.review() == 0


async def test_a_card_that_is_used_meanwhile_is_reviewed_later(
    books_of_record: Opened, balances: Balances, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A review that lost the race leaves nothing behind, no move and no fact."""
    till = await open_till(books_of_record, plan=tier_plan())
    await till.tell(12_000)
    await till.shop.execute("UPDATE card_days SET day = day - 800")
    await till.shop.execute("UPDATE cards SET tier_review_on = current_date - 400")
    real = Upkeep.move_tier

    async def late(upkeep: Upkeep, *move: Any) -> None:  # noqa: ANN401 -- whatever it is given
        await real(upkeep, *move)
        await upkeep._connection.execute(text("UPDATE cards SET version = version + 1"))

    with monkeypatch.context() as racing:
        racing.setattr(Upkeep, "move_tier", late)
        await balances.review()
    assert await till.shop.rows("SELECT tier FROM cards") == [("silver",)]
    assert "loyalty.tier.downgraded" not in await till.shop.facts()
    await balances.review()
    assert await till.shop.rows("SELECT tier FROM cards") == [(None,)]


async def test_a_tier_that_is_deserved_stays(books_of_record: Opened, balances: Balances) -> None:
    """It is looked at again on a later day, and nothing is said."""
    till = await open_till(books_of_record, plan=tier_plan())
    await till.tell(12_000)
    ((today,),) = await till.shop.rows("SELECT max(day) FROM card_days")
    await till.shop.execute("UPDATE cards SET tier_review_on = :today", today=today)
    await balances.review()
    ((tier, review),) = await till.shop.rows("SELECT tier, tier_review_on FROM cards")
    assert (tier, review > today) == ("silver", True)
    await balances.review()
    rows = await till.shop.rows("SELECT tier, tier_review_on FROM cards")
    assert rows == [(tier, review)]
    assert "loyalty.tier.downgraded" not in await till.shop.facts()


async def test_what_is_used_again_lives_longer(books_of_record: Opened) -> None:
    """With sliding expiry each earning moves the end of everything on the card."""
    plan = replace(points_plan(), expiry=SlidingExpiry(months=1))
    till = await open_till(books_of_record, plan=plan)
    await till.tell(1000)
    await till.shop.execute("UPDATE lots SET expires_at = expires_at - interval '5 days'")
    await till.tell(1000, reference="b")
    rows = await till.shop.rows("SELECT count(DISTINCT expires_at) FROM lots")
    assert rows == [(1,)]


async def test_no_late_word_makes_anything_end_sooner(books_of_record: Opened) -> None:
    """A sale of two days ago, told of today, leaves what was earned today its whole time."""
    plan = replace(points_plan(), expiry=SlidingExpiry(months=1))
    till = await open_till(books_of_record, plan=plan)
    await till.tell(1000)
    ((whole,),) = await till.shop.rows("SELECT expires_at FROM lots")
    async with books_of_record.units(till.shop.merchant_id) as unit:
        late = unit.now - timedelta(hours=47)
    await till.tell(1000, reference="b", occurred_at=late)
    ends = await till.shop.rows("SELECT expires_at FROM lots ORDER BY expires_at DESC")
    assert ends[0] == (whole,)


async def test_any_amount_ends_and_is_released(till: Till, balances: Balances) -> None:
    """What no single transfer can carry ends all the same, in one transaction."""
    card = till.shop.cards[0]
    for _ in range(2):
        await grant(till.shop, card, AMOUNT_MAX, usable_from=PAST, expires_at=PAST)
    assert await balances.release() == 1
    assert await till.points() == 2 * AMOUNT_MAX
    assert await balances.expire() == 1
    assert await till.points() == 0
    assert not await till.shop.violations()
