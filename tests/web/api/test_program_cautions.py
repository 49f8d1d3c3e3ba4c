"""Programs that are much like one that runs: said over the API, and done all the same."""

from tests.shops import Shop
from tests.web.api.gate import Caller
from tests.web.api.test_programs import DESIGN, PLAN


async def test_what_is_like_a_program_that_runs_is_told_and_done(
    caller: Caller, shop: Shop
) -> None:
    """Validated, created, copied and started: each time with the same words."""
    tried = await caller.post("programs/validate", DESIGN)
    designed = await caller.post("programs", DESIGN)
    copied = await caller.post(f"programs/{shop.program.id}/duplicate")
    started = await caller.post(
        f"programs/{designed.body['id']}/activate", If_Match=designed.headers["ETag"]
    )

    (warning,) = tried.body["warnings"]
    assert tried.body["valid"] is True
    assert (warning["code"], warning["pointer"]) == ("much_like_another", "/plan/rules/0")
    assert shop.program.version.name in warning["sentence"]
    for answered, status in ((designed, 201), (copied, 201), (started, 200)):
        assert (answered.status, answered.body["warnings"]) == (status, [warning])


async def test_what_is_like_no_program_that_runs_has_no_warning(
    caller: Caller, shop: Shop
) -> None:
    """Another kind of rule, or only a draft like it; and a program is not like itself."""
    rule = {"type": "points_based", "points_per_dollar": "1"}
    other = DESIGN | {"plan": PLAN | {"rules": [rule]}}
    path = f"programs/{shop.program.id}"

    designed = await caller.post("programs", other)
    again = await caller.post("programs/validate", other)
    paused = await caller.post(f"{path}/pause", If_Match='"1"')
    resumed = await caller.post(f"{path}/activate", If_Match=paused.headers["ETag"])

    assert designed.body["warnings"] == again.body["warnings"] == []
    assert resumed.body["warnings"] == []
