"""Collecting: a reservation held over a refund hides nothing from it."""

from dataclasses import replace
from uuid import UUID

import pytest

from gateway.domain.ledger import TransactionKind
from gateway.domain.rewards import Reward
from gateway.domain.rules.plan import NegativeBalance
from gateway.storage.database import Database as Opened
from tests.catalogues import put_on_shelf, redemption_of, take
from tests.plans import points_plan
from tests.sales import Till, open_till

OWED = "SELECT reference, basis->'owed' FROM sales ORDER BY reference"


@pytest.fixture
async def till(books_of_record: Opened) -> Till:
    """A shop that takes back no more than there is."""
    plan = replace(points_plan(), negative_balance=NegativeBalance.WITHIN_BALANCE)
    return await open_till(books_of_record, plan=plan)


@pytest.fixture
async def mug(till: Till) -> Reward:
    """A mug for ten points."""
    return await put_on_shelf(till.shop, unit="point", cost=10)


@pytest.mark.parametrize("how", [TransactionKind.CANCEL, TransactionKind.LAPSE])
async def test_points_hidden_in_a_reservation_are_taken_when_they_are_back(
    till: Till, mug: Reward, how: TransactionKind
) -> None:
    """Nothing was paid in the end, so nothing stays."""
    await till.tell(1000)
    command = till.shop.end_command(redemption_of(await take(till.shop, mug)))
    await till.tell(1000, 1000)
    assert (await till.shop.end(command, how)).is_done
    assert await till.points() == 0
    assert await till.shop.rows(OWED) == [("receipt-1", {})]
    assert (await till.shop.facts())[-1] == "loyalty.sale.refunded"
    assert (await till.shop.end(command, how)).replayed
    assert await till.points() == 0
    assert not await till.shop.violations()


async def test_a_reward_that_is_taken_back_pays_too(till: Till, mug: Reward) -> None:
    """What was handed out stays with the customer until it is on the shelf again."""
    await till.tell(1000)
    command = till.shop.end_command(redemption_of(await take(till.shop, mug)))
    await till.shop.end(command, TransactionKind.REDEEM)
    await till.tell(1000, 1000)
    await till.shop.take_back(replace(command, key="take back"))
    assert await till.points() == 0
    assert not await till.shop.violations()


async def test_the_oldest_sale_is_paid_first_and_no_more_than_came_back(
    till: Till, mug: Reward
) -> None:
    """Another state of a sale afterwards posts the difference to what it then gave."""
    await till.tell(800)
    await till.tell(700, reference="receipt-2")
    redemption = redemption_of(await take(till.shop, mug))
    await till.tell(800, 800)
    await till.tell(700, 700, reference="receipt-2")
    assert await till.shop.rows(OWED) == [("receipt-1", {"point": 3}), ("receipt-2", {"point": 7})]
    await till.shop.end(till.shop.end_command(redemption), TransactionKind.CANCEL)
    assert await till.points() == 0
    assert await till.shop.rows(OWED) == [("receipt-1", {}), ("receipt-2", {})]
    await till.tell(900, 800)
    assert await till.points() == 1
    assert not await till.shop.violations()


async def test_a_debt_from_before_the_reservation_is_not_collected(
    till: Till, mug: Reward
) -> None:
    """What a refund found spent stays with the customer, whatever is set aside later."""
    await till.tell(1000)
    await till.shop.end(
        till.shop.end_command(redemption_of(await take(till.shop, mug))), TransactionKind.REDEEM
    )
    await till.tell(1000, 1000)
    await till.tell(1000, reference="receipt-2")
    redemption: UUID = redemption_of(await take(till.shop, mug))
    await till.shop.end(till.shop.end_command(redemption), TransactionKind.CANCEL)
    assert await till.points() == 10
    assert not await till.shop.violations()
