"""A merchant's manners over the API: read, replaced as a whole, and never overwritten unseen."""

from typing import Any

import pytest

from gateway.domain.people import Role
from gateway.resources import Resources, new_id
from gateway.storage.people.people import Member
from tests.shopfront import EMAIL
from tests.shops import Shop
from tests.web.api.gate import Caller

SETTINGS: dict[str, Any] = {
    "quiet_hours": {"begins": "22:00", "ends": "07:30", "sundays": True},
    "offers": {"a_day": 2, "a_week": 5},
    "silent_events": ["stamp", "welcome"],
    "reply_to": EMAIL,
    "sms_sender": None,
}
PATH = "message-settings"


@pytest.fixture(autouse=True)
async def owner(resources: Resources, shop: Shop) -> None:
    """Somebody whom answers can reach."""
    olga = Member(id=new_id(), name="Olga", role=Role.OWNER, email=EMAIL)
    async with resources.units(shop.merchant_id) as unit:
        await unit.staff.add(olga, unit.now)


async def test_manners_are_replaced_as_a_whole(caller: Caller) -> None:
    """Those of the country first, then the merchant's, each time with a new ETag."""
    first = await caller.get(PATH)
    written = await caller.put(PATH, SETTINGS, If_Match=first.headers["ETag"])
    shown = await caller.get(PATH)

    assert first.body["quiet_hours"] == {"begins": "21:00", "ends": "08:00", "sundays": False}
    assert written.body == shown.body == SETTINGS
    assert shown.headers["ETag"] == written.headers["ETag"] != first.headers["ETag"]


async def test_d12_a_change_without_the_current_tag_is_refused(caller: Caller) -> None:
    """Missing, stale, and from before anything was written."""
    first = (await caller.get(PATH)).headers["ETag"]
    await caller.put(PATH, SETTINGS, If_Match=first)

    missing = await caller.put(PATH, SETTINGS)
    stale = [await caller.put(PATH, SETTINGS, If_Match=tag) for tag in (first, '"9"', 'W/"1"')]

    assert (missing.status, missing.code) == (428, "if_match_missing")
    assert {(each.status, each.code) for each in stale} == {(412, "changed_meanwhile")}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"offers": {"a_day": 3, "a_week": 2}}, "/offers/a_week"),
        ({"offers": {"a_day": 21, "a_week": 40}}, "/offers/a_day"),
        ({"quiet_hours": {"begins": "24:00", "ends": "07:00", "sundays": False}}, None),
        ({"silent_events": ["everything"]}, None),
        ({"reply_to": "a@b.example\r\nBcc: c@d.example"}, "/reply_to"),
        ({"sms_sender": "+35262112345678901"}, None),
        ({"sms_sender": "+352621123456"}, "/sms_sender"),
        ({"sms_sender": "Post"}, "/sms_sender"),
        ({"reply_to": "victim@elsewhere.example"}, "/reply_to"),
        ({"more": 1}, None),
    ],
)
async def test_what_nobody_can_mean_is_refused(
    caller: Caller, change: dict[str, Any], pointer: str | None
) -> None:
    """With a pointer to the fault, and nothing is written."""
    before = await caller.get(PATH)
    refused = await caller.put(PATH, SETTINGS | change, If_Match=before.headers["ETag"])

    assert (refused.status, refused.code) == (400, "body_invalid")
    if pointer is not None:
        assert refused.body["errors"][0]["pointer"] == pointer
    assert (await caller.get(PATH)).body == before.body
