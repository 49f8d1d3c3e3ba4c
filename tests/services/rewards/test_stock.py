"""Stock and limits: never oversold, given back once, and nobody gets more than their share."""

import asyncio
from collections import Counter
from uuid import UUID

import pytest

from gateway.domain.ledger import TransactionKind
from gateway.domain.rewards import Reward
from gateway.services.cards.commands import Answer
from gateway.storage.database import Database
from tests.catalogues import put_on_shelf, redemption_of, stock_of, take
from tests.ledgers import join
from tests.shops import Shop, body, open_shop


async def test_sixty_cards_at_once_get_five_mugs(books_of_record: Database) -> None:
    """Exactly five get one; the others are told, keep their stamps, and one fact says so."""
    shop = await open_shop(books_of_record, cards=60)
    await shop.stamp(*(shop.stamp_command(card) for card in shop.cards))
    mug = await put_on_shelf(shop, stock=5)

    answers = await asyncio.gather(*(take(shop, mug, card) for card in shop.cards))

    assert Counter(_outcome(answer) for answer in answers) == {"reserved": 5, "sold_out": 55}
    assert await stock_of(shop, mug) == 0
    spent = await shop.rows(
        "SELECT account, sum(balance)::int FROM accounts WHERE account IN ('available',"
        " 'reserved') GROUP BY account"
    )
    assert dict(spent) == {"available": 55, "reserved": 5}
    assert (await shop.facts()).count("loyalty.reward.sold_out") == 1
    assert not await shop.violations()


@pytest.mark.parametrize("how", [TransactionKind.CANCEL, TransactionKind.LAPSE])
async def test_a_piece_comes_back_once(bare_shop: Shop, how: TransactionKind) -> None:
    """However often and from wherever it is given back, one more is there."""
    mug = await put_on_shelf(bare_shop, stock=1)
    await bare_shop.fill(1)
    redemption = redemption_of(await take(bare_shop, mug))
    assert await stock_of(bare_shop, mug) == 0
    await asyncio.gather(
        *(bare_shop.end(bare_shop.end_command(redemption), how) for _ in range(4))
    )
    assert await stock_of(bare_shop, mug) == 1
    assert (await bare_shop.balances())[:2] == (1, 0)


async def test_what_was_handed_out_does_not_come_back(bare_shop: Shop) -> None:
    """A mug over the counter is gone."""
    mug = await put_on_shelf(bare_shop, stock=1)
    await bare_shop.fill(1)
    command = bare_shop.end_command(redemption_of(await take(bare_shop, mug)))
    await bare_shop.end(command, TransactionKind.REDEEM)
    assert await stock_of(bare_shop, mug) == 0


async def test_no_piece_comes_back_that_was_never_counted(bare_shop: Shop) -> None:
    """What was reserved before anybody counted does not add to what was counted since."""
    mug = await put_on_shelf(bare_shop)
    await bare_shop.fill(1)
    redemption = redemption_of(await take(bare_shop, mug))
    await bare_shop.execute("UPDATE rewards SET stock = 7 WHERE id = :id", id=mug.id)
    await bare_shop.end(bare_shop.end_command(redemption), TransactionKind.CANCEL)
    assert await stock_of(bare_shop, mug) == 7


async def test_a_retry_takes_no_second_piece(bare_shop: Shop) -> None:
    """Ten retries at once of one reservation take one mug."""
    mug = await put_on_shelf(bare_shop, stock=5)
    await bare_shop.fill(1)
    command = bare_shop.reserve_command(reward=mug.id)
    answers = await asyncio.gather(*(bare_shop.reserve(command) for _ in range(10)))
    assert len({answer.body for answer in answers}) == 1
    assert await stock_of(bare_shop, mug) == 4


async def test_ten_at_once_get_no_more_than_each_customer_may(bare_shop: Shop) -> None:
    """Two each: of ten at once for one card two are given, and the other stamps stay."""
    mug = await put_on_shelf(bare_shop, per_member_max=2)
    await bare_shop.fill(10)
    answers = await asyncio.gather(*(take(bare_shop, mug) for _ in range(10)))
    outcomes = Counter(_outcome(answer) for answer in answers)
    assert outcomes == {"reserved": 2, "reward_limit_reached": 8}
    assert (await bare_shop.balances())[:2] == (8, 2)


async def test_only_what_was_kept_counts_as_had(bare_shop: Shop) -> None:
    """Cancelled, run out and taken back, a reward can be had again; redeemed it cannot."""
    mug = await put_on_shelf(bare_shop, per_member_max=1)
    await bare_shop.fill(1)
    for how in (TransactionKind.CANCEL, TransactionKind.LAPSE):
        redemption = redemption_of(await take(bare_shop, mug))
        await bare_shop.end(bare_shop.end_command(redemption), how)
    redemption = await _redeemed(bare_shop, mug)
    await bare_shop.take_back(bare_shop.end_command(redemption))
    await _redeemed(bare_shop, mug)
    await bare_shop.fill(1)
    assert _outcome(await take(bare_shop, mug)) == "reward_limit_reached"


async def test_a_merger_keeps_what_was_had(books_of_record: Database) -> None:
    """What a customer had with a card that is merged into another is not had again."""
    shop = await open_shop(books_of_record, cards=2)
    mug = await put_on_shelf(shop, per_member_max=1)
    await shop.fill(1)
    await _redeemed(shop, mug)
    first, second = shop.cards
    await shop.fill(1, second)
    assert (await join(shop, first, second)).is_done
    assert _outcome(await take(shop, mug, second)) == "reward_limit_reached"


async def _redeemed(shop: Shop, mug: Reward) -> UUID:
    redemption = redemption_of(await take(shop, mug))
    await shop.end(shop.end_command(redemption), TransactionKind.REDEEM)
    return redemption


def _outcome(answer: Answer) -> str:
    told = body(answer)
    return str(told["status"] if answer.is_done else told["code"])
