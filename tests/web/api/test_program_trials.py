"""Trying programs out and steering many at once, over the API."""

from typing import Any
from uuid import uuid4

from gateway.domain.configurations.writing import written
from tests.plans import points_plan, stamp_plan, tier_plan
from tests.shops import Shop
from tests.web.api.gate import Caller

TIERED: dict[str, Any] = {"name": "Tiers", "plan": written(tier_plan())}


async def test_a_configuration_is_looked_at_and_not_kept(caller: Caller) -> None:
    """What is right is said to be right, and there is no program more."""
    before = (await caller.get("programs")).body

    looked_at = await caller.post("programs/validate", TIERED)

    assert looked_at.body == {"valid": True, "errors": [], "warnings": []}
    assert (await caller.get("programs")).body == before


async def test_a_purchase_is_tried_on_a_draft(caller: Caller, shop: Shop) -> None:
    """By the example's tier and at its time; with an explanation per rule and nothing written."""
    path = f"programs/{(await caller.post('programs', TIERED)).body['id']}/evaluate"
    bought = {"sale": {"total_paid": 1_250}, "location_id": str(shop.location.id)}

    plain = await caller.post(path, bought)
    gold = await caller.post(
        path, bought | {"card": {"tier": "gold", "spent": 60_000}, "at": "2026-05-01T12:00:00Z"}
    )
    visit = await caller.post(path, {})

    (entry,) = plain.body["entries"]
    assert (entry["unit"], entry["amount"], plain.body["refused"]) == ("point", 12, None)
    assert gold.body["entries"][0]["amount"] == 25
    assert {each["rule"] for each in plain.body["explanations"]} >= {"points"}
    assert visit.body["refused"]["code"] in {"amount_needed", "nothing_to_earn"}
    assert await shop.rows("SELECT count(*) FROM transactions") == [(0,)]


async def test_what_is_no_purchase_is_explained(caller: Caller) -> None:
    """Lines that do not add up are an answer, a shape nobody knows is none."""
    path = f"programs/{(await caller.post('programs', TIERED)).body['id']}/evaluate"
    lines = [{"amount": 5, "category": "tea"}]

    odd = await caller.post(path, {"sale": {"total_paid": 1_000, "lines": lines}})

    assert odd.body["refused"] is not None
    assert (await caller.post(path, {"sale": {"total_paid": -1}})).code == "body_invalid"
    assert (await caller.post(path, {"location_id": str(uuid4())})).status == 404


async def test_many_programs_are_steered_with_a_result_each(caller: Caller, shop: Shop) -> None:
    """A hundred and more; those that are refused have the status they alone would have had."""
    design = {"name": "Card", "plan": written(stamp_plan())}
    drafts = [(await caller.post("programs", design)).body["id"] for _ in range(100)]
    commands = [{"program_id": each, "command": "activate", "revision": 1} for each in drafts]
    commands += [
        {"program_id": str(shop.program.id), "command": "pause", "revision": 7},
        {"program_id": str(uuid4()), "command": "pause", "revision": 1},
    ]
    commands[1] = commands[1] | {"command": "resume"}

    done = await caller.post("programs/bulk", {"commands": commands})

    items = done.body["items"]
    assert [each["program_id"] for each in items] == [each["program_id"] for each in commands]
    refused = {n: (e["status"], e["code"]) for n, e in enumerate(items) if e["status"] != 200}
    assert refused == {
        1: (422, "program_cannot"),
        100: (412, "changed_meanwhile"),
        101: (404, "not_found"),
    }
    assert (items[0]["revision"], items[0]["program_status"]) == (2, "active")
    assert len((await caller.get("programs?status=active&limit=100")).body["items"]) == 100


async def test_a_bulk_names_each_program_once_and_not_too_many(caller: Caller, shop: Shop) -> None:
    """Which of two commands came first would be chance."""
    command = {"program_id": str(shop.program.id), "command": "pause", "revision": 1}

    twice = await caller.post("programs/bulk", {"commands": [command, command]})
    none = await caller.post("programs/bulk", {"commands": []})
    many = [command | {"program_id": str(uuid4())} for _ in range(501)]
    too_many = await caller.post("programs/bulk", {"commands": many})

    assert twice.body["errors"][0]["pointer"] == "/commands/1/program_id"
    assert {each.code for each in (twice, none, too_many)} == {"body_invalid"}


async def test_points_are_tried_without_tiers(caller: Caller) -> None:
    """A balance of the example is what a card begins with."""
    made = await caller.post("programs", {"name": "Points", "plan": written(points_plan())})

    tried = await caller.post(
        f"programs/{made.body['id']}/evaluate",
        {"sale": {"total_paid": 100}, "card": {"balances": {"point": 40}}},
    )

    assert [each["amount"] for each in tried.body["entries"]] == [1]
    assert tried.body["tier"] is None
