"""Rewards over the API: the catalogue with its ETags, and what a card can have."""

import pytest

from gateway.domain.people import Permission
from gateway.resources import Resources
from tests.shops import Shop
from tests.web.api.conftest import Client
from tests.web.api.gate import Answered, Caller, make_key

MUG: dict[str, object] = {"name": "Mug", "unit": "stamp", "cost": 1}


async def add(caller: Caller, shop: Shop, stock: int | None = None, **fields: object) -> Answered:
    """Add a mug to the catalogue."""
    body = {"design": MUG | fields, "stock": stock}
    return await caller.post(f"programs/{shop.program.id}/rewards", body)


async def stamp(caller: Caller, shop: Shop, card: int = 0) -> None:
    """Give a card a stamp."""
    visit = {"location_id": str(shop.location.id)}
    await caller.post(f"cards/{shop.cards[card]}/stamps", visit)


async def redeemed(caller: Caller, shop: Shop, reward_id: str) -> str:
    """Hand a reward out; return where its redemption is."""
    redemptions = f"cards/{shop.cards[0]}/redemptions"
    told = await caller.post(redemptions, {"reward_id": reward_id, "quantity": 1})
    path = f"{redemptions}/{told.body['redemption_id']}"
    assert (await caller.post(f"{path}/redeem")).status == 200
    return path


async def test_a_reward_is_added_read_changed_restocked_and_archived(
    caller: Caller, shop: Shop
) -> None:
    """Each time with the ETag of what was seen."""
    added = await add(caller, shop, stock=3, localised={"fr": {"name": "Tasse"}})
    path = f"rewards/{added.body['id']}"
    assert (added.status, added.headers["Location"]) == (201, f"/api/v1/{path}")
    assert (await caller.get(path)).body == added.body

    changed = await caller.put(path, {"design": MUG | {"cost": 2}}, If_Match=added.headers["ETag"])
    assert (changed.body["design"]["cost"], changed.body["stock"]) == (2, 3)
    more = await caller.post(f"{path}/stock", {"add": -2}, If_Match=changed.headers["ETag"])
    assert more.body["stock"] == 1

    listed = await caller.get(f"programs/{shop.program.id}/rewards")
    assert [each["design"]["name"] for each in listed.body["items"]] == ["Coffee", "Mug"]
    tag = {"If_Match": more.headers["ETag"]}
    assert (await caller.call("DELETE", path, headers=tag)).body == more.body
    assert (await caller.get(path)).status == 404


async def test_no_change_is_lost(caller: Caller, shop: Shop) -> None:
    """Without the ETag, or with an old one, nothing is changed."""
    added = await add(caller, shop)
    path, tag = f"rewards/{added.body['id']}", added.headers["ETag"]
    await caller.put(path, {"design": MUG}, If_Match=tag)
    for method, to, body in (
        ("PUT", path, {"design": MUG}),
        ("DELETE", path, None),
        ("POST", f"{path}/stock", {"add": 1}),
    ):
        missing = await caller.call(method, to, body, headers={})
        late = await caller.call(method, to, body, headers={"If_Match": tag})
        assert [(a.status, a.code) for a in (missing, late)] == [
            (428, "if_match_missing"),
            (412, "changed_meanwhile"),
        ]


async def test_every_fault_of_a_reward_is_pointed_at(caller: Caller, shop: Shop) -> None:
    """At once, in the body that was sent."""
    refused = await add(caller, shop, cost=0, colour="red", unit="Stamps!")
    assert (refused.status, refused.code) == (400, "configuration_invalid")
    assert sorted(fault["pointer"] for fault in refused.body["errors"]) == [
        "/design/colour",
        "/design/cost",
        "/design/unit",
    ]
    negative = await add(caller, shop, stock=-1)
    assert (negative.status, negative.code) == (400, "body_invalid")


async def test_what_the_version_promises_is_not_changed_here(caller: Caller, shop: Shop) -> None:
    """It is published with the program."""
    path, tag = f"rewards/{shop.reward.id}", '"1"'
    for answer in (
        await caller.put(path, {"design": MUG}, If_Match=tag),
        await caller.call("DELETE", path, headers={"If_Match": tag}),
        await caller.post(f"{path}/stock", {"add": 1}, If_Match=tag),
    ):
        assert (answer.status, answer.code) == (422, "reward_cannot")


async def test_a_card_is_told_what_it_can_have_and_what_is_missing(
    caller: Caller, shop: Shop
) -> None:
    """What is ready first, and for the rest a code and a sentence."""
    await add(caller, shop)
    await stamp(caller, shop)
    found = (await caller.get(f"cards/{shop.cards[0]}/rewards")).body["items"]
    assert [(each["name"], each["is_ready"], each["missing"]) for each in found] == [
        ("Mug", True, 0),
        ("Coffee", False, 2),
    ]
    assert [(each["reason"], each["sentence"]) for each in found] == [
        (None, None),
        ("not_enough", "2 more stamps to go for Coffee."),
    ]


async def test_a_card_is_told_what_a_reward_is_and_on_what_terms(
    caller: Caller, shop: Shop
) -> None:
    """As its merchant wrote it first; nothing where nothing was written."""
    told = {
        "category": "mugs",
        "description": "White, 0.3 l.",
        "terms": "One each.",
        "image": "https://cafe.example/mug.jpg",
    }
    await add(caller, shop, None, **told)
    mug, coffee = (await caller.get(f"cards/{shop.cards[0]}/rewards")).body["items"]
    assert {name: mug[name] for name in told} == told
    assert {coffee[name] for name in told} == {None}


async def test_d7_the_last_piece_is_sold_once(caller: Caller, shop: Shop) -> None:
    """The other customer is told, and keeps their stamp."""
    mug = (await add(caller, shop, stock=1)).body["id"]
    for card in (0, 1):
        await stamp(caller, shop, card)
    first, second = [
        await caller.post(f"cards/{card}/redemptions", {"reward_id": mug}) for card in shop.cards
    ]
    assert first.status == 200
    assert (second.status, second.code) == (422, "sold_out")
    balances = (await caller.get(f"cards/{shop.cards[1]}")).body["balances"]
    assert [each["available"] for each in balances] == [1]


async def test_a_code_finds_what_waits_and_what_is_to_be_fulfilled(
    caller: Caller, shop: Shop
) -> None:
    """However it was typed; once fulfilled it waits no more."""
    book = (await add(caller, shop, name="Book", needs_fulfilment=True)).body["id"]
    await stamp(caller, shop)
    path = await redeemed(caller, shop, book)
    shown = (await caller.get(f"redemptions/{path.rpartition('/')[2]}")).body
    found = await caller.get(f"redemptions?code={shown['code'].lower()}")
    assert found.body["items"] == [shown]
    assert (shown["status"], shown["fulfilment"]) == ("redeemed", "open")

    done = await caller.post(f"{path}/fulfil")

    assert done.body["fulfilment"] == "fulfilled"
    assert done.body["fulfilled_by"].startswith("key:")
    assert (await caller.get(f"redemptions?code={shown['code']}")).body["items"] == []
    assert (await caller.post(f"{path}/fulfil")).body == done.body


async def test_nothing_is_fulfilled_that_waits_for_nothing(caller: Caller, shop: Shop) -> None:
    """A mug over the counter is all there is to it."""
    mug = (await add(caller, shop)).body["id"]
    await stamp(caller, shop)
    refused = await caller.post(f"{await redeemed(caller, shop, mug)}/fulfil")
    assert (refused.status, refused.code) == (409, "nothing_to_fulfil")


async def test_a_redemption_is_reversed_once(caller: Caller, shop: Shop) -> None:
    """A retry gets the same answer; a second request is refused."""
    mug = (await add(caller, shop, stock=1)).body["id"]
    await stamp(caller, shop)
    path = await redeemed(caller, shop, mug)
    first = await caller.post(f"{path}/reverse", key="back")
    again = await caller.post(f"{path}/reverse", key="back")
    second = await caller.post(f"{path}/reverse")
    assert (first.body["status"], again.raw) == ("reversed", first.raw)
    assert (second.status, second.code) == (409, "redemption_closed")
    assert (await caller.get(f"rewards/{mug}")).body["stock"] == 1


@pytest.mark.parametrize("scope", [Permission.PROGRAMS_READ, Permission.REWARDS_WRITE])
async def test_only_who_may_change_programs_changes_the_catalogue(
    client: Client, resources: Resources, caller: Caller, shop: Shop, scope: Permission
) -> None:
    """Handing rewards out is not enough."""
    added = await add(caller, shop)
    limited = Caller(client, await make_key(resources, shop.merchant_id, frozenset({scope})))
    path, tag = f"rewards/{added.body['id']}", {"If_Match": added.headers["ETag"]}
    for answer in (
        await add(limited, shop),
        await limited.put(path, {"design": MUG}, **tag),
        await limited.call("DELETE", path, headers=tag),
    ):
        assert (answer.status, answer.code) == (403, "not_allowed")
