"""If-Match on what two people may change at once: by what they saw, and nothing else."""

import pytest

from tests.web.api.gate import DESCRIBED, Caller

SETTINGS = "ledger-settings"


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (None, 428, "if_match_missing"),
        (" ", 428, "if_match_missing"),
        ("*", 428, "if_match_of_anything"),
        (" * ", 428, "if_match_of_anything"),
        ('W/"0"', 412, "changed_meanwhile"),
        ("0", 412, "changed_meanwhile"),
        ('"9"', 412, "changed_meanwhile"),
        ('"0", "1"', 412, "changed_meanwhile"),
    ],
)
async def test_nobody_overwrites_what_they_did_not_see(
    caller: Caller, sent: str | None, status: int, code: str
) -> None:
    """`*` would match whatever is there (RFC 9110 §13.1.1), and has a sentence of its own."""
    before = await caller.get(SETTINGS)
    headers = {} if sent is None else {"If_Match": sent}
    refused = await caller.call("PUT", SETTINGS, {"adjust_alone_max": 7}, headers=headers)
    assert (refused.status, refused.code) == (status, code)
    assert ("overwrite" in refused.body["detail"]) == (code == "if_match_of_anything")
    after = await caller.get(SETTINGS)
    assert (after.body, after.headers["ETag"]) == (before.body, before.headers["ETag"])


async def test_the_tag_that_was_seen_is_good_once(caller: Caller) -> None:
    """The next change needs the next one."""
    tag = (await caller.get(SETTINGS)).headers["ETag"]
    first, second = [
        await caller.put(SETTINGS, {"adjust_alone_max": 7}, If_Match=tag) for _ in range(2)
    ]
    assert (first.status, second.status) == (200, 412)


def test_the_document_says_what_if_match_takes() -> None:
    """Who would send `*` reads there that it is refused, and why."""
    parameters = DESCRIBED["paths"]["/api/v1/ledger-settings"]["put"]["parameters"]
    (parameter,) = (each for each in parameters if each["name"] == "If-Match")
    assert "`*` is refused" in parameter["description"]
