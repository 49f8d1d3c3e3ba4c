"""Campaigns over the API: written, sent and held, counted so that it adds up."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gateway.domain.consents import Medium
from gateway.domain.people import Permission
from gateway.resources import Resources, now
from gateway.services.campaigns.preparing import prepare
from gateway.services.campaigns.trying import WALLET_PER_CARD
from gateway.storage.messages.campaigns import Headway
from gateway.web.api.campaign_routes import PLAN_BYTES_MAX
from tests.campaigns import add_holders, author_of
from tests.shops import Shop
from tests.web.api.conftest import Client
from tests.web.api.gate import Caller, make_key

PLAN: dict[str, Any] = {
    "name": "Cake",
    "channels": ["mail", "apple"],
    "contents": {
        "en": {"subject": "Cake", "body": "Come and try our cake.", "wallet": "Cake today!"}
    },
    "audience": {"stamps_min": 0},
}
MAIL_ONLY = PLAN | {"channels": ["mail"], "audience": {}}


async def written_down(shop: Shop, campaign_id: str) -> None:
    """Write a campaign's recipients down, as the worker does first."""
    async with shop.database.units(shop.merchant_id) as unit:
        campaign, _ = await unit.campaigns.hold(UUID(campaign_id))
        await prepare(unit, campaign, Headway(), unit.now, author_of(shop).new_id)


async def test_a_campaign_is_written_read_and_rewritten(caller: Caller) -> None:
    """As a draft, whose every change has an ETag of its own."""
    written = await caller.post("campaigns", PLAN)
    path = f"campaigns/{written.body['id']}"

    changed = await caller.put(path, PLAN | {"name": "Pie"}, If_Match=written.headers["ETag"])
    shown = await caller.get(path)
    again = await caller.get(path, If_None_Match=shown.headers["ETag"])

    assert (written.status, written.body["status"]) == (201, "draft")
    assert written.headers["Location"] == f"/api/v1/{path}"
    assert {name: written.body[name] for name in ("name", "channels")} == {
        name: PLAN[name] for name in ("name", "channels")
    }
    assert written.body["audience"]["stamps_min"] == 0
    assert changed.body["name"] == "Pie"
    assert shown.body == changed.body
    assert shown.headers["ETag"] == changed.headers["ETag"] != written.headers["ETag"]
    assert (again.status, again.raw) == (304, b"")


async def test_d12_no_change_of_a_campaign_is_lost(caller: Caller) -> None:
    """Without a condition 428, with one that is over 412; also for sending what was changed."""
    written = await caller.post("campaigns", PLAN)
    path = f"campaigns/{written.body['id']}"
    await caller.put(path, PLAN | {"name": "Pie"}, If_Match=written.headers["ETag"])

    for refused in (
        await caller.put(path, PLAN),
        await caller.post(f"{path}/schedule", {}),
        await caller.post(f"{path}/unschedule"),
    ):
        assert (refused.status, refused.code) == (428, "if_match_missing")
    for refused in (
        await caller.put(path, PLAN, If_Match=written.headers["ETag"]),
        await caller.post(f"{path}/schedule", {}, If_Match=written.headers["ETag"]),
    ):
        assert (refused.status, refused.code) == (412, "changed_meanwhile")
    assert (await caller.get(path)).body["name"] == "Pie"


async def test_a_campaign_is_scheduled_taken_back_and_cancelled(caller: Caller) -> None:
    """At the time that was asked for; a draft again; and over for good."""
    written = await caller.post("campaigns", PLAN)
    path = f"campaigns/{written.body['id']}"
    at = (now() + timedelta(days=1)).replace(microsecond=0)

    scheduled = await caller.post(
        f"{path}/schedule", {"at": at.isoformat()}, If_Match=written.headers["ETag"]
    )
    paused = await caller.post(f"{path}/pause")
    back = await caller.post(f"{path}/unschedule", If_Match=scheduled.headers["ETag"])
    cancelled = await caller.post(f"{path}/cancel")
    resumed = await caller.post(f"{path}/resume")

    assert scheduled.body["status"] == "scheduled"
    assert scheduled.body["scheduled_at"] == at.isoformat().replace("+00:00", "Z")
    assert (paused.status, paused.code) == (422, "campaign_cannot")
    assert (back.body["status"], back.body["scheduled_at"]) == ("draft", None)
    assert cancelled.body["status"] == "cancelled"
    assert (resumed.status, resumed.code) == (422, "campaign_cannot")


async def test_what_the_rules_refuse_is_pointed_at(caller: Caller) -> None:
    """Each fault with the place in the body, of words as well as of numbers."""
    nobody = "00000000-0000-0000-0000-000000000000"
    for change, pointer in (
        ({"contents": {"en": {"wallet": "Cake"}}}, "/contents"),
        ({"audience": {"stamps_min": 5, "stamps_max": 4}}, "/audience/stamps_max"),
        ({"audience": {"program_id": nobody}}, "/audience"),
        (
            {"contents": {"en": PLAN["contents"]["en"] | {"wallet": "See http://x.example"}}},
            "/contents/en/wallet",
        ),
    ):
        refused = await caller.post("campaigns", PLAN | change)
        assert (refused.status, refused.code) == (400, "body_invalid"), change
        assert [error["pointer"] for error in refused.body["errors"]] == [pointer]

    written = await caller.post("campaigns", PLAN)
    late = await caller.post(
        f"campaigns/{written.body['id']}/schedule",
        {"at": (now() + timedelta(days=999)).isoformat()},
        If_Match=written.headers["ETag"],
    )
    assert [error["pointer"] for error in late.body["errors"]] == ["/at"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "\u202e"},
        {"channels": []},
        {"channels": ["pigeon"]},
        {"contents": {"xx": {"wallet": "Cake"}}},
        {"contents": {"en": {"wallet": "x" * 201}}},
        {"contents": {"en": {"subject": "Cake\r\nBcc: all@example.org", "body": "x"}}},
        {"audience": {"stamps_min": -1}},
        {"audience": {"visited_days_max": 10**9}},
        {"audience": {"tier": ""}},
        {"audience": {"segment": {"conditions": []}}},
        {"per_minute_max": 0},
        {"status": "sent"},
    ],
)
async def test_d1_a_campaign_nobody_could_send_is_refused(
    caller: Caller, change: dict[str, Any]
) -> None:
    """Out of bounds, with signs that nobody sees, or with fields of its own."""
    refused = await caller.post("campaigns", PLAN | change)

    assert refused.status == 400
    assert (await caller.get("campaigns")).body["items"] == []


async def test_d1_a_body_beyond_all_words_is_not_read(caller: Caller) -> None:
    """It is refused by its size."""
    huge = PLAN | {"contents": {"en": {"body": "x" * PLAN_BYTES_MAX}}}

    assert (await caller.post("campaigns", huge)).status == 413


async def test_an_estimate_says_whom_it_reaches_and_why_not_the_others(
    caller: Caller, shop: Shop
) -> None:
    """Every holder is in each channel once: reached, or left out for a reason."""
    await add_holders(shop, 3, Medium.MAIL)
    written = await caller.post("campaigns", PLAN | {"audience": {}})

    counted = await caller.get(f"campaigns/{written.body['id']}/estimate")

    assert counted.body == {
        "holders": 5,
        "channels": [
            {
                "channel": "mail",
                "reached": 3,
                "left_out": [{"reason": "no_consent", "holders": 2}],
            },
            {
                "channel": "apple",
                "reached": 0,
                "left_out": [{"reason": "not_in_wallet", "holders": 5}],
            },
        ],
    }


async def test_a_campaign_is_for_a_segment_or_a_tier(caller: Caller, shop: Shop) -> None:
    """Only for its own merchant's segments, also when it is changed."""
    await shop.execute("UPDATE cards SET tier = 'gold' WHERE id = :id", id=shop.cards[0])
    gold = {"field": "tier", "comparison": "eq", "value": "gold"}
    segment = await caller.post("segments", {"name": "Gold", "definition": {"conditions": [gold]}})

    for audience in ({"segment_id": segment.body["id"]}, {"tier": "gold"}):
        written = await caller.post("campaigns", MAIL_ONLY | {"audience": audience})
        counted = await caller.get(f"campaigns/{written.body['id']}/estimate")
        assert written.body["audience"].items() >= audience.items()
        assert counted.body["holders"] == 1


async def test_another_merchants_segment_is_not_there(
    caller: Caller, open_other: Callable[..., Awaitable[tuple[Shop, Caller]]]
) -> None:
    """Neither for a new campaign nor for one that is changed."""
    _, other = await open_other()
    condition = {"field": "visits", "comparison": "ge", "value": 0}
    theirs = await other.post(
        "segments", {"name": "All", "definition": {"conditions": [condition]}}
    )
    foreign = MAIL_ONLY | {"audience": {"segment_id": theirs.body["id"]}}
    written = await caller.post("campaigns", MAIL_ONLY)

    refused = await caller.post("campaigns", foreign)
    unchanged = await caller.put(
        f"campaigns/{written.body['id']}", foreign, If_Match=written.headers["ETag"]
    )

    assert (refused.status, refused.code) == (unchanged.status, unchanged.code)
    assert (refused.status, refused.code) == (404, "not_found")


async def test_progress_and_recipients_add_up(caller: Caller, shop: Shop) -> None:
    """The counts are of every recipient, page by page, and hold no address and no customer."""
    await add_holders(shop, 3, Medium.MAIL)
    written = await caller.post("campaigns", MAIL_ONLY)
    path = f"campaigns/{written.body['id']}"
    await written_down(shop, written.body["id"])

    progress = (await caller.get(f"{path}/progress")).body
    first = (await caller.get(f"{path}/recipients?limit=3")).body
    second = (await caller.get(f"{path}/recipients?limit=3&cursor={first['next_cursor']}")).body
    queued = (await caller.get(f"{path}/recipients?state=queued&channel=mail")).body["items"]

    (mail,) = progress["channels"]
    assert progress["messages"] == mail["messages"] == 5
    assert mail["counts"] == [
        {"state": "queued", "reason": None, "messages": 3},
        {"state": "skipped", "reason": "no_consent", "messages": 2},
    ]
    everybody = [*first["items"], *second["items"]]
    assert (len({each["id"] for each in everybody}), second["next_cursor"]) == (5, None)
    assert {each["reason"] for each in queued} == {None}
    assert len(queued) == 3
    assert all(each["contact"].endswith("@e….org") for each in everybody)
    assert "customer_id" not in everybody[0]


async def test_a_cursor_is_of_one_list(caller: Caller, shop: Shop) -> None:
    """Under another filter, or for another campaign, it leads nowhere."""
    await add_holders(shop, 2, Medium.MAIL)
    paths = []
    for _ in range(2):
        written = await caller.post("campaigns", MAIL_ONLY)
        await written_down(shop, written.body["id"])
        paths.append(f"campaigns/{written.body['id']}/recipients")
    cursor = (await caller.get(f"{paths[0]}?limit=1")).body["next_cursor"]

    for path in (f"{paths[1]}?cursor={cursor}", f"{paths[0]}?state=queued&cursor={cursor}"):
        refused = await caller.get(path)
        assert (refused.status, refused.code) == (400, "cursor_invalid")


async def test_campaigns_are_listed_page_by_page(caller: Caller) -> None:
    """Newest first, each once."""
    ids = [(await caller.post("campaigns", PLAN)).body["id"] for _ in range(3)]

    first = (await caller.get("campaigns?limit=2")).body
    second = (await caller.get(f"campaigns?limit=2&cursor={first['next_cursor']}")).body

    listed = [each["id"] for each in [*first["items"], *second["items"]]]
    assert (listed, second["next_cursor"]) == (ids[::-1], None)


async def test_a_key_reads_only_when_it_may_not_write(
    client: Client, resources: Resources, shop: Shop, caller: Caller
) -> None:
    """Who counts campaigns cannot send any."""
    written = await caller.post("campaigns", PLAN)
    path = f"campaigns/{written.body['id']}"
    scopes = frozenset({Permission.CAMPAIGNS_READ})
    reader = Caller(client, await make_key(resources, shop.merchant_id, scopes))

    assert (await reader.get(f"{path}/progress")).status == 200
    for refused in (
        await reader.post("campaigns", PLAN),
        await reader.post(f"{path}/cancel"),
        await reader.post(f"{path}/test-send", {"channel": "mail"}),
    ):
        assert (refused.status, refused.code) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"channel": "mail"}, 422, "no_own_address"),
        ({"channel": "sms", "phone": "+352621123456"}, 422, "not_on_this_channel"),
        ({"channel": "sms", "phone": "ana@example.org"}, 400, "contact_invalid"),
        ({"channel": "sms", "phone": "+881612345678"}, 422, "number_not_served"),
        ({"channel": "apple"}, 404, "not_found"),
        ({"channel": "google", "card_id": "00000000-0000-0000-0000-000000000000"}, 422, None),
    ],
)
async def test_a_test_send_goes_only_where_it_may(
    caller: Caller, asked: dict[str, Any], status: int, code: str | None
) -> None:
    """A key has no mailbox, a far number costs a fortune, a card must be in the wallet."""
    written = await caller.post("campaigns", PLAN)

    refused = await caller.post(f"campaigns/{written.body['id']}/test-send", asked)

    assert (refused.status, refused.code) == (status, code or "not_on_this_channel")


async def test_nobody_tries_all_day_on_a_customers_card(caller: Caller, shop: Shop) -> None:
    """A test send asks for no consent, so that it must be no way to send without one."""
    written = await caller.post("campaigns", PLAN)
    path = f"campaigns/{written.body['id']}/test-send"
    asked = {"channel": "apple", "card_id": str(shop.cards[0])}

    tries = [await caller.post(path, asked) for _ in range(WALLET_PER_CARD.tries + 1)]

    assert {each.status for each in tries[:-1]} == {404}
    assert (tries[-1].status, tries[-1].code) == (429, "too_many_attempts")


async def test_a_test_send_by_text_is_on_its_way(caller: Caller, shop: Shop) -> None:
    """It is answered with its message, and counted with no campaign."""
    sms = {"channels": ["sms"], "contents": {"en": {"sms": "Cake today at {{merchant}}!"}}}
    written = await caller.post("campaigns", PLAN | sms)
    path = f"campaigns/{written.body['id']}"

    sent = await caller.post(f"{path}/test-send", {"channel": "sms", "phone": "+352621123456"})

    assert sent.status == 202
    assert await shop.rows("SELECT id FROM messages") == [(UUID(sent.body["message_id"]),)]
    assert (await caller.get(f"{path}/progress")).body["messages"] == 0
