"""Segments over the API: kept, counted, changed by who saw them last, and forgotten."""

from typing import Any

from tests.shops import Shop
from tests.web.api.gate import Caller

REGULARS: dict[str, Any] = {
    "name": "Regulars",
    "definition": {"conditions": [{"field": "visits", "comparison": "ge", "value": 1}]},
}


async def test_a_segment_is_kept_counted_changed_and_forgotten(caller: Caller, shop: Shop) -> None:
    """It counts who fits at this moment."""
    made = await caller.post("segments", REGULARS)
    path = f"segments/{made.body['id']}"
    empty = await caller.get(f"{path}/count")
    await caller.post(f"cards/{shop.cards[0]}/stamps", {"location_id": str(shop.location.id)})
    one = await caller.get(f"{path}/count?program_id={shop.program.id}")
    renamed = REGULARS | {"name": "Guests"}
    changed = await caller.put(path, renamed, If_Match=made.headers["ETag"])
    stale = await caller.put(path, renamed, If_Match=made.headers["ETag"])
    listed = await caller.get("segments")
    gone = await caller.call("DELETE", path, headers={"If-Match": changed.headers["ETag"]})

    assert (made.status, made.body["definition"]["match"]) == (201, "all")
    assert (empty.body, one.body) == ({"cards": 0}, {"cards": 1})
    assert (changed.body["name"], changed.body["revision"]) == ("Guests", 2)
    assert (stale.status, stale.code) == (412, "changed_meanwhile")
    assert listed.body["items"] == [changed.body] == [gone.body]
    assert (await caller.get(path)).status == 404
    assert (await caller.get("segments")).body["items"] == []
    told = "SELECT type, data->>'segment_id', (data->>'revision')::int FROM outbox"
    assert await shop.rows(
        f"{told} WHERE type LIKE 'loyalty.segment.%' ORDER BY announced_at"
    ) == [
        ("loyalty.segment.created", made.body["id"], 1),
        ("loyalty.segment.updated", made.body["id"], 2),
        ("loyalty.segment.deleted", made.body["id"], 2),
    ]


async def test_a_segment_nobody_could_be_asked_about_is_refused(caller: Caller) -> None:
    """With a pointer into the body for every fault."""
    condition = {"field": "age", "comparison": "like", "value": 1}
    refused = await caller.post(
        "segments", {"name": "Odd", "definition": {"conditions": [condition]}}
    )

    assert (refused.status, refused.code) == (400, "configuration_invalid")
    assert [each["pointer"] for each in refused.body["errors"]] == [
        "/definition/conditions/0/field",
        "/definition/conditions/0/comparison",
    ]


async def test_the_schemas_and_templates_are_served(caller: Caller) -> None:
    """What the types say, and what a program can be made from as it is."""
    names = (await caller.get("schemas")).body["items"]
    schemas = {name: (await caller.get(f"schemas/{name}")).body for name in names}
    found = (await caller.get("templates")).body["items"]
    template = found[0]
    made = await caller.post(
        "programs", {name: template[name] for name in ("name", "description", "plan", "look")}
    )

    assert {"plan", "segment"} <= set(names)
    assert all(each["$schema"].endswith("2020-12/schema") for each in schemas.values())
    assert len(found) >= 12
    assert made.status == 201
    assert (await caller.get("schemas/nothing")).status == 404
