"""Redemptions over the API: what was reserved ends once, and never costs twice."""

import asyncio

import pytest
from sqlalchemy import text

from tests.shops import Shop
from tests.web.api.gate import Answered, Caller


@pytest.fixture
async def reserved(caller: Caller, shop: Shop) -> Answered:
    """A coffee set aside on a card that had three stamps."""
    await fill(caller, shop)
    return await caller.post(f"cards/{shop.cards[0]}/redemptions", order(shop))


async def fill(caller: Caller, shop: Shop, stamps: int = 3) -> None:
    for _ in range(stamps):
        await caller.post(f"cards/{shop.cards[0]}/stamps", {"location_id": str(shop.location.id)})


def order(shop: Shop) -> dict[str, str]:
    return {"reward_id": str(shop.reward.id)}


def end(shop: Shop, reserved: Answered, how: str) -> str:
    return f"cards/{shop.cards[0]}/redemptions/{reserved.body['redemption_id']}/{how}"


async def standing(caller: Caller, shop: Shop) -> tuple[int, int]:
    card = (await caller.get(f"cards/{shop.cards[0]}")).body
    held = {each["unit"]: each for each in card["balances"]}["stamp"]
    return held["available"], held["reserved"]


async def test_a_reward_is_found_reserved_and_handed_out(
    caller: Caller, shop: Shop, reserved: Answered
) -> None:
    """The stamps are set aside first, and gone in the end."""
    rewards = await caller.get(f"programs/{shop.program.id}/rewards")
    assert rewards.body["items"][0]["id"] == str(shop.reward.id)
    assert reserved.body["status"] == "reserved"
    assert await standing(caller, shop) == (0, 3)

    redeemed = await caller.post(end(shop, reserved, "redeem"))

    assert redeemed.body["status"] == "redeemed"
    assert await standing(caller, shop) == (0, 0)


async def test_a_cancelled_reward_gives_its_stamps_back(
    caller: Caller, shop: Shop, reserved: Answered
) -> None:
    """As if it had never been asked for."""
    cancelled = await caller.post(end(shop, reserved, "cancel"))

    assert cancelled.body["status"] == "cancelled"
    assert await standing(caller, shop) == (3, 0)


async def test_d6_stamps_that_are_missing_cannot_be_spent(caller: Caller, shop: Shop) -> None:
    """Two tills at once cannot spend the same stamps either."""
    await fill(caller, shop, 4)
    path = f"cards/{shop.cards[0]}/redemptions"

    answers = await asyncio.gather(*(caller.post(path, order(shop)) for _ in range(8)))

    assert sorted(answer.status for answer in answers) == [200, *[422] * 7]
    refused = next(answer for answer in answers if answer.status == 422)
    assert (refused.code, refused.body["missing"]) == ("not_enough", 2)
    assert await standing(caller, shop) == (1, 3)


@pytest.mark.parametrize("first", ["redeem", "cancel"])
@pytest.mark.parametrize("second", ["redeem", "cancel"])
async def test_d8_an_end_is_final(
    caller: Caller, shop: Shop, reserved: Answered, first: str, second: str
) -> None:
    """Redeemed or cancelled, nothing changes it any more."""
    await caller.post(end(shop, reserved, first))
    before = await standing(caller, shop)

    refused = await caller.post(end(shop, reserved, second))

    assert (refused.status, refused.code) == (409, "redemption_closed")
    assert await standing(caller, shop) == before


async def test_d8_ten_ends_at_once_are_one(caller: Caller, shop: Shop, reserved: Answered) -> None:
    """Handed out and cancelled in the same moment, it is one of the two."""
    answers = await asyncio.gather(
        *(caller.post(end(shop, reserved, ("redeem", "cancel")[n % 2])) for n in range(10))
    )

    assert sorted(answer.status for answer in answers) == [200, *[409] * 9]
    winner = next(answer for answer in answers if answer.status == 200)
    expected = (0, 0) if winner.body["status"] == "redeemed" else (3, 0)
    assert await standing(caller, shop) == expected


async def test_d8_a_reservation_that_ran_out_is_not_handed_out(
    caller: Caller, shop: Shop, reserved: Answered
) -> None:
    """It has to be reserved again."""
    async with shop.database.engine.begin() as connection:
        await connection.execute(
            text("SELECT set_config('app.merchant', :m, true)"), {"m": str(shop.merchant_id)}
        )
        await connection.execute(text("UPDATE redemptions SET expires_at = now()"))

    refused = await caller.post(end(shop, reserved, "redeem"))

    assert (refused.status, refused.code) == (409, "redemption_expired")
    assert await standing(caller, shop) == (0, 3)


async def test_a_redemption_belongs_to_its_card(
    caller: Caller, shop: Shop, reserved: Answered
) -> None:
    """Named with another card it does not exist."""
    path = f"cards/{shop.cards[1]}/redemptions/{reserved.body['redemption_id']}/redeem"

    refused = await caller.post(path)

    assert (refused.status, refused.code) == (404, "not_found")
