"""A card that was merged, at every door of a till and of the API: the other one answers."""

from typing import Any
from uuid import uuid4

import pytest

from tests.plans import hybrid_plan
from tests.shops import add_cards
from tests.web.api.test_pos import OpenOther, Pos


class Merged(Pos):
    """A till before whose eyes the first card was merged into another one."""

    other: str

    async def reversal(self, said: dict[str, Any]) -> dict[str, Any]:
        """Return what a till says to take something back by the old card's code."""
        return {
            "verb": "reverse",
            "transaction_guid": str(uuid4()),
            "identifier": await self.code(),
            "reversed_guid": said["transaction_guid"],
        }

    async def merge(self) -> None:
        """Merge the first card into the other."""
        merger = {"into_card_id": self.other, "reason": "Lost her phone"}
        merged = await self.caller.post(f"cards/{self.shop.cards[0]}/merger", merger)
        assert merged.status == 200, merged.body


@pytest.fixture
async def pos(open_other: OpenOther) -> Merged:
    """A till of a shop with two cards of a person."""
    pos = Merged(*await open_other("hybrid", hybrid_plan()))
    (other,) = await add_cards(pos.shop, 1)
    pos.other = str(other)
    return pos


async def test_every_door_leads_to_the_card_that_lives_on(pos: Merged) -> None:
    """By the old code at the till, and by the old id over the API."""
    await pos.merge()
    old, place = str(pos.shop.cards[0]), str(pos.shop.location.id)
    shown = await pos.caller.post("pos/inquire", {"identifier": await pos.code()})
    found = await pos.caller.post("pos/search", {"code": await pos.code()})
    accrued = await pos.say(await pos.accrual(1_000))
    visited = await pos.say(await pos.accrual())
    stamped = await pos.caller.post(f"cards/{old}/stamps", {"location_id": place})
    sale = {"currency": "EUR", "total_paid": 1_000}
    told = {"location_id": place, "reference": "r1", "sale": sale}
    sold = await pos.caller.post(f"cards/{old}/sales", told)
    reward = next(each for each in pos.shop.rewards if each.unit == "stamp")
    redemption = await pos.accrual()
    redemption = {key: redemption[key] for key in ("transaction_guid", "identifier")}
    redemption |= {"verb": "redeem", "reward_id": str(reward.id)}
    redeemed = await pos.say(redemption)
    taken_back = await pos.say(await pos.reversal(redemption))
    answers = (shown, accrued, visited, stamped, sold, redeemed, taken_back)
    assert {answer.body.get("card_id") for answer in answers} == {pos.other}
    assert [card["card_id"] for card in found.body["items"]] == [pos.other]
    assert not await pos.shop.violations()


async def test_what_was_sold_before_is_taken_back_from_the_other(pos: Merged) -> None:
    """By the GUID of its accrual, and once."""
    said = await pos.accrual(1_000)
    await pos.say(said)
    await pos.merge()
    first = await pos.say(await pos.reversal(said))
    assert first.body["card_id"] == pos.other
    assert {"unit": "point", "amount": -10} in first.body["given"]
    second = await pos.say(await pos.reversal(said))
    assert (second.status, second.body["code"]) == (422, "transaction_cannot_be_reversed")
    assert await pos.balance() == 0
    assert not await pos.shop.violations()


async def test_a_visit_from_before_cannot_be_taken_back(pos: Merged) -> None:
    """The refusal says so; one that was taken back before the merger keeps its answer."""
    visits = [await pos.accrual() for _ in range(2)]
    for said in visits:
        await pos.say(said)
    reversal = await pos.reversal(visits[1])
    first = await pos.say(reversal)
    await pos.merge()
    assert (await pos.say(reversal)).raw == first.raw
    refused = await pos.say(await pos.reversal(visits[0]))
    assert (refused.status, refused.body["code"]) == (422, "transaction_cannot_be_reversed")
    assert "another card" in refused.body["detail"]
    assert await pos.balance("stamp") == 1
