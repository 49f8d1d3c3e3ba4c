"""The doors of a till: five verbs, exactly once by GUID, and everything it did while offline."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from gateway.domain.people import Permission
from tests.plans import hybrid_plan, points_plan, stamp_plan, visit_plan
from tests.shops import Shop
from tests.web.api.gate import Answered, Caller

OpenOther = Callable[..., Awaitable[tuple[Shop, Caller]]]
TEXT_CHARACTERS_MAX = 255


class Pos:
    """A till of a shop."""

    def __init__(self, shop: Shop, caller: Caller) -> None:
        """Stand at the shop's counter."""
        self.shop = shop
        self.caller = caller

    async def code(self, card: int = 0) -> str:
        """Return the code of a card."""
        async with self.shop.database.units(self.shop.merchant_id) as unit:
            return (await unit.cards.one(self.shop.cards[card])).code

    async def accrual(self, paid: int | None = None, **more: object) -> dict[str, Any]:
        """Return what a till says of a purchase, or without an amount of a visit."""
        sale = {"currency": "EUR", "total_paid": paid} if paid is not None else None
        return {
            "verb": "accrue",
            "transaction_guid": str(uuid4()),
            "identifier": await self.code(),
            "location_id": str(self.shop.location.id),
            "sale": sale,
        } | more

    async def say(self, body: dict[str, Any]) -> Answered:
        """Say something to the door of its verb."""
        return await self.caller.post(f"pos/{body['verb']}", body)

    async def balance(self, unit: str = "point") -> int:
        """Return what is available of a unit on the first card."""
        shown = await self.caller.post("pos/inquire", {"identifier": await self.code()})
        found = {each["unit"]: each["available"] for each in shown.body["balances"]}
        return int(found.get(unit, 0))


@pytest.fixture
async def pos(open_other: OpenOther) -> Pos:
    """A till of a shop that gives stamps, points and tiers."""
    return Pos(*await open_other("hybrid", hybrid_plan()))


async def test_a_guid_is_carried_out_once(pos: Pos) -> None:
    """The same GUID with the same body gets the same answer, another body is refused."""
    said = await pos.accrual(1250, reference="r1")
    answers = await asyncio.gather(*(pos.say(said) for _ in range(8)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.raw for answer in answers}) == 1
    assert len(answers[0].body["receipt_text"]) <= TEXT_CHARACTERS_MAX
    assert await pos.balance() == 12
    other = await pos.say(said | {"sale": {"currency": "EUR", "total_paid": 1300}})
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")


async def test_a_door_knows_its_own_verb(pos: Pos) -> None:
    """Left out, nothing else can be meant; the verb of another door is a mistake."""
    said = await pos.accrual(1250)
    assert (await pos.caller.post("pos/accrue", said | {"verb": "redeem"})).status == 400
    del said["verb"]
    assert (await pos.caller.post("pos/accrue", said)).status == 200
    assert await pos.balance() == 12


async def test_a_known_receipt_is_refused_with_its_transaction(pos: Pos) -> None:
    """Another till that tells of the same state hears of the first transaction's id."""
    first = await pos.say(await pos.accrual(1250, reference="r1"))
    second = await pos.say(await pos.accrual(1250, reference="r1"))
    assert (second.status, second.body["code"]) == (409, "already_recorded")
    assert second.body["transaction_id"] == first.body["transaction_id"]


async def test_a_later_state_takes_back_the_difference(pos: Pos) -> None:
    """A till may refund by telling how the receipt stands now."""
    await pos.say(await pos.accrual(1250, reference="r1"))
    sale = {"currency": "EUR", "total_paid": 1250, "total_refunded": 600}
    told = await pos.say(await pos.accrual(1250, reference="r1", sale=sale))
    assert {"unit": "point", "amount": -6} in told.body["given"]
    assert await pos.balance() == 6


async def test_a_sale_is_reversed_once(pos: Pos) -> None:
    """By the GUID of its accrual, whole; a second reversal finds nothing to take back."""
    said = await pos.accrual(1250)
    await pos.say(said)
    reversal = {
        "verb": "reverse",
        "transaction_guid": str(uuid4()),
        "identifier": await pos.code(),
        "reversed_guid": said["transaction_guid"],
    }
    first, again = await pos.say(reversal), await pos.say(reversal)
    assert (first.status, first.raw) == (200, again.raw)
    assert await pos.balance() == 0
    second = await pos.say(reversal | {"transaction_guid": str(uuid4())})
    assert (second.status, second.body["code"]) == (422, "transaction_cannot_be_reversed")


async def test_a_redemption_is_one_story_and_goes_back_to_its_lots(pos: Pos) -> None:
    """Reserved and handed out under one GUID; reversed, the very lots are open again."""
    for _ in range(3):
        assert (await pos.say(await pos.accrual())).status == 200
    before = await pos.shop.rows("SELECT transaction_id, remaining FROM lots ORDER BY 1")
    reward = next(each for each in pos.shop.rewards if each.unit == "stamp")
    said = {
        "verb": "redeem",
        "transaction_guid": str(uuid4()),
        "identifier": await pos.code(),
        "reward_id": str(reward.id),
    }
    answers = await asyncio.gather(*(pos.say(said) for _ in range(5)))
    assert {answer.status for answer in answers} == {200}
    assert await pos.balance("stamp") == 0
    reversal = {
        "verb": "reverse",
        "transaction_guid": str(uuid4()),
        "identifier": said["identifier"],
        "reversed_guid": said["transaction_guid"],
    }
    assert (await pos.say(reversal)).status == 200
    assert await pos.balance("stamp") == 3
    assert await pos.shop.rows("SELECT transaction_id, remaining FROM lots ORDER BY 1") == before
    assert not await pos.shop.violations()


async def test_what_never_happened_cannot_be_reversed(pos: Pos) -> None:
    """A GUID that nobody knows, or that was refused, has its own code."""
    refused = await pos.say(await pos.accrual(100, sale={"currency": "USD", "total_paid": 1}))
    assert refused.status == 400
    reversal = {
        "verb": "reverse",
        "transaction_guid": str(uuid4()),
        "identifier": await pos.code(),
        "reversed_guid": "never-said",
    }
    answer = await pos.say(reversal)
    assert (answer.status, answer.body["code"]) == (422, "transaction_cannot_be_reversed")


async def test_a_customer_is_found_by_the_whole_address_only(pos: Pos) -> None:
    """The answer is masked; half an address, or somebody else's customer, finds nobody."""
    mail = f"{pos.shop.cards[0].hex}@example.org"
    found = await pos.caller.post("pos/search", {"mail": mail})
    assert [card["card_id"] for card in found.body["items"]] == [str(pos.shop.cards[0])]
    assert mail not in found.raw.decode()
    for search in ({"mail": mail[4:]}, {"code": "LC1-NOBODY"}):
        assert (await pos.caller.post("pos/search", search)).body == {"items": []}
    both = await pos.caller.post("pos/search", {"mail": mail, "code": "x"})
    assert both.status == 400


async def test_a_batch_is_carried_out_once_in_the_order_it_happened(pos: Pos) -> None:
    """Sent twice, with a stranger and a doubtful clock in it: each item has its own result."""
    now = datetime.now(UTC)
    sale = await pos.accrual(1000, reference="off-1")
    refund = await pos.accrual(
        0, reference="off-1", sale={"currency": "EUR", "total_paid": 1000, "total_refunded": 400}
    )
    said: list[tuple[dict[str, Any], timedelta]] = [
        (refund, timedelta(hours=1)),
        (sale, timedelta(hours=2)),
        (await pos.accrual(500, identifier="LC1-NOBODY"), timedelta(hours=1)),
        (await pos.accrual(500), timedelta(days=31)),
        (await pos.accrual(500), timedelta(minutes=-10)),
        (await pos.accrual(), timedelta(days=3)),
    ]
    items = [
        {"occurred_at": (now - ago).isoformat(), "counter": n, "transaction": body}
        for n, (body, ago) in enumerate(said)
    ]
    first = await pos.caller.post("pos/batch", {"items": items})
    results = first.body["items"]
    assert [result["status"] for result in results] == [200, 200, 404, 422, 422, 200]
    assert [result["problem"]["code"] for result in results[2:5]] == [
        "not_found",
        "too_long_ago",
        "in_the_future",
    ]
    assert [result["transaction_guid"] for result in results] == [
        body["transaction_guid"] for body, _ in said
    ]
    second = await pos.caller.post("pos/batch", {"items": items})
    assert [result["done"] for result in second.body["items"]] == [
        result["done"] for result in results
    ]
    assert await pos.balance() == 6
    assert not await pos.shop.violations()


async def test_an_offline_visit_counts_on_its_own_day(pos: Pos) -> None:
    """What happened three days ago belongs to that business day, and not to today."""
    moment = datetime.now(UTC) - timedelta(days=3)
    item = {
        "occurred_at": moment.isoformat(),
        "counter": 1,
        "transaction": await pos.accrual(1000),
    }
    answer = await pos.caller.post("pos/batch", {"items": [item]})
    assert answer.body["items"][0]["status"] == 200
    rows = await pos.shop.rows("SELECT current_date - day FROM card_days")
    assert rows[0][0] in {2, 3, 4}


async def test_nothing_happened_before_the_last_sync(pos: Pos) -> None:
    """A till that was online an hour ago cannot have sold offline yesterday."""
    now = datetime.now(UTC)
    item = {
        "occurred_at": (now - timedelta(days=2)).isoformat(),
        "counter": 1,
        "transaction": await pos.accrual(1000),
    }
    synced_at = (now - timedelta(hours=1)).isoformat()
    await pos.caller.post("pos/batch", {"items": [item], "synced_at": synced_at})
    rows = await pos.shop.rows("SELECT occurred_at FROM sales")
    assert abs(rows[0][0] - (now - timedelta(hours=1))) < timedelta(seconds=1)


async def test_the_same_guid_online_and_in_the_batch_is_one(pos: Pos) -> None:
    """A till that does not know whether its request arrived puts it into the batch."""
    said = await pos.accrual(1000)
    await pos.say(said)
    item = {"occurred_at": datetime.now(UTC).isoformat(), "counter": 1, "transaction": said}
    answer = await pos.caller.post("pos/batch", {"items": [item]})
    assert answer.body["items"][0]["replayed"] is True
    assert await pos.balance() == 10


async def test_a_visit_is_known_by_its_reference_for_ever(pos: Pos) -> None:
    """Whatever GUID tells of it again hears of the first transaction, also in a race."""
    told = [await pos.accrual(reference="visit-1") for _ in range(4)]
    answers = await asyncio.gather(*(pos.say(said) for said in told))
    (done,) = (answer for answer in answers if answer.status == 200)
    late = [answer.body for answer in answers if answer.status != 200]
    assert {(each["code"], each["transaction_id"]) for each in late} == {
        ("already_recorded", done.body["transaction_id"])
    }


async def test_a_redemption_may_be_told_of_for_days_only(pos: Pos) -> None:
    """Nothing but its kept answer would keep an older one from being handed out again."""
    said = {
        "verb": "redeem",
        "transaction_guid": str(uuid4()),
        "identifier": await pos.code(),
        "reward_id": str(pos.shop.reward.id),
    }
    ago = datetime.now(UTC) - timedelta(days=6, minutes=1)
    item = {"occurred_at": ago.isoformat(), "counter": 1, "transaction": said}
    answer = await pos.caller.post("pos/batch", {"items": [item]})
    assert answer.body["items"][0]["problem"]["code"] == "too_long_ago"


async def test_a_till_needs_its_own_scopes(open_other: OpenOther) -> None:
    """The scopes are there to be given to a key of a till alone."""
    assert {Permission.POS_READ, Permission.POS_WRITE} <= set(Permission)
    shop, caller = await open_other("points", points_plan())
    pos = Pos(shop, caller)
    assert (await pos.say(await pos.accrual(1000))).status == 200


async def test_cards_of_other_merchants_are_not_there(pos: Pos, open_other: OpenOther) -> None:
    """A code of another shop is nobody's, at each door."""
    theirs = Pos(*await open_other("theirs", points_plan()))
    code = await theirs.code()
    asked = await pos.caller.post("pos/inquire", {"identifier": code})
    said = await pos.say(await pos.accrual(1000, identifier=code))
    assert (asked.status, said.status) == (404, 404)
    assert await theirs.balance() == 0


async def test_a_streak_is_told_at_the_till_and_over_the_api(open_other: OpenOther) -> None:
    """How long it is, and the best, beside the count towards the next reward."""
    pos = Pos(*await open_other("daily", visit_plan(in_a_row=True)))
    assert (await pos.say(await pos.accrual())).status == 200
    at_till = await pos.caller.post("pos/inquire", {"identifier": await pos.code()})
    over_api = await pos.caller.get(f"cards/{pos.shop.cards[0]}")
    (told,) = at_till.body["rules"]
    assert (told["rule"], told["count"], told["target"]) == ("visits", 1, 5)
    assert (told["streak"], told["best"]) == (1, 1)
    assert over_api.body["rules"] == [told]


async def test_a_visit_told_of_late_is_reversed_as_any_other(open_other: OpenOther) -> None:
    """What the card remembers of it is when it happened, not when it was told."""
    pos = Pos(*await open_other("often", visit_plan()))
    late = await pos.accrual(occurred_at=str(datetime.now(UTC) - timedelta(seconds=30)))
    assert (await pos.say(late)).status == 200
    reversal = {
        "verb": "reverse",
        "transaction_guid": str(uuid4()),
        "identifier": await pos.code(),
        "reversed_guid": late["transaction_guid"],
    }
    taken = await pos.say(reversal)
    assert taken.status == 200, taken.body
    assert (await pos.say(await pos.accrual())).status == 200, "its limits are free again"
    assert await pos.shop.violations() == []


async def test_a_redemption_keeps_its_place(
    open_other: OpenOther,
) -> None:
    """The books say where and by whom; another merchant's location is none."""
    pos = Pos(*await open_other("placed", stamp_plan(2)))
    for _ in range(2):
        await pos.say(await pos.accrual())
    redemption = {
        "verb": "redeem",
        "transaction_guid": str(uuid4()),
        "identifier": await pos.code(),
        "reward_id": str(pos.shop.reward.id),
        "location_id": str(pos.shop.location.id),
    }
    stranger = redemption | {"transaction_guid": str(uuid4()), "location_id": str(uuid4())}
    assert (await pos.say(stranger)).status == 404
    assert (await pos.say(redemption)).status == 200
    rows = await pos.shop.rows(
        "SELECT DISTINCT location_id, source FROM transactions WHERE kind = 'redeem'"
    )
    assert rows == [(pos.shop.location.id, "pos")]
