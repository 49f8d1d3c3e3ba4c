"""Experiments over the API: described, started, reported on and stopped."""

from typing import Any

from gateway.domain.configurations.writing import written
from tests.plans import stamp_plan
from tests.shops import Shop
from tests.web.api.gate import Caller

COMPARISON: dict[str, Any] = {
    "key": "size",
    "name": "Three or six",
    "variants": [
        {"key": "three", "weight": 5_000, "version": 1},
        {"key": "six", "weight": 4_000, "version": 2},
    ],
    "hold_out": 1_000,
}


async def test_an_experiment_runs_from_its_start_to_its_end(caller: Caller, shop: Shop) -> None:
    """Each step with the ETag that was seen; one out of turn is refused."""
    path = await _program(caller, shop)
    made = await caller.post(f"{path}/experiments", COMPARISON)
    own = f"{path}/experiments/{made.body['id']}"

    early = await caller.get(f"{own}/report")
    unseen = await caller.post(f"{own}/start")
    started = await caller.post(f"{own}/start", If_Match=made.headers["ETag"])
    again = await caller.post(f"{own}/start", If_Match=started.headers["ETag"])
    report = await caller.get(f"{own}/report")
    stopped = await caller.post(f"{own}/stop", If_Match=started.headers["ETag"])

    assert (made.status, made.body["status"]) == (201, "draft")
    assert made.headers["Location"] == f"/api/v1/{own}"
    assert [each["members"] for each in early.body["variants"]] == [0, 0, 0]
    assert (unseen.status, unseen.code) == (428, "if_match_missing")
    assert started.body["status"] == "running"
    assert (again.status, again.code) == (422, "experiment_cannot")
    assert [each["key"] for each in report.body["variants"]] == ["three", "six", None]
    assert report.body["sample_ratio_mismatch"] is False
    assert (stopped.body["status"], stopped.body["ended_at"] is None) == ("ended", False)
    assert (await caller.get(own)).body == stopped.body
    assert (await caller.get(f"{path}/experiments")).body["items"] == [stopped.body]
    told = [fact for fact in await shop.facts() if fact.startswith("loyalty.experiment.")]
    assert told == [f"loyalty.experiment.{step}" for step in ("created", "started", "stopped")]


async def test_what_cannot_be_compared_is_pointed_at(caller: Caller, shop: Shop) -> None:
    """Shares that do not come to a whole; a second experiment beside one that runs."""
    path = await _program(caller, shop)
    short = await caller.post(f"{path}/experiments", COMPARISON | {"hold_out": 0})
    missing = [COMPARISON["variants"][0], COMPARISON["variants"][1] | {"version": 7}]
    unknown = await caller.post(f"{path}/experiments", COMPARISON | {"variants": missing})
    for key in ("one", "two"):
        made = await caller.post(f"{path}/experiments", COMPARISON | {"key": key})
        own = f"{path}/experiments/{made.body['id']}/start"
        answered = await caller.post(own, If_Match=made.headers["ETag"])

    assert (short.status, short.code) == (400, "configuration_invalid")
    assert short.body["errors"][0]["pointer"] == "/variants"
    assert unknown.status == 404
    assert (answered.status, answered.code) == (409, "another_experiment_runs")


async def _program(caller: Caller, shop: Shop) -> str:
    """Publish a second version, and return the program's path."""
    path = f"programs/{shop.program.id}"
    design = {"name": "Card", "plan": written(stamp_plan(6))}
    tag = (await caller.get(path)).headers["ETag"]
    assert (await caller.put(path, design, If_Match=tag)).body["version"] == 2
    return path
