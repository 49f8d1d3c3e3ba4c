"""Two cards at once: what one loses the other has, whoever races, and lots keep their ends."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from gateway.domain.errors import NotFound
from gateway.domain.ledger import (
    AMOUNT_MAX,
    BALANCE_MAX,
    Account,
    TransactionKind,
    in_transfers,
)
from gateway.domain.merging import Part
from gateway.storage.cards.lots import Lots
from gateway.storage.database import Database
from tests.ledgers import grant, join, lots, post, spend
from tests.plans import hybrid_plan
from tests.sales import Till, open_till
from tests.shops import body

SOON, LATER = datetime(2126, 1, 1, tzinfo=UTC), datetime(2126, 6, 1, tzinfo=UTC)


async def test_a_transfer_takes_what_ends_soonest_and_keeps_its_end(till: Till) -> None:
    """The other card gets the same amounts with the same ends."""
    giver, taker, _ = till.shop.cards
    await grant(till.shop, giver, 10, expires_at=LATER)
    await grant(till.shop, giver, 5, expires_at=SOON)
    told = body(await join(till.shop, giver, taker, unit="point", amount=8))
    assert told["moved"] == [{"unit": "point", "amount": 8}]
    assert await till.points(giver) == 7
    rows = await till.shop.rows(
        "SELECT remaining, expires_at FROM lots WHERE card_id = :card ORDER BY expires_at",
        card=taker,
    )
    assert rows == [(5, SOON), (3, LATER)]
    cards = await till.shop.rows(
        "SELECT card_id, counterpart_card_id FROM transactions WHERE kind = 'transfer'"
    )
    assert set(cards) == {(giver, taker), (taker, giver)}
    assert not await till.shop.violations()


async def test_transfers_both_ways_at_once_lose_nothing(till: Till) -> None:
    """A to B and B to A in parallel: every answer is one of ours, and the sum stays."""
    first, second, _ = till.shop.cards
    for card in (first, second):
        await grant(till.shop, card, 50)
    pairs = [(first, second), (second, first)] * 8
    answers = await asyncio.gather(
        *(join(till.shop, *pair, unit="point", amount=3) for pair in pairs)
    )
    assert {answer.status for answer in answers} <= {200, 409}
    assert await till.points(first) + await till.points(second) == 100
    assert not await till.shop.violations()


async def test_a_transfer_that_meets_a_spending_half_way_begins_again(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its balance was read before it and its lots after it: they do not add up, and may not."""
    giver, taker, _ = till.shop.cards
    await grant(till.shop, giver, 10)
    parts, spendings = Lots.parts, iter([7])

    async def late(store: Lots, card_id: UUID) -> list[Part]:
        for amount in spendings:
            await spend(till.shop, giver, "point", amount)
        return await parts(store, card_id)

    monkeypatch.setattr(Lots, "parts", late)
    assert (
        body(await join(till.shop, giver, taker, unit="point", amount=5))["code"] == "not_enough"
    )
    assert (await till.points(giver), await till.points(taker)) == (3, 0)
    assert not await till.shop.violations()


async def test_a_merger_moves_everything(books_of_record: Database) -> None:
    """Points, pending ones, stamps, totals and days; the old code leads to the other card."""
    till = await open_till(books_of_record, plan=hybrid_plan(), cards=2)
    giver, taker = till.shop.cards
    await till.tell(12_000, card=giver)
    await till.tell(3000, card=taker, reference="b")
    await grant(till.shop, giver, 7, usable_from=LATER)
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        code = (await unit.cards.one(giver)).code
    told = body(await join(till.shop, giver, taker))
    assert told["merged"] is True
    assert await till.points(giver) == 0
    assert await till.points(taker) == 150
    assert await till.points(taker, Account.PENDING) == 7
    rows = await till.shop.rows(
        "SELECT spent_total, points_total, visits_total, tier FROM cards WHERE id = :card",
        card=taker,
    )
    assert rows == [(15_000, 157, 2, "silver")]
    days = await till.shop.rows(
        "SELECT spent, points, visits FROM card_days WHERE card_id = :card", card=taker
    )
    assert days == [(15_000, 157, 2)]
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        assert (await unit.cards.by_code(code)).id == taker
    told = await till.tell(1000, card=giver, reference="c")
    assert told["card_id"] == str(taker)


async def test_a_sale_is_refunded_on_the_card_it_went_to(till: Till) -> None:
    """After a merger the receipt belongs to the card that lives on."""
    giver, taker, _ = till.shop.cards
    await till.tell(1000, card=giver)
    await join(till.shop, giver, taker)
    await till.tell(1000, 400, card=taker)
    assert await till.points(taker) == 6


async def test_debts_go_along(till: Till) -> None:
    """Merging cannot wash away what a refund left owing."""
    giver, taker, _ = till.shop.cards
    await till.tell(1000, card=giver)
    await spend(till.shop, giver, "point", 10)
    await till.tell(1000, 1000, card=giver)
    await grant(till.shop, taker, 4)
    await join(till.shop, giver, taker)
    assert [await till.points(card) for card in (giver, taker)] == [0, -6]
    assert not await till.shop.violations()


async def test_mergers_both_ways_at_once_are_one(till: Till) -> None:
    """One of them wins, the other hears that its card is gone; also when both are empty."""
    for turn in range(5):
        till = await open_till(till.shop.database, cards=2, slug=f"s{turn}")
        first, second = till.shop.cards
        there = 10 * (turn % 2)
        for card in (first, second) if there else ():
            await grant(till.shop, card, there)
        answers = await asyncio.gather(
            join(till.shop, first, second),
            join(till.shop, second, first),
            till.tell(500, card=first),
        )
        statuses = sorted(answer.status for answer in answers[:2])
        assert statuses == [200, 409]
        total = await till.points(first) + await till.points(second)
        assert total == 2 * there + (5 if answers[2].get("given") else 0)
        assert not await till.shop.violations()


async def test_chains_of_mergers_lead_to_the_last(till: Till) -> None:
    """A code answers however often its card was merged."""
    first, second, third = till.shop.cards
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        code = (await unit.cards.one(first)).code
    await join(till.shop, first, second)
    await join(till.shop, second, third)
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        assert (await unit.cards.by_code(code)).id == third


async def test_what_cannot_be_joined_is_refused(books_of_record: Database) -> None:
    """A card with itself, with one of another program or merchant, or while a reward is held."""
    till = await open_till(books_of_record, cards=2)
    other = await open_till(books_of_record, slug="other")
    first, second = till.shop.cards
    same = await join(till.shop, first, first)
    assert (same.status, body(same)["code"]) == (422, "same_card")
    with pytest.raises(NotFound):
        await join(till.shop, first, other.shop.cards[0])
    too_much = await join(till.shop, first, second, unit="point", amount=1)
    assert body(too_much)["code"] == "not_enough"
    await grant(till.shop, first, 5)
    await till.shop.execute(
        "UPDATE cards SET status = 'blocked', version = version + 1 WHERE id = :card", card=second
    )
    assert body(await join(till.shop, first, second))["code"] == "card_blocked"


async def test_the_same_key_moves_once(till: Till) -> None:
    """A retry gets the same bytes."""
    giver, taker, _ = till.shop.cards
    await grant(till.shop, giver, 10, expires_at=SOON + timedelta(days=1))
    answers = [
        await join(till.shop, giver, taker, unit="point", amount=4, key="once") for _ in range(2)
    ]
    assert answers[0].body == answers[1].body
    assert await till.points(taker) == 4
    assert await lots(till.shop, giver) == [("point", "available", 6)]


async def test_any_amount_can_be_joined(till: Till) -> None:
    """Also what no single transfer can carry."""
    giver, taker, _ = till.shop.cards
    for _ in range(2):
        await grant(till.shop, giver, AMOUNT_MAX)
    assert (await join(till.shop, giver, taker)).is_done
    assert await till.points(taker) == 2 * AMOUNT_MAX
    assert not await till.shop.violations()


@pytest.mark.parametrize("amount", [None, 6])
async def test_a_card_never_gets_more_than_it_can_hold(till: Till, amount: int | None) -> None:
    """Nothing of it is written, a part no more than all of it; what fits is moved."""
    giver, taker, _ = till.shop.cards
    await grant(till.shop, giver, 6)
    full = in_transfers("point", Account.ISSUED, Account.AVAILABLE, BALANCE_MAX - 5)
    await post(till.shop, taker, TransactionKind.EARN, *full)
    how: dict[str, Any] = {"unit": "point", "amount": amount} if amount else {}
    refused = await join(till.shop, giver, taker, **how)
    assert (refused.status, body(refused)["code"]) == (422, "balance_limit")
    assert "which no card can" in str(body(refused)["detail"])
    assert [await till.points(card) for card in (giver, taker)] == [6, BALANCE_MAX - 5]
    assert (await join(till.shop, giver, taker, unit="point", amount=5)).is_done
    assert not await till.shop.violations()
