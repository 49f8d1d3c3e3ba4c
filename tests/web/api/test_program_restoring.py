"""Deleted programs over the API: listed while they can be brought back, and brought back once."""

import asyncio

from tests.shops import Shop
from tests.web.api.gate import Answered, Caller
from tests.web.api.test_programs import DESIGN


async def test_a_deleted_program_is_brought_back_as_it_was(caller: Caller) -> None:
    """With its own revision, by whoever names the one that was listed."""
    path, deleted = await _deleted(caller)
    (listed,) = (await caller.get("deleted-programs")).body["items"]

    back = await caller.post(f"{path}/restore", If_Match=f'"{listed["revision"]}"')

    assert listed["deleted_at"] < listed["restorable_until"]
    assert deleted.headers["ETag"] == f'"{listed["revision"]}"'
    assert (back.status, back.body["status"]) == (200, "draft")
    assert (await caller.get(path)).body == back.body
    assert back.headers["ETag"] == f'"{listed["revision"] + 1}"'
    assert (await caller.get("deleted-programs")).body == {"items": []}


async def test_d12_of_ten_restorations_at_once_one_holds(caller: Caller) -> None:
    """A retry learns that it is done; without a condition nothing is."""
    path, deleted = await _deleted(caller)

    missing = await caller.post(f"{path}/restore")
    answers = await asyncio.gather(
        *(caller.post(f"{path}/restore", If_Match=deleted.headers["ETag"]) for _ in range(10))
    )

    assert (missing.status, missing.code) == (428, "if_match_missing")
    assert sorted(answer.status for answer in answers) == [200, *[412] * 9]


async def test_nothing_else_can_be_done_to_what_was_deleted(caller: Caller) -> None:
    """For every other command it is not there."""
    path, deleted = await _deleted(caller)

    for command in ("activate", "pause", "resume", "end"):
        refused = await caller.post(f"{path}/{command}", If_Match=deleted.headers["ETag"])
        assert (refused.status, refused.code) == (404, "not_found")


async def test_what_was_not_deleted_cannot_be_brought_back(caller: Caller, shop: Shop) -> None:
    """It is here."""
    path = f"programs/{shop.program.id}"
    tag = (await caller.get(path)).headers["ETag"]

    refused = await caller.post(f"{path}/restore", If_Match=tag)

    assert (refused.status, refused.code) == (422, "program_cannot")


async def test_after_its_days_of_grace_a_program_stays_deleted(caller: Caller) -> None:
    """With a code of its own, and on no list."""
    design = DESIGN | {"plan": DESIGN["plan"] | {"grace_days": 0}}
    designed = await caller.post("programs", design)
    path = f"programs/{designed.body['id']}"
    headers = {"If-Match": designed.headers["ETag"]}
    deleted = await caller.call("DELETE", path, headers=headers)

    refused = await caller.post(f"{path}/restore", If_Match=deleted.headers["ETag"])

    assert (refused.status, refused.code) == (422, "restore_too_late")
    assert (await caller.get("deleted-programs")).body == {"items": []}


async def _deleted(caller: Caller) -> tuple[str, Answered]:
    designed = await caller.post("programs", DESIGN)
    path = f"programs/{designed.body['id']}"
    headers = {"If-Match": designed.headers["ETag"]}
    return path, await caller.call("DELETE", path, headers=headers)
