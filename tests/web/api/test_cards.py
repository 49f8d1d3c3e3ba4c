"""Cards over the API: opened once, found by their code, listed page by page."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.database import Database
from tests.shops import Shop, add_cards
from tests.web.api.gate import Caller

OpenOther = Callable[..., Awaitable[tuple[Shop, Caller]]]


def order(shop: Shop, contact: str = "ana@example.com", **more: object) -> dict[str, object]:
    return {"program_id": str(shop.program.id), "contact": contact} | more


async def test_who_comes_twice_has_one_card(caller: Caller, shop: Shop) -> None:
    """The second time it is the same card, and the status says that nothing is new."""
    first = await caller.post("cards", order(shop))
    again = await caller.post("cards", order(shop, " ANA@example.com "))

    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    assert first.headers["Location"] == f"/api/v1/cards/{first.body['id']}"
    assert first.body["contact"] == "a…@e….com"


async def test_ten_who_come_at_once_with_one_address_have_one_card(
    caller: Caller, shop: Shop
) -> None:
    """However the requests fall together."""
    answers = await asyncio.gather(*(caller.post("cards", order(shop)) for _ in range(10)))

    assert sorted(answer.status for answer in answers) == [*[200] * 9, 201]
    assert len({answer.body["id"] for answer in answers}) == 1


async def test_c6_one_address_may_have_cards_at_two_merchants(
    caller: Caller, shop: Shop, open_other: OpenOther
) -> None:
    """Neither learns of the other."""
    other_shop, other = await open_other()

    mine = await caller.post("cards", order(shop))
    theirs = await other.post("cards", order(other_shop))

    assert (mine.status, theirs.status) == (201, 201)
    assert mine.body["customer_id"] != theirs.body["customer_id"]


@pytest.mark.parametrize("contact", ["nobody", "a@b", "+3521", "\u202ea@example.com", "@@@"])
async def test_an_address_nobody_can_read_is_refused(
    caller: Caller, shop: Shop, contact: str
) -> None:
    """The sentence says what to enter, and does not repeat what was entered."""
    refused = await caller.post("cards", order(shop, contact))

    assert (refused.status, refused.code) == (400, "contact_invalid")
    assert contact not in refused.raw.decode()


async def test_a_consent_is_kept_only_when_given(caller: Caller, shop: Shop) -> None:
    """With the words beside the box; without one nothing is assumed."""
    wording = "Yes, send me offers."
    yes = await caller.post("cards", order(shop, "yes@example.com", consent={"wording": wording}))
    no = await caller.post("cards", order(shop, "no@example.com"))

    async with shop.database.units(shop.merchant_id) as unit:
        agreed = await unit.consents.of(UUID(yes.body["customer_id"]))
        silent = await unit.consents.of(UUID(no.body["customer_id"]))
    assert agreed == {("mail", "marketing"): True}
    assert silent == {}


async def test_a_card_is_found_by_the_code_on_it(caller: Caller, shop: Shop) -> None:
    """And a guess is not found, in the same words as a card of somebody else."""
    shown = await caller.get(f"cards/{shop.cards[0]}")

    found = await caller.get(f"cards?code={shown.body['code']}")
    guess = await caller.get("cards?code=LC1-AAAAAAAAAAAAAAAAAAAA")

    assert found.body["items"] == [shown.body]
    assert (guess.status, guess.code) == (404, "not_found")


async def test_the_list_of_members_is_complete_and_never_repeats(
    caller: Caller, shop: Shop
) -> None:
    """Followed by its cursor, also while others join."""
    await add_cards(shop, 5)
    seen: list[str] = []
    page = await caller.get("cards?limit=3")
    while page.body["next_cursor"]:
        seen += [card["id"] for card in page.body["items"]]
        await add_cards(shop, 1)
        page = await caller.get(f"cards?limit=3&cursor={page.body['next_cursor']}")
    seen += [card["id"] for card in page.body["items"]]

    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=1&limit=2", "unknown=1", "code=%00"]
)
async def test_a_query_out_of_bounds_is_refused(caller: Caller, query: str) -> None:
    """With a pointer to what is wrong."""
    refused = await caller.get(f"cards?{query}")

    assert (refused.status, refused.code) == (400, "query_invalid")
    assert refused.body["errors"][0]["pointer"]


async def test_a_cursor_of_another_list_or_merchant_is_refused(
    caller: Caller, shop: Shop, open_other: OpenOther
) -> None:
    """Cursors are sealed for the list they were made for."""
    _, other = await open_other()
    cursor = (await caller.get("cards?limit=1")).body["next_cursor"]
    assert cursor

    for asker, query in (
        (other, f"cards?limit=1&cursor={cursor}"),
        (caller, f"cards?limit=1&program_id={shop.program.id}&cursor={cursor}"),
        (caller, f"cards/{shop.cards[0]}/transactions?cursor={cursor}"),
        (caller, f"cards?cursor={cursor[:-2]}"),
    ):
        refused = await asker.get(query)
        assert (refused.status, refused.code) == (400, "cursor_invalid")


async def test_a_history_is_read_page_by_page(caller: Caller, shop: Shop) -> None:
    """Newest first, each transaction once."""
    for _ in range(5):
        await caller.post(f"cards/{shop.cards[0]}/stamps", {"location_id": str(shop.location.id)})
    first = await caller.get(f"cards/{shop.cards[0]}/transactions?limit=3")
    rest = await caller.get(
        f"cards/{shop.cards[0]}/transactions?limit=3&cursor={first.body['next_cursor']}"
    )

    lines = [*first.body["items"], *rest.body["items"]]
    assert [_available(line)["balance_after"] for line in lines] == [5, 4, 3, 2, 1]
    assert [line["number"] for line in lines] == [5, 4, 3, 2, 1]
    assert rest.body["next_cursor"] is None


async def test_a_history_says_who_where_and_why(caller: Caller, shop: Shop) -> None:
    """Each rule's words are those of the answer at the time."""
    place = str(shop.location.id)
    stamped = await caller.post(f"cards/{shop.cards[0]}/stamps", {"location_id": place})
    (line,) = (await caller.get(f"cards/{shop.cards[0]}/transactions")).body["items"]

    assert (line["location_id"], line["source"], line["staff_id"]) == (place, "api", None)
    assert line["explanations"] == stamped.body["explanations"]
    assert line["explanations"][0]["given"] == 1


async def test_a_history_from_before_there_were_units_is_read(
    caller: Caller, shop: Shop, database: Database
) -> None:
    """Its rules spoke of stamps, and in codes alone."""
    place = {"location_id": str(shop.location.id)}
    await caller.post(f"cards/{shop.cards[0]}/stamps", place)
    old = {"rule": "stamps", "matched": True, "wanted": 1, "given": 1, "reason": "visit"}
    connection = await asyncpg.connect(database.superuser_dsn)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE transactions SET explanation = $1", json.dumps([old]))
    await connection.close()
    (line,) = (await caller.get(f"cards/{shop.cards[0]}/transactions")).body["items"]
    (said,) = line["explanations"]
    assert (said["unit"], said["reason"], said["sentence"]) == ("stamp", "visit", "")


async def test_nothing_is_found_where_nothing_is(caller: Caller) -> None:
    """An unknown id and text that is no id are the same to a caller."""
    for card in (str(uuid4()), "nonsense", "1", "%27"):
        refused = await caller.get(f"cards/{card}")
        assert (refused.status, refused.code) == (404, "not_found")


def _available(line: dict[str, Any]) -> dict[str, Any]:
    """Return what a transaction did to the stamps that can be spent."""
    (found,) = [each for each in line["movements"] if each["account"] == "available"]
    assert found["unit"] == "stamp"
    return dict(found)
