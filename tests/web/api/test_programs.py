"""Programs over the API: designed, published and steered, and no change is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from gateway.resources import now
from tests.shops import Shop
from tests.web.api.gate import Caller

PLAN: dict[str, Any] = {
    "rules": [
        {
            "type": "stamp_card",
            "stamps_required": 8,
            "reward": {"type": "free_item", "description": "A pot of tea"},
        }
    ]
}
DESIGN: dict[str, Any] = {"name": "Tea card", "plan": PLAN}
LATER, MUCH_LATER = "2200-01-01T00:00:00Z", "2200-02-01T00:00:00Z"


async def test_a_program_is_designed_and_started(caller: Caller) -> None:
    """A draft first, active once it is told to be, each time with a new ETag."""
    designed = await caller.post("programs", DESIGN)
    path = f"programs/{designed.body['id']}"

    started = await caller.post(f"{path}/activate", If_Match=designed.headers["ETag"])
    shown = await caller.get(path)

    assert (designed.status, designed.body["status"]) == (201, "draft")
    assert designed.headers["Location"] == f"/api/v1/{path}"
    assert started.body["status"] == "active"
    assert shown.body | {"warnings": started.body["warnings"]} == started.body
    assert shown.headers["ETag"] == started.headers["ETag"] != designed.headers["ETag"]
    assert shown.body["plan"]["limits"]["cooldown_minutes"] == 15
    assert shown.body["rule_types"] == ["stamp_card"]


async def test_a_program_lives_from_its_schedule_to_its_end(caller: Caller) -> None:
    """Scheduled, moved, ended and out of sight; what it cannot do is refused on the way."""
    designed = await caller.post("programs", DESIGN | {"starts_at": LATER, "ends_at": MUCH_LATER})
    path, tag = f"programs/{designed.body['id']}", designed.headers["ETag"]

    scheduled = await caller.post(f"{path}/activate", If_Match=tag)
    refused = await caller.post(f"{path}/pause", If_Match=scheduled.headers["ETag"])
    moved = await caller.put(path, DESIGN | {"ends_at": LATER}, If_Match=scheduled.headers["ETag"])
    kept = await caller.put(path, DESIGN, If_Match=moved.headers["ETag"])
    paused = await caller.post(f"{path}/pause", If_Match=kept.headers["ETag"])
    resumed = await caller.post(f"{path}/resume", If_Match=paused.headers["ETag"])
    ended = await caller.post(f"{path}/end", If_Match=resumed.headers["ETag"])
    deleted = await caller.call("DELETE", path, headers={"If-Match": ended.headers["ETag"]})

    assert scheduled.body["status"] == "scheduled"
    assert (refused.status, refused.code) == (422, "program_cannot")
    # Without a start it waits for nothing any more.
    assert (moved.body["status"], moved.body["starts_at"]) == ("active", None)
    assert (kept.body["ends_at"], kept.body["version"]) == (LATER, 1)
    assert [each.body["status"] for each in (paused, resumed, ended)] == [
        "paused",
        "active",
        "ended",
    ]
    assert ended.body["ended_at"] is not None
    assert deleted.status == 200
    assert (await caller.get(path)).status == 404


async def test_a_program_tells_its_figures_and_how_they_are_computed(
    caller: Caller, shop: Shop
) -> None:
    """Two members, of whom one came; each number has its formula."""
    await caller.post(f"cards/{shop.cards[0]}/stamps", {"location_id": str(shop.location.id)})

    found = (await caller.get(f"programs/{shop.program.id}/figures")).body

    formulas = found.pop("formulas")
    since = found.pop("active_since")
    assert found == {
        "program_id": str(shop.program.id),
        "members": 2,
        "active_members": 1,
        "redemptions": 0,
    }
    assert date.fromisoformat(since) < now().date()
    assert set(formulas) == {"members", "active_members", "redemptions", "active_since"}


async def test_another_merchants_figures_are_not_there(
    caller: Caller, open_other: Callable[..., Awaitable[tuple[Shop, Caller]]]
) -> None:
    """As its program is not."""
    other, _ = await open_other()

    refused = await caller.get(f"programs/{other.program.id}/figures")

    assert (refused.status, refused.code) == (404, "not_found")


async def test_a_copy_is_a_draft_of_its_own(caller: Caller, shop: Shop) -> None:
    """It promises the same under another name, and begins at version one."""
    original = (await caller.get(f"programs/{shop.program.id}")).body

    copied = await caller.post(f"programs/{shop.program.id}/duplicate")

    assert (copied.status, copied.body["status"], copied.body["version"]) == (201, "draft", 1)
    assert copied.body["name"] == f"{original['name']} (copy)"
    assert copied.body["plan"] == original["plan"]
    assert copied.body["id"] != original["id"]


async def test_an_etag_saves_reading_what_has_not_changed(caller: Caller, shop: Shop) -> None:
    """A program that is as it was is answered 304."""
    path = f"programs/{shop.program.id}"
    shown = await caller.get(path)

    again = await caller.get(path, If_None_Match=shown.headers["ETag"])

    assert (again.status, again.raw) == (304, b"")


async def test_d12_a_change_without_a_condition_is_refused(caller: Caller, shop: Shop) -> None:
    """Nobody overwrites what they have not seen."""
    path = f"programs/{shop.program.id}"

    for refused in (
        await caller.put(path, DESIGN),
        await caller.post(f"{path}/pause"),
        await caller.call("DELETE", path, headers={}),
    ):
        assert (refused.status, refused.code) == (428, "if_match_missing")


@pytest.mark.parametrize("tag", ['"0"', '"7"', 'W/"1"', "1", '"x"', '"1", "2"'])
async def test_d12_a_stale_change_is_refused(caller: Caller, shop: Shop, tag: str) -> None:
    """Any tag but the current one, and a weak one even if it is."""
    refused = await caller.put(f"programs/{shop.program.id}", DESIGN, If_Match=tag)

    assert (refused.status, refused.code) == (412, "changed_meanwhile")


async def test_d12_of_ten_changes_at_once_one_holds(caller: Caller, shop: Shop) -> None:
    """The others learn that somebody was faster."""
    path = f"programs/{shop.program.id}"
    tag = (await caller.get(path)).headers["ETag"]

    answers = await asyncio.gather(
        *(caller.put(path, DESIGN | {"name": f"Card {n}"}, If_Match=tag) for n in range(10))
    )

    assert sorted(answer.status for answer in answers) == [200, *[412] * 9]
    winner = next(answer for answer in answers if answer.status == 200)
    assert (await caller.get(path)).body == winner.body


async def test_d12_a_new_version_leaves_what_was_earned(caller: Caller, shop: Shop) -> None:
    """Stamps given under the old promise count under the new one."""
    card = f"cards/{shop.cards[0]}"
    await caller.post(f"{card}/stamps", {"location_id": str(shop.location.id)})
    path = f"programs/{shop.program.id}"
    tag = (await caller.get(path)).headers["ETag"]

    published = await caller.put(path, DESIGN, If_Match=tag)

    assert published.body["version"] == 2
    assert (await caller.get(card)).body["progress"]["text"] == "1 of 8"


async def test_a_program_that_ended_stays_ended(caller: Caller, shop: Shop) -> None:
    """It can neither be started nor changed."""
    path = f"programs/{shop.program.id}"
    tag = (await caller.get(path)).headers["ETag"]
    ended = await caller.post(f"{path}/end", If_Match=tag)

    for refused in (
        await caller.post(f"{path}/activate", If_Match=ended.headers["ETag"]),
        await caller.put(path, DESIGN, If_Match=ended.headers["ETag"]),
    ):
        assert (refused.status, refused.code) == (422, "program_cannot")


async def test_every_fault_of_a_design_is_pointed_at_at_once(caller: Caller) -> None:
    """Name, colours, schedule and plan, each by a pointer into the body that was sent."""
    broken = {
        "name": " ",
        "plan": {"rules": [PLAN["rules"][0] | {"stamps_required": 1}], "currency": "euro"},
        "look": {"background": "red"},
        "starts_at": MUCH_LATER,
        "ends_at": LATER,
    }

    refused = await caller.post("programs", broken)
    tried = await caller.post("programs/validate", broken)

    assert (refused.status, refused.code) == (400, "configuration_invalid")
    assert [fault["pointer"] for fault in refused.body["errors"]] == [
        "/name",
        "/look/background",
        "/ends_at",
        "/plan/rules/0/stamps_required",
        "/plan/currency",
    ]
    assert tried.body == {"valid": False, "errors": refused.body["errors"], "warnings": []}


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"name": "\u202e"},
        {"name": 7},
        {"plan": []},
        {"plan": {}},
        {"plan": {"rules": []}},
        {"plan": PLAN | {"rules": [{"type": "lottery"}]}},
        {"plan": PLAN | {"merchant_id": "x"}},
        {"plan": PLAN | {"limits": {"daily_limit": -5}}},
        {"look": {"background": "red"}},
        {"starts_at": "2026-01-01T00:00:00"},
        {"merchant_id": "x"},
    ],
)
async def test_d1_a_program_nobody_could_promise_is_refused(
    caller: Caller, change: dict[str, Any]
) -> None:
    """Out of bounds, of another type, or with fields of its own."""
    refused = await caller.post("programs", DESIGN | change)

    assert refused.status == 400
    assert len((await caller.get("programs")).body["items"]) == 1
