"""Adjusting: one person up to a limit, two above it, and never the same one twice."""

import asyncio
from dataclasses import replace
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.adjustments import SecondPersonNeeded
from gateway.domain.errors import Invalid, NotFound
from gateway.domain.people import Principal, Role
from gateway.services.cards.commands import Answer
from gateway.services.ledger.adjusting import (
    AdjustCard,
    DecideAdjustment,
    adjust,
    approve,
    refuse,
)
from gateway.storage.people.people import Member
from tests.ledgers import lots
from tests.sales import Till
from tests.shops import FINGERPRINT, ORIGIN, body

ALONE_MAX = 1_000


async def person(till: Till, *, is_key: bool = False) -> Principal:
    """Return somebody else who works for the merchant, or another of its keys."""
    if is_key:
        return replace(till.shop.principal, name=f"key:{uuid7()}", staff_id=None)
    member = Member(id=uuid7(), name="Ana", role=Role.MANAGER)
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        await unit.staff.add(member, unit.now)
    return replace(till.shop.principal, name=f"staff:{member.id}", staff_id=member.id)


def asked(till: Till, amount: int, by: Principal | None = None, **more: Any) -> AdjustCard:  # noqa: ANN401
    """Return a command that adjusts the first card's points."""
    fields: dict[str, Any] = {
        "principal": by or replace(till.shop.principal, name="key:test"),
        "origin": ORIGIN,
        "key": uuid7().hex,
        "fingerprint": FINGERPRINT,
        "card_id": till.shop.cards[0],
        "unit": "point",
        "amount": amount,
        "reason": "A spilled coffee",
    }
    return AdjustCard(**fields | more)


def decided(till: Till, adjustment: object, by: Principal) -> DecideAdjustment:
    """Return a command that decides on an adjustment of the first card."""
    return DecideAdjustment(
        principal=by,
        origin=ORIGIN,
        key=uuid7().hex,
        fingerprint=FINGERPRINT,
        card_id=till.shop.cards[0],
        adjustment_id=UUID(str(adjustment)),
    )


async def do(till: Till, command: AdjustCard) -> dict[str, Any]:
    """Adjust, and return the answer's JSON."""
    return dict(body(await adjust(till.shop.database.units, command, uuid7)))


async def test_one_person_adjusts_up_to_the_limit(till: Till) -> None:
    """Both ways, with the reason kept; a lot for what is given."""
    told = await do(till, asked(till, ALONE_MAX))
    assert told["status"] == "posted"
    await do(till, asked(till, -400))
    assert await till.points() == 600
    assert await lots(till.shop, till.shop.cards[0]) == [("point", "available", 600)]
    rows = await till.shop.rows("SELECT DISTINCT kind, reason FROM transactions")
    assert rows == [("adjust", "A spilled coffee")]
    assert await till.shop.facts() == ["loyalty.balance.adjusted"] * 2
    assert not await till.shop.violations()


async def test_many_small_adjustments_are_a_large_one(till: Till) -> None:
    """What one person gives a card alone adds up for a day; so does what they take."""
    first, second = await person(till), await person(till)
    card, other = till.shop.cards[:2]
    for amount in (ALONE_MAX - 1, 1, -ALONE_MAX):
        assert (await do(till, asked(till, amount, first)))["status"] == "posted"
    for amount in (1, -1):
        told = await do(till, asked(till, amount, first, may_owe=True))
        assert told["status"] == "asked"
    for more in ({"by": second}, {"by": first, "card_id": other}):
        assert (await do(till, asked(till, ALONE_MAX, **more)))["status"] == "posted"
    await till.shop.execute("UPDATE adjustments SET decided_at = NULL, status = 'refused'")
    assert (await do(till, asked(till, ALONE_MAX, first)))["status"] == "posted"
    assert await till.points(card) == 2 * ALONE_MAX


async def test_keys_together_give_as_much_as_one_person(till: Till) -> None:
    """Whoever holds two keys does not get twice as far."""
    for key, status in ((0, "posted"), (1, "asked")):
        by = await person(till, is_key=True)
        assert (await do(till, asked(till, ALONE_MAX, by)))["status"] == status, key


async def test_above_the_limit_somebody_else_approves(till: Till) -> None:
    """Nothing is posted until then, and who approved is kept."""
    first, second = await person(till), await person(till)
    told = await do(till, asked(till, ALONE_MAX + 1, first))
    assert (told["status"], told["transaction_id"]) == ("asked", None)
    assert await till.points() == 0
    command = decided(till, told["adjustment_id"], second)
    answer = await approve(till.shop.database.units, command, uuid7)
    assert body(answer)["status"] == "posted"
    assert await till.points() == ALONE_MAX + 1
    assert await till.shop.rows("SELECT approved_by FROM transactions") == [(second.staff_id,)]
    assert not await till.shop.violations()


@pytest.mark.parametrize("is_key", [False, True])
async def test_nobody_approves_their_own(till: Till, is_key: bool) -> None:  # noqa: FBT001
    """Nor with an API key, which may be in the same hands: a key asks and never decides."""
    first = await person(till, is_key=is_key)
    told = await do(till, asked(till, -ALONE_MAX - 1, first, may_owe=True))
    for decider, decide in product((first, await person(till, is_key=True)), (approve, refuse)):
        with pytest.raises(SecondPersonNeeded):
            await decide(
                till.shop.database.units, decided(till, told["adjustment_id"], decider), uuid7
            )
    assert await till.points() == 0


async def test_a_refusal_posts_nothing_and_is_final(till: Till) -> None:
    """Who comes later hears that it is decided."""
    told = await do(till, asked(till, ALONE_MAX + 1))
    units = till.shop.database.units
    refused = await refuse(units, decided(till, told["adjustment_id"], await person(till)), uuid7)
    assert body(refused)["status"] == "refused"
    late = await approve(units, decided(till, told["adjustment_id"], await person(till)), uuid7)
    assert (late.status, body(late)["code"]) == (409, "adjustment_closed")
    assert await till.points() == 0
    assert await till.shop.facts() == ["loyalty.adjustment.asked", "loyalty.adjustment.refused"]


async def test_ten_who_decide_at_once_decide_once(till: Till) -> None:
    """However approvals and refusals race, one of them counts."""
    told = await do(till, asked(till, ALONE_MAX + 1))
    verbs = [approve, refuse] * 5

    async def decide(turn: int) -> Answer:
        command = decided(till, told["adjustment_id"], await person(till))
        return await verbs[turn](till.shop.database.units, command, uuid7)

    answers = await asyncio.gather(*(decide(turn) for turn in range(10)))
    (done,) = (answer for answer in answers if answer.is_done)
    is_posted = body(done)["status"] == "posted"
    assert await till.points() == (ALONE_MAX + 1 if is_posted else 0)
    assert not await till.shop.violations()


async def test_a_minus_stops_at_zero_unless_stated(till: Till) -> None:
    """Only who says so may leave a card owing."""
    await till.tell(1000)
    refused = await do(till, asked(till, -11))
    assert refused["code"] == "below_zero"
    await do(till, asked(till, -11, may_owe=True))
    assert await till.points() == -1
    assert not await till.shop.violations()


async def test_the_merchant_sets_what_one_person_may(till: Till) -> None:
    """The limit is the merchant's own."""
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        assert await unit.adjustments.alone_max() == ALONE_MAX
        for before, most in ((ALONE_MAX, 1), (1, 5)):
            await unit.adjustments.allow_alone(most, before=before)
    assert [(await do(till, asked(till, each)))["status"] for each in (5, 6)] == [
        "posted",
        "asked",
    ]
    async with till.shop.database.units(till.shop.merchant_id) as unit:
        assert [each.amount for each in await unit.adjustments.listed()] == [6, 5]


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"unit": "gold"}, {"reason": " "}])
async def test_what_cannot_be_is_said(till: Till, wrong: dict[str, Any]) -> None:
    """An amount, a unit or a reason that no adjustment has."""
    with pytest.raises(Invalid):
        await do(till, replace(asked(till, 5), **wrong))


async def test_an_adjustment_belongs_to_its_card(till: Till) -> None:
    """Asked for under another card's address it does not exist."""
    told = await do(till, asked(till, ALONE_MAX + 1))
    command = replace(
        decided(till, told["adjustment_id"], await person(till)), card_id=till.shop.cards[1]
    )
    with pytest.raises(NotFound):
        await approve(till.shop.database.units, command, uuid7)
