"""Selling: whatever a shop tells of a sale, and in whatever order, the card ends exact."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.business_day import business_day
from gateway.domain.errors import Invalid
from gateway.domain.ledger import Account
from gateway.domain.rules.expiry import RollingExpiry
from gateway.domain.rules.happenings import Line
from gateway.domain.rules.plan import Limits, NegativeBalance, Plan
from gateway.domain.rules.points import PointsRule
from gateway.storage.database import Database
from tests.ledgers import publish, spend
from tests.plans import UNLIMITED, hybrid_plan, points_plan, tier_plan
from tests.sales import Till, open_till
from tests.shops import CLOCK, body


async def test_a_sale_earns_once_and_says_what(till: Till) -> None:
    """The first state earns; the same under another key posts nothing and says so."""
    first = await till.tell(1250)
    assert first["given"] == [{"unit": "point", "amount": 12}]
    assert first["receipt_text"] == "+12 points. Now 12 points."
    again = await till.tell(1250)
    assert (again["transaction_id"], again["given"]) == (None, [])
    assert again["given_in_all"] == [{"unit": "point", "amount": 12}]
    assert await till.points() == 12
    assert await till.shop.facts() == ["loyalty.sale.recorded", "loyalty.points.earned"]
    assert not await till.shop.violations()


async def test_the_same_key_gets_the_same_answer(till: Till) -> None:
    """A retry is answered with the same bytes and earns nothing."""
    command = till.sale(1250)
    first = await till.record(command)
    assert await till.record(command) == replace(first, replayed=True)
    assert await till.points() == 12


async def test_partial_refunds_add_up_to_the_whole(till: Till) -> None:
    """Each refund takes back the difference only, and all of them together everything."""
    await till.tell(999)
    for refunded, left in ((1, 9), (100, 8), (500, 4), (999, 0), (999, 0)):
        await till.tell(999, refunded)
        assert await till.points() == left
    kinds = await till.shop.rows("SELECT kind FROM transactions ORDER BY number")
    assert [kind for (kind,) in kinds] == ["earn", *["refund"] * 4]
    assert not await till.shop.violations()


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_states_in_any_order_end_the_same(till: Till, order: tuple[int, ...]) -> None:
    """Late and duplicate states change nothing: totals are cumulative."""
    states = ((1000, 0), (1000, 300), (1500, 300))
    for place in (*order, *order):
        await till.tell(*states[place])
    assert await till.points() == 12
    assert not await till.shop.violations()


async def test_a_numbered_state_may_be_lower(till: Till) -> None:
    """Who numbers the states of a sale can correct it downwards; a lower number is ignored."""
    await till.tell(5000, sequence=1)
    await till.tell(2000, sequence=3)
    await till.tell(9000, sequence=2)
    assert await till.points() == 20


async def test_points_that_were_spent_are_owed_and_absorbed(till: Till) -> None:
    """By default a refund may leave the card below zero; the next sale pays that first."""
    await till.tell(1000)
    await spend(till.shop, till.shop.cards[0], "point", 8)
    await till.tell(1000, 1000)
    assert await till.points() == -8
    await till.tell(1500, reference="receipt-2")
    assert await till.points() == 7
    assert not await till.shop.violations()


async def test_within_balance_leaves_what_was_spent(books_of_record: Database) -> None:
    """With that policy no more is taken back than is there, and never later."""
    plan = replace(points_plan(), negative_balance=NegativeBalance.WITHIN_BALANCE)
    till = await open_till(books_of_record, plan=plan)
    await till.tell(1000)
    await spend(till.shop, till.shop.cards[0], "point", 8)
    told = await till.tell(1000, 1000)
    assert "not_taken_back" in [line["reason"] for line in told["explanations"]]
    await till.tell(500, reference="receipt-2")
    assert await till.points() == 5
    assert not await till.shop.violations()


async def test_a_refund_takes_the_lots_of_its_own_sale(books_of_record: Database) -> None:
    """What an older sale gave keeps its end, though it would be spent first."""
    plan = replace(points_plan(), expiry=RollingExpiry(months=12))
    till = await open_till(books_of_record, plan=plan)
    await till.tell(1000)
    told = await till.tell(1000, reference="receipt-2")
    await till.tell(1000, 1000, reference="receipt-2")
    rows = await till.shop.rows(
        "SELECT remaining FROM lots WHERE transaction_id = :sale", sale=told["transaction_id"]
    )
    assert rows == [(0,)]
    assert await till.points() == 10


async def test_a_refund_inside_the_window_cancels_pending_points(
    books_of_record: Database,
) -> None:
    """What cannot be used yet is taken back first, and nothing that can."""
    plan = replace(points_plan(), pending_days=14)
    till = await open_till(books_of_record, plan=plan)
    await till.tell(1000)
    assert await till.points(account=Account.PENDING) == 10
    await till.tell(1000, 400)
    assert await till.points(account=Account.PENDING) == 6
    assert await till.points() == 0


async def test_a_refund_follows_the_version_of_its_purchase(till: Till) -> None:
    """A rule that pays double meanwhile does not take back double."""
    await till.tell(1000)
    await publish(
        till.shop, Plan(rules=(PointsRule(points_per_dollar=Decimal(2)),), limits=UNLIMITED)
    )
    await till.tell(1000, reference="receipt-2")
    assert await till.points() == 30
    await till.tell(1000, 1000)
    assert await till.points() == 20


async def test_a_purchase_from_before_a_new_version_is_judged_by_the_old(till: Till) -> None:
    """No change is retroactive, however late the till tells."""
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        before = unit.now
    double = PointsRule(points_per_dollar=Decimal(2))
    await publish(till.shop, Plan(rules=(double,), limits=UNLIMITED))
    await till.tell(1000, occurred_at=before)
    assert await till.points() == 10
    numbers = "SELECT v.number FROM transactions t JOIN program_versions v"
    assert await till.shop.rows(f"{numbers} ON v.id = t.program_version_id") == [(1,)]


async def test_one_receipt_from_two_tills_earns_once(till: Till) -> None:
    """Under different keys at the same moment: the first earns, the others hear of its id."""
    for turn in range(5):
        commands = [till.sale(1000, reference=f"r{turn}", is_once=True) for _ in range(6)]
        answers = await asyncio.gather(*(till.record(command) for command in commands))
        done = [body(answer) for answer in answers if answer.is_done]
        late = [body(answer) for answer in answers if not answer.is_done]
        assert len(done) == 1
        assert {(each["code"], each["transaction_id"]) for each in late} == {
            ("already_recorded", done[0]["transaction_id"])
        }
    assert await till.points() == 50
    assert not await till.shop.violations()


async def test_refunds_at_once_take_back_what_the_highest_says(till: Till) -> None:
    """However many states arrive together, the totals decide."""
    for turn in range(4):
        reference = f"r{turn}"
        await till.tell(1000, reference=reference)
        states = [till.sale(1000, refunded, reference=reference) for refunded in (100, 500, 900)]
        await asyncio.gather(*(till.record(state) for state in states * 2))
    assert await till.points() == 4
    assert not await till.shop.violations()


async def test_a_sale_stays_with_its_card(till: Till) -> None:
    """A receipt that was recorded for one card cannot be told for another, in a race either."""
    first, second = till.shop.cards
    answers = await asyncio.gather(
        till.record(till.sale(1000, card=first)), till.record(till.sale(1000, card=second))
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    (refused,) = (answer for answer in answers if not answer.is_done)
    assert body(refused)["code"] == "sale_of_another_card"
    assert await till.points(first) + await till.points(second) == 10


async def test_the_refund_that_comes_first_earns_nothing_later(till: Till) -> None:
    """A sale that was refunded wholly before we heard of it never earns."""
    told = await till.tell(1000, 1000)
    assert told["given"] == []
    await till.tell(1000, 0)
    assert await till.points() == 0


async def test_lines_decide_what_is_taken_back(books_of_record: Database) -> None:
    """A refunded line of an excluded category takes nothing back."""
    till = await open_till(books_of_record)
    tips = Line(category="tips", amount=200)
    await till.tell(1200, lines=(Line(amount=1000), tips))
    assert await till.points() == 10
    await till.tell(1200, 200, lines=(Line(amount=1000), replace(tips, refunded=200)))
    assert await till.points() == 10


async def test_a_tier_is_reached_by_what_was_spent(books_of_record: Database) -> None:
    """The move is kept with its day of review, and told of."""
    till = await open_till(books_of_record, plan=tier_plan())
    told = await till.tell(12_000)
    assert (told["tier"], told["tier_name"]) == ("silver", "Silver")
    assert "Tier: Silver." in str(told["receipt_text"])
    assert "loyalty.tier.upgraded" in await till.shop.facts()
    assert await till.shop.rows("SELECT before, tier, reason FROM tier_moves") == [
        (None, "silver", "earn")
    ]
    ((review, today),) = await till.shop.rows(
        "SELECT tier_review_on, (SELECT max(day) FROM card_days) FROM cards"
    )
    assert review > today


async def test_limits_look_at_the_day_a_sale_happened_on(books_of_record: Database) -> None:
    """A sale told of late is judged by its own day and its distance from the latest earning."""
    limits = Limits(cooldown_minutes=15, daily_limit=1)
    till = await open_till(books_of_record, plan=replace(points_plan(), limits=limits))
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        now = unit.now
    await till.tell(1000)
    late = await till.tell(1000, reference="b", occurred_at=now - timedelta(hours=30))
    assert late["given"] == [{"unit": "point", "amount": 10}]
    around = [now - timedelta(hours=30, minutes=minutes) for minutes in (-20, 0, 20)]
    days = [business_day(moment, CLOCK) for moment in around]
    beside = around[0] if days[0] == days[1] else around[2]
    same_day = await till.tell(1000, reference="c", occurred_at=beside)
    assert same_day["code"] == "daily_limit_reached"
    near = await till.tell(1000, reference="d", occurred_at=now - timedelta(minutes=5))
    assert near["code"] in {"cooldown_active", "daily_limit_reached"}
    rows = await till.shop.rows("SELECT last_earned_at FROM cards WHERE points_total > 0")
    assert rows[0][0] >= now


@pytest.mark.parametrize(
    ("hours", "code"), [(-49, "too_long_ago"), (1, "in_the_future"), (-47, None), (0.05, None)]
)
async def test_a_sale_may_be_told_of_for_two_days(
    till: Till, hours: float, code: str | None
) -> None:
    """Older ones and those of a clock that is wrong are refused."""
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        moment = unit.now + timedelta(hours=hours)
    assert (await till.tell(1000, occurred_at=moment)).get("code") == code


async def test_what_cannot_be_right_takes_no_key(till: Till) -> None:
    """A mistake in the request can be corrected under the same key."""
    key = uuid7().hex
    with pytest.raises(Invalid):
        await till.record(till.sale(1000, 1001, key=key))
    assert (await till.record(till.sale(1000, key=key))).is_done


async def test_two_merchants_may_use_the_same_reference(books_of_record: Database) -> None:
    """A receipt is unique in its shop alone, and nobody sees another's."""
    for till in [await open_till(books_of_record, slug=slug) for slug in ("a", "b")]:
        assert (await till.tell(1000))["given"] == [{"unit": "point", "amount": 10}]


async def test_the_number_of_an_unchanged_state_counts(till: Till) -> None:
    """What comes late between two equal states has the lower number, and does not hold."""
    for sequence, paid in ((1, 1000), (3, 1000), (2, 9000)):
        await till.tell(paid, sequence=sequence)
    assert await till.points() == 10


async def test_an_order_that_is_paid_later_is_limited_as_any_purchase(
    books_of_record: Database,
) -> None:
    """Opened with nothing to pay and paid one after another, they still count one by one."""
    limits = Limits(cooldown_minutes=0, daily_limit=2)
    till = await open_till(books_of_record, plan=replace(points_plan(), limits=limits))
    for paid in (0, 1000):
        for order in range(4):
            told = await till.tell(paid, reference=f"order-{order}")
    assert told["code"] == "daily_limit_reached"
    assert await till.points() == 20


async def test_an_order_that_is_paid_later_starts_the_cooldown(
    books_of_record: Database,
) -> None:
    """As if it had been paid when it was opened, and a refund takes nothing of that back."""
    limits = Limits(cooldown_minutes=60, daily_limit=9)
    till = await open_till(books_of_record, plan=replace(points_plan(), limits=limits))
    for order in range(2):
        await till.tell(0, reference=f"order-{order}")
    await till.tell(1000, reference="order-0")
    assert (await till.tell(1000, reference="order-1"))["code"] == "cooldown_active"
    await till.tell(1000, 1000, reference="order-0")
    assert await till.points() == 0


async def test_a_receipt_is_a_sale_or_a_visit(books_of_record: Database) -> None:
    """Whichever is told of first earns; the other one is told so."""
    till = await open_till(books_of_record, plan=hybrid_plan())
    first = await till.tell(1000, reference="r1")
    late = body(await till.visit("r1"))
    assert (late["code"], late["sale_id"]) == ("already_recorded", first["sale_id"])
    visit = body(await till.visit("r2"))
    late = await till.tell(1000, reference="r2")
    assert (late["code"], late["transaction_id"]) == (
        "already_recorded",
        visit["transaction_id"],
    )
    assert await till.points() == 10


async def test_a_refund_that_was_a_mistake_finds_its_place_in_the_day(
    books_of_record: Database,
) -> None:
    """While there is one: what was bought meanwhile may have taken the last."""
    limits = Limits(cooldown_minutes=60, daily_limit=1)
    till = await open_till(books_of_record, plan=replace(points_plan(), limits=limits))
    for sequence, refunded in enumerate((0, 1000, 0, 1000)):
        await till.tell(1000, refunded, reference="r1", sequence=sequence)
    await till.shop.execute("UPDATE cards SET last_earned_at = NULL")
    await till.tell(1000, reference="r2")
    told = await till.tell(1000, reference="r1", sequence=4)
    assert told["code"] == "daily_limit_reached"
    assert await till.points() == 10
    assert not await till.shop.violations()
