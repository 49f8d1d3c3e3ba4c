"""Lists of programs over the API: filtered, sorted, a page at a time; versions and changes."""

from typing import Any

import pytest

from gateway.domain.configurations.writing import written
from tests.plans import points_plan, stamp_plan
from tests.shops import Shop
from tests.web.api.gate import Answered, Caller

STAMPS: dict[str, Any] = {"name": "Tea", "plan": written(stamp_plan(8, "Tea"))}
POINTS: dict[str, Any] = {"name": "Points", "plan": written(points_plan())}


@pytest.mark.parametrize("sort", ["newest", "oldest", "name"])
async def test_pages_hold_every_program_once(caller: Caller, sort: str) -> None:
    """In each order; a cursor of one order opens no other."""
    for n in range(5):
        await caller.post("programs", STAMPS | {"name": f"Card {n}"})
    whole = await caller.get(f"programs?sort={sort}")
    paged: list[object] = []
    page = await caller.get(f"programs?sort={sort}&limit=2")
    first = page.body["next_cursor"]
    while cursor := page.body["next_cursor"]:
        paged += page.body["items"]
        page = await caller.get(f"programs?sort={sort}&limit=2&cursor={cursor}")
    other = "name" if sort != "name" else "newest"
    refused = await caller.get(f"programs?sort={other}&cursor={first}")

    assert paged + page.body["items"] == whole.body["items"]
    assert len(whole.body["items"]) == 6
    assert (refused.status, refused.code) == (400, "cursor_invalid")


async def test_programs_are_found_by_what_they_are(caller: Caller, shop: Shop) -> None:
    """By status, kind of rule, location, a part of the name, and all of them together."""
    await caller.post("programs", STAMPS)
    await caller.post("programs", POINTS)

    for query, names in (
        ("status=draft", ["Points", "Tea"]),
        ("status=active", ["Card"]),
        ("rule_type=points_based", ["Points"]),
        (f"location_id={shop.location.id}", ["Points", "Tea", "Card"]),
        ("q=te", ["Tea"]),
        (f"q={shop.program.id}", ["Card"]),
        ("status=draft&rule_type=stamp_card&q=t", ["Tea"]),
    ):
        assert _names(await caller.get(f"programs?{query}")) == names, query
    for query in ("status=gone", "rule_type=lottery", "limit=101", "q=", "sort=best", "x=1"):
        assert (await caller.get(f"programs?{query}")).code == "query_invalid", query


async def test_versions_are_kept_and_compared(caller: Caller, shop: Shop) -> None:
    """Each as it was published; the comparison points at every value that differs."""
    path = f"programs/{shop.program.id}"
    tag = (await caller.get(path)).headers["ETag"]
    await caller.put(path, STAMPS, If_Match=tag)

    listed = await caller.get(f"{path}/versions")
    earlier = await caller.get(f"{path}/versions?before=2")
    first = await caller.get(f"{path}/versions/1")
    changes = await caller.get(f"{path}/version-changes")
    none = await caller.get(f"{path}/version-changes?before=2&after=2")

    assert [each["number"] for each in listed.body["items"]] == [2, 1]
    assert earlier.body["items"] == [first.body] == listed.body["items"][1:]
    found = {each["pointer"]: (each["before"], each["after"]) for each in changes.body["items"]}
    assert found == {
        "/name": ("Card", "Tea"),
        "/plan/rules/stamps/stamps_required": (3, 8),
        "/plan/rules/stamps/reward/description": ("Coffee", "Tea"),
        "/plan/limits/daily_limit": (50, 1_000),
    }
    assert none.body["items"] == []
    for missing in ("versions/3", "versions/x", "versions/9999999999", "version-changes?after=9"):
        assert (await caller.get(f"{path}/{missing}")).status == 404, missing


def _names(answered: Answered) -> list[str]:
    return [each["name"] for each in answered.body["items"]]
