"""Merged cards: what is told of one belongs to the card that lives on, by what it was then."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import Refusal
from gateway.domain.ledger import Account
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.sales import KnownSale
from gateway.services.cards.commands import Answer, StampCard
from gateway.storage.cards.sales import Sales
from gateway.storage.database import Database as Opened
from tests.database import Database
from tests.ledgers import join, publish, spend
from tests.plans import UNLIMITED, hybrid_plan, points_plan, stamp_plan, tier_plan
from tests.sales import Till, open_till
from tests.shops import body
from tests.waiting import until_it_waits


async def stamped(till: Till, card: UUID, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Stamp a card and return the answer's JSON."""
    command: StampCard = replace(till.shop.stamp_command(card), **more)
    (reply,) = await till.shop.stamp(command)
    return dict(body(reply))


async def test_a_stamp_for_a_merged_card_is_the_other_ones(books_of_record: Opened) -> None:
    """As a scan of its code is; beside one for the other card, and once for its key."""
    till = await open_till(books_of_record, plan=stamp_plan(10), cards=3)
    giver, taker, last = till.shop.cards
    await join(till.shop, giver, taker)
    await join(till.shop, taker, last)
    commands = [till.shop.stamp_command(card) for card in (giver, taker, last)]
    replies = await till.shop.stamp(*commands, commands[0])
    told = [body(reply) for reply in replies]
    assert {each["card_id"] for each in told} == {str(last)}
    assert told[3]["transaction_id"] == told[0]["transaction_id"]
    assert (await till.shop.balances(last))[0] == 3
    assert not await till.shop.violations()


async def test_a_stamp_told_of_a_merged_card_is_undone_by_either(books_of_record: Opened) -> None:
    """One from before the merger stays, and the refusal says why."""
    till = await open_till(books_of_record, plan=stamp_plan(10), cards=2)
    giver, taker = till.shop.cards
    before = await stamped(till, giver)
    await join(till.shop, giver, taker)
    for card in (giver, taker):
        told = await stamped(till, giver)
        visit = UUID(str(told["transaction_id"]))
        undone = body(await till.shop.undo(till.shop.undo_command(visit, card=card)))
        assert undone["card_id"] == str(taker)
    visit = UUID(str(before["transaction_id"]))
    refused = body(await till.shop.undo(till.shop.undo_command(visit, card=giver)))
    assert refused["code"] == "not_reversible"
    assert "merged" in str(refused["detail"])
    assert (await till.shop.balances(taker))[0] == 1
    assert not await till.shop.violations()


async def test_a_new_sale_for_a_merged_card_is_the_other_ones(till: Till) -> None:
    """The answer names the card that lives on, and the same key gets it again."""
    giver, taker, _ = till.shop.cards
    await join(till.shop, giver, taker)
    command = till.sale(1_000, card=giver)
    first = await till.record(command)
    assert body(first)["card_id"] == str(taker)
    assert await till.record(command) == replace(first, replayed=True)
    assert await till.points(taker) == 10
    assert not await till.shop.violations()


@pytest.mark.parametrize("told_of", [0, 1])
async def test_later_states_settle_where_the_value_went(till: Till, told_of: int) -> None:
    """Whichever card they are told of: refunded, raised and refunded whole, to the last point."""
    giver, taker, _ = till.shop.cards
    await till.tell(1_000, card=giver)
    await till.tell(500, card=taker, reference="own")
    await join(till.shop, giver, taker)
    card = till.shop.cards[told_of]
    for paid, refunded, left in ((1_000, 400, 11), (1_000, 0, 11), (1_500, 400, 16)):
        told = await till.tell(paid, refunded, card=card)
        assert told["card_id"] == str(taker)
        assert await till.points(taker) == left
    await till.tell(1_500, 1_500, card=card)
    assert (await till.points(giver), await till.points(taker)) == (0, 5)
    assert not await till.shop.violations()


async def test_the_basis_of_the_purchase_goes_along(books_of_record: Opened) -> None:
    """Its version and its tier, though the card that lives on has another."""
    till = await open_till(books_of_record, plan=tier_plan(), cards=2)
    giver, taker = till.shop.cards
    await till.tell(1_000, card=taker, reference="plain")
    await till.tell(12_000, card=giver, reference="up")
    silver = await till.tell(1_000, card=giver, reference="silver")
    triple = PointsRule(points_per_dollar=Decimal(3))
    await publish(till.shop, Plan(rules=(triple,), limits=UNLIMITED))
    await join(till.shop, giver, taker)
    there = await till.points(taker)
    for reference, told in (("silver", silver["given"]), ("plain", None)):
        (gave,) = told or [{"amount": 10}]
        await till.tell(1_000, 1_000, card=giver, reference=reference)
        there -= gave["amount"]
        assert await till.points(taker) == there
    assert not await till.shop.violations()


async def test_what_is_pending_on_the_other_card_is_taken_first(books_of_record: Opened) -> None:
    """What was held back moved held back, and a refund cancels it there."""
    plan = replace(points_plan(), pending_days=14)
    till = await open_till(books_of_record, plan=plan, cards=2)
    giver, taker = till.shop.cards
    await till.tell(1_000, card=giver)
    await join(till.shop, giver, taker)
    await till.tell(1_000, 400, card=giver)
    assert await till.points(taker, Account.PENDING) == 6
    assert await till.points(taker) == 0
    assert not await till.shop.violations()


async def test_what_was_spent_since_is_owed_by_the_other_card(till: Till) -> None:
    """By the policy of the purchase, as if there had been one card all along."""
    giver, taker, _ = till.shop.cards
    await till.tell(1_000, card=giver)
    await join(till.shop, giver, taker)
    await spend(till.shop, taker, "point", 8)
    await till.tell(1_000, 1_000, card=giver)
    assert (await till.points(giver), await till.points(taker)) == (0, -8)
    assert not await till.shop.violations()


async def test_one_receipt_of_both_cards_is_one_sale(till: Till) -> None:
    """Told of the old card and the new one at the same moment, it earns once."""
    giver, taker, third = till.shop.cards
    await join(till.shop, giver, taker)
    answers = await asyncio.gather(
        *(till.record(till.sale(1_000, card=card)) for card in (giver, taker, giver))
    )
    assert {answer.status for answer in answers} == {200}
    assert await till.points(taker) == 10
    assert (await till.tell(1_000, 500, card=third))["code"] == "sale_of_another_card"
    assert not await till.shop.violations()


async def test_sales_race_with_the_merger_of_their_card(till: Till) -> None:
    """Whether they come before or after it, they are found with the card that lives on."""
    for turn in range(4):
        till = await open_till(till.shop.database, plan=hybrid_plan(), cards=2, slug=f"s{turn}")
        giver, taker = till.shop.cards
        await till.tell(1_000, card=giver)
        sales = [till.sale(500, card=giver, reference=f"r{n}") for n in range(3)]
        answers = await asyncio.gather(
            join(till.shop, giver, taker),
            till.record(till.sale(1_000, 300, card=giver)),
            *(till.record(sale) for sale in sales),
        )
        assert {answer.status for answer in answers} == {200}
        assert (await till.points(giver), await till.points(taker)) == (0, 22)
        assert not await till.shop.violations()


async def test_a_merger_between_two_looks_is_no_other_cards_sale(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card was read before it and the receipt after it: then both are read again."""
    giver, taker, _ = till.shop.cards
    await till.tell(1_000, card=giver)
    told, mergers = Sales.told, iter([(giver, taker)])

    async def late(store: Sales, source: str, reference: str) -> KnownSale | UUID | None:
        for pair in mergers:
            assert (await join(till.shop, *pair)).is_done
        return await told(store, source, reference)

    monkeypatch.setattr(Sales, "told", late)
    assert (await till.tell(1_000, 400, card=giver))["card_id"] == str(taker)
    assert await till.points(taker) == 6


async def test_a_sale_that_posts_nothing_waits_for_the_merger(
    database: Database, books_of_record: Opened
) -> None:
    """Nothing of it looks at the card's version but that: it must not stay behind alone."""
    till = await open_till(books_of_record, cards=2)
    giver, taker = till.shop.cards
    merging = await asyncpg.connect(database.superuser_dsn)
    async with merging.transaction():
        await merging.execute(
            "UPDATE cards SET status = 'merged', merged_into = $2, version = version + 1"
            " WHERE id = $1",
            giver,
            taker,
        )
        telling = asyncio.create_task(till.tell(0, card=giver))
        await until_it_waits(merging, telling)
    assert (await telling)["card_id"] == str(taker)
    await merging.close()
    assert (await till.tell(1_000, card=giver))["given"] == [{"unit": "point", "amount": 10}]


async def test_a_blocked_card_stays_blocked_by_its_other_code(till: Till) -> None:
    """Following a merger opens nothing that is closed."""
    giver, taker, _ = till.shop.cards
    await join(till.shop, giver, taker)
    await till.shop.execute(
        "UPDATE cards SET status = 'blocked', version = version + 1 WHERE id = :card", card=taker
    )
    assert (await till.tell(1_000, card=giver))["code"] == "card_blocked"


async def test_a_receipt_is_a_stamp_or_a_sale(books_of_record: Opened) -> None:
    """Whichever is told of first; the other hears that it was recorded, and earns nothing."""
    till = await open_till(books_of_record, plan=hybrid_plan(), cards=1)
    (card,) = till.shop.cards
    source = till.shop.stamp_command().origin.source
    await till.tell(1_000, reference="sale", source=source)
    await till.tell(0, reference="tab", source=source)
    first = await stamped(till, card, source_event_id="stamp")
    late = await till.tell(1_000, reference="stamp", source=source)
    assert (late["code"], late["transaction_id"]) == ("already_recorded", first["transaction_id"])
    for reference in ("sale", "tab"):
        (reply,) = await till.shop.stamp(
            replace(till.shop.stamp_command(card), source_event_id=reference)
        )
        assert isinstance(reply, Refusal)
        assert reply.code == "already_recorded"
    assert (await till.tell(0, reference="stamp", source=source))["code"] == "already_recorded"
    assert (await till.tell(2_000, reference="tab", source=source)).get("code") is None
    assert await till.points() == 30
    assert not await till.shop.violations()


@pytest.mark.parametrize("paid", [1_000, 0])
async def test_a_stamp_and_a_sale_of_one_receipt_at_once_are_one(
    books_of_record: Opened, paid: int
) -> None:
    """Also a tab that posts nothing yet, and a visit over the till: one is done."""
    till = await open_till(books_of_record, plan=hybrid_plan(), cards=1)
    source = till.shop.stamp_command().origin.source
    for turn in range(6):
        reference = f"r{turn}"
        told = [
            _code_of(till.shop.stamp(_with_receipt(till, reference))),
            _code_of(till.record(till.sale(paid, reference=reference, source=source))),
            _code_of(till.shop.stamp(_with_receipt(till, reference))),
        ]
        if turn % 2:
            told.reverse()
        codes = await asyncio.gather(*told)
        assert sorted(codes, key=str) == ["already_recorded", "already_recorded", "done"], codes
    assert not await till.shop.violations()


def _with_receipt(till: Till, reference: str) -> StampCard:
    return replace(till.shop.stamp_command(), key=uuid7().hex, source_event_id=reference)


async def _code_of(asking: Any) -> object:  # noqa: ANN401 -- a stamp's set, or one answer
    reply = await asking
    reply = reply[0] if isinstance(reply, list) else reply
    if isinstance(reply, Refusal):
        return reply.code
    assert isinstance(reply, Answer)
    return "done" if reply.is_done else body(reply)["code"]
