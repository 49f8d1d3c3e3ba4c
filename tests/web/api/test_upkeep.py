"""What is done to cards by hand, and sales as they change, over the API."""

from collections.abc import Awaitable, Callable

import pytest

from gateway.resources import Resources
from tests.plans import points_plan
from tests.shops import Shop, add_cards
from tests.web.api.gate import Caller, make_key

OpenOther = Callable[..., Awaitable[tuple[Shop, Caller]]]
ADJUSTMENT = {"unit": "point", "amount": 50, "reason": "A spilled coffee"}


@pytest.fixture
async def points(open_other: OpenOther) -> tuple[Shop, Caller]:
    """A shop whose card earns a point for each euro, and its software."""
    return await open_other("points", points_plan())


def path(shop: Shop, tail: str) -> str:
    """Return an address below the first card."""
    return f"cards/{shop.cards[0]}/{tail}"


async def test_an_adjustment_is_posted_or_asked_for(
    points: tuple[Shop, Caller], resources: Resources
) -> None:
    """Above the limit it waits, and a second key is no second person."""
    shop, caller = points
    posted = await caller.post(path(shop, "adjustments"), ADJUSTMENT)
    assert (posted.status, posted.body["status"]) == (200, "posted")
    asked = await caller.post(path(shop, "adjustments"), ADJUSTMENT | {"amount": 1001})
    assert asked.body["status"] == "asked"
    listed = await caller.get("adjustments?status=asked")
    assert [each["amount"] for each in listed.body["items"]] == [1001]
    other_key = Caller(caller.client, await make_key(resources, shop.merchant_id))
    address = path(shop, f"adjustments/{asked.body['adjustment_id']}")
    for verb in ("approve", "refuse"):
        answer = await other_key.post(f"{address}/{verb}")
        assert (answer.status, answer.code) == (403, "second_person_needed")


async def test_adjustments_are_listed_a_page_at_a_time(points: tuple[Shop, Caller]) -> None:
    """Newest first, each once, and a cursor fits the list it came from alone."""
    shop, caller = points
    for amount in (1, 2, 3):
        await caller.post(path(shop, "adjustments"), ADJUSTMENT | {"amount": amount})
    first = (await caller.get("adjustments?limit=2")).body
    after = first["next_cursor"]
    second = (await caller.get(f"adjustments?limit=2&cursor={after}")).body
    assert [each["amount"] for each in first["items"] + second["items"]] == [3, 2, 1]
    assert second["next_cursor"] is None
    other = await caller.get(f"adjustments?status=asked&cursor={after}")
    assert (other.status, other.code) == (400, "cursor_invalid")


async def test_how_much_one_person_adjusts_alone_is_set(points: tuple[Shop, Caller]) -> None:
    """From its ETag on, and nobody overwrites what somebody else set meanwhile."""
    shop, caller = points
    wish = {"adjust_alone_max": 40}
    shown = await caller.get("ledger-settings")
    assert shown.body == {"adjust_alone_max": 1_000}
    etag = {"If-Match": shown.headers["ETag"]}
    assert (await caller.put("ledger-settings", wish, **etag)).body == wish
    late = await caller.put("ledger-settings", {"adjust_alone_max": 9}, **etag)
    assert (late.status, late.code) == (412, "changed_meanwhile")
    assert (await caller.get("ledger-settings")).body == wish
    answer = await caller.post(path(shop, "adjustments"), ADJUSTMENT)
    assert answer.body["status"] == "asked"


@pytest.mark.parametrize(
    "wrong",
    [{"amount": 1.5}, {"amount": "10"}, {"amount": True}, {"amount": 10**18}, {"by": "me"}],
)
async def test_d1_amounts_are_whole_numbers(
    points: tuple[Shop, Caller], wrong: dict[str, object]
) -> None:
    """Nothing else is taken for one, and nothing is posted."""
    shop, caller = points
    answer = await caller.post(path(shop, "adjustments"), ADJUSTMENT | wrong)
    assert answer.status == 400
    assert (await caller.get("adjustments")).body["items"] == []


async def test_a_blocked_card_earns_nothing_until_it_is_unblocked(
    points: tuple[Shop, Caller],
) -> None:
    """Blocking twice keeps the first reason."""
    shop, caller = points
    blocked = await caller.post(path(shop, "block"), {"reason": "Lost"})
    again = await caller.post(path(shop, "block"), {"reason": "Stolen"})
    assert (blocked.body, again.body["blocked_reason"]) == (
        {"card_id": str(shop.cards[0]), "status": "blocked", "blocked_reason": "Lost"},
        "Lost",
    )
    sale = {
        "location_id": str(shop.location.id),
        "reference": "r1",
        "sale": {"currency": "EUR", "total_paid": 1000},
    }
    refused = await caller.post(path(shop, "sales"), sale)
    assert (refused.status, refused.code) == (422, "card_blocked")
    unblocked = await caller.post(path(shop, "unblock"))
    assert unblocked.body["status"] == "active"
    assert (await caller.post(path(shop, "sales"), sale)).status == 200
    assert (await shop.facts())[-4:] == [
        "loyalty.card.blocked",
        "loyalty.card.unblocked",
        "loyalty.sale.recorded",
        "loyalty.points.earned",
    ]


async def test_a_sale_is_told_of_as_it_changes(points: tuple[Shop, Caller]) -> None:
    """The same state again is answered and posts nothing."""
    shop, caller = points
    told = {
        "location_id": str(shop.location.id),
        "reference": "order-1",
        "source": "webshop",
        "sale": {"currency": "EUR", "total_paid": 2000},
    }
    first = await caller.post(path(shop, "sales"), told)
    assert first.body["given"] == [{"unit": "point", "amount": 20}]
    refunded = told | {"sale": {"currency": "EUR", "total_paid": 2000, "total_refunded": 2000}}
    for given in ([{"unit": "point", "amount": -20}], []):
        answer = await caller.post(path(shop, "sales"), refunded)
        assert (answer.status, answer.body["given"]) == (200, given)


async def test_value_goes_to_another_card_and_a_card_into_another(
    points: tuple[Shop, Caller],
) -> None:
    """A transfer moves a part, a merger all the rest for good."""
    shop, caller = points
    (other,) = await add_cards(shop, 1)
    await caller.post(path(shop, "adjustments"), ADJUSTMENT)
    transfer = {"to_card_id": str(other), "unit": "point", "amount": 20, "reason": "A gift"}
    moved = await caller.post(path(shop, "transfers"), transfer)
    assert moved.body["moved"] == [{"unit": "point", "amount": 20}]
    merger = {"into_card_id": str(other), "reason": "Two cards"}
    merged = await caller.post(path(shop, "merger"), merger)
    assert merged.body["moved"] == [{"unit": "point", "amount": 30}]
    itself = {"into_card_id": str(shop.cards[0]), "reason": "Two cards"}
    answer = await caller.post(path(shop, "merger"), itself)
    assert (answer.status, answer.code) == (422, "same_card")
    assert (await caller.post(path(shop, "block"), {"reason": "x"})).code == "card_merged"
    assert not await shop.violations()


async def test_strangers_cards_are_not_there(
    points: tuple[Shop, Caller], open_other: OpenOther
) -> None:
    """Neither as the card nor as its counterpart."""
    shop, caller = points
    theirs, _ = await open_other("theirs", points_plan())
    merger = {"into_card_id": str(theirs.cards[0]), "reason": "Two cards"}
    assert (await caller.post(path(shop, "merger"), merger)).status == 404
    for tail, body in (("adjustments", ADJUSTMENT), ("block", {"reason": "x"})):
        assert (await caller.post(path(theirs, tail), body)).status == 404
