"""Webhook endpoints over the API: kept, changed by who has seen them, and never shown twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from gateway.domain.events.catalogue import EVENTS
from gateway.services.webhooks import replaying
from tests.shops import Shop
from tests.web.api.gate import Answered, Caller

ENDPOINTS = "webhook-endpoints"
URL = "https://shop.example/webhooks"


async def add(caller: Caller, **fields: Any) -> Answered:  # noqa: ANN401 -- JSON
    """Add an endpoint; it hears everything unless told otherwise."""
    return await caller.post(ENDPOINTS, {"url": URL} | fields)


async def test_an_endpoint_is_added_with_a_secret_that_is_shown_once(caller: Caller) -> None:
    """The answer alone holds it, in the form its receiver takes."""
    added = await add(caller, description="Till software", events=["loyalty.card.*"])
    endpoint = added.body["endpoint"]
    shown = await caller.get(f"{ENDPOINTS}/{endpoint['id']}")
    listed = await caller.get(ENDPOINTS)

    assert added.status == 201
    assert added.headers["Cache-Control"] == "no-store"
    assert added.headers["Location"].endswith(endpoint["id"])
    assert Webhook(added.body["secret"]).sign("1", datetime.now(UTC), "{}")
    assert (shown.body, listed.body["items"]) == (endpoint, [endpoint])
    assert shown.headers["ETag"] == '"1"'
    assert added.body["secret"].encode() not in shown.raw + listed.raw


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"url": "http://shop.example/"}, "/url"),
        ({"url": "https://127.0.0.1/"}, "/url"),
        ({"events": ["loyalty.card.stampd"]}, "/events"),
        ({"events": []}, "/events"),
        ({"description": "two\nlines"}, "/description"),
        ({"secret": "whsec_"}, "/secret"),
    ],
)
async def test_what_cannot_be_an_endpoint_is_refused_by_name(
    caller: Caller, fields: dict[str, Any], pointer: str
) -> None:
    """The answer points at the field, when it is added and when it is changed."""
    refused = await add(caller, **fields)
    added = await add(caller)
    path = f"{ENDPOINTS}/{added.body['endpoint']['id']}"
    unchanged = await caller.put(path, {"url": URL} | fields, If_Match='"1"')

    assert [(each.status, each.body["errors"][0]["pointer"]) for each in (refused, unchanged)] == [
        (400, pointer)
    ] * 2
    assert (await caller.get(path)).headers["ETag"] == '"1"'


async def test_there_are_at_most_twenty(caller: Caller) -> None:
    """The twenty-first is refused until one is deleted."""
    ids = [(await add(caller)).body["endpoint"]["id"] for _ in range(20)]
    refused = await add(caller)
    await caller.call("DELETE", f"{ENDPOINTS}/{ids[0]}", headers={"If_Match": '"1"'})

    assert (refused.status, refused.code) == (422, "too_many_webhook_endpoints")
    assert (await add(caller)).status == 201


async def test_a_change_needs_what_it_changes_to_be_seen(caller: Caller) -> None:
    """Without If-Match 428, with an old one 412, with the right one a new ETag."""
    path = f"{ENDPOINTS}/{(await add(caller)).body['endpoint']['id']}"
    other = {"url": f"{URL}/2", "events": ["loyalty.reward.earned"]}

    blind = await caller.put(path, other)
    changed = await caller.put(path, other, If_Match='"1"')
    late = await caller.put(path, other, If_Match='"1"')

    assert [blind.status, changed.status, late.status] == [428, 200, 412]
    assert (changed.body["url"], changed.headers["ETag"]) == (f"{URL}/2", '"2"')


async def test_an_endpoint_is_disabled_enabled_and_deleted(caller: Caller) -> None:
    """Each is a change that somebody answers for; what is deleted is not found again."""
    path = f"{ENDPOINTS}/{(await add(caller)).body['endpoint']['id']}"

    disabled = await caller.post(f"{path}/disable", If_Match='"1"')
    refused = [
        await caller.post(f"{path}/test"),
        await caller.post(f"{path}/replays", {"since": "2026-01-01T00:00:00Z"}),
    ]
    enabled = await caller.post(f"{path}/enable", If_Match='"2"')
    deleted = await caller.call("DELETE", path, headers={"If_Match": '"3"'})

    assert (disabled.body["status"], disabled.body["disabled_reason"]) == ("disabled", "merchant")
    assert {(each.status, each.code) for each in refused} == {(409, "webhook_endpoint_disabled")}
    assert (enabled.body["status"], enabled.body["disabled_reason"]) == ("enabled", None)
    assert deleted.status == 200
    assert (await caller.get(path)).status == 404
    assert (await caller.get(ENDPOINTS)).body["items"] == []


async def test_a_new_secret_holds_beside_the_old_one_for_a_day(caller: Caller) -> None:
    """The answer alone holds the new one, and everybody sees until when the old one is good."""
    added = await add(caller)
    path = f"{ENDPOINTS}/{added.body['endpoint']['id']}"

    rotated = await caller.post(f"{path}/rotate-secret", If_Match='"1"')

    until = datetime.fromisoformat((await caller.get(path)).body["old_secret_until"])
    assert rotated.body["secret"] != added.body["secret"]
    assert timedelta(hours=23) < until - datetime.now(UTC) <= timedelta(hours=24)


async def test_a_replay_is_of_one_message_or_of_some_time(caller: Caller) -> None:
    """Both, neither, what is no message of ours and what is yet to come are refused."""
    path = f"{ENDPOINTS}/{(await add(caller)).body['endpoint']['id']}"
    tested = await caller.post(f"{path}/test")
    message, later = tested.body["message_id"], "2999-01-01T00:00:00Z"

    one = await caller.post(f"{path}/replays", {"message_id": message})
    span = await caller.post(f"{path}/replays", {"since": "0001-01-01T00:00:00+14:00"})
    both = await caller.post(f"{path}/replays", {"message_id": message, "since": later})
    neither = await caller.post(f"{path}/replays", {})
    to_come = await caller.post(f"{path}/replays", {"since": later})
    unknown = await caller.post(f"{path}/replays", {"message_id": path.partition("/")[2]})

    assert [one.status, one.body] == [202, {"messages": 1}]
    # A test is not what anybody missed.
    assert [span.status, span.body] == [202, {"messages": 0}]
    assert [both.status, neither.status, to_come.status, unknown.status] == [400, 400, 400, 404]


@pytest.mark.parametrize(("door", "most"), [("test", 30), ("replays", 10)])
async def test_nobody_has_an_address_posted_to_without_end(
    caller: Caller, door: str, most: int
) -> None:
    """Each endpoint is tested and replayed to so often an hour; then comes when to ask again."""
    path = f"{ENDPOINTS}/{(await add(caller)).body['endpoint']['id']}"
    other = f"{ENDPOINTS}/{(await add(caller)).body['endpoint']['id']}"
    body = {"since": "2026-01-01T00:00:00Z"} if door == "replays" else None

    sent = [await caller.post(f"{path}/{door}", body) for _ in range(most + 1)]
    elsewhere = await caller.post(f"{other}/{door}", body)

    assert {each.status for each in sent[:most]} == {202}
    assert (sent[most].status, sent[most].code) == (429, "too_many_attempts")
    assert 0 < int(sent[most].headers["Retry-After"]) <= 3_600
    assert elsewhere.status == 202


async def test_a_replay_has_a_limit(
    caller: Caller, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks for more hears how many there are."""
    monkeypatch.setattr(replaying, "REPLAY_MESSAGES_MAX", 2)
    path = f"{ENDPOINTS}/{(await add(caller)).body['endpoint']['id']}"
    await shop.execute(
        "INSERT INTO webhook_messages SELECT :merchant, gen_random_uuid(),"
        " 'loyalty.card.stamped', '{}', now() FROM generate_series(1, 3)",
        merchant=shop.merchant_id,
    )

    refused = await caller.post(f"{path}/replays", {"since": "2026-01-01T00:00:00Z"})

    assert (refused.status, refused.code) == (422, "too_many_messages")
    assert (refused.body["messages"], refused.body["messages_max"]) == (3, 2)


async def test_the_log_is_read_page_by_page(caller: Caller, shop: Shop) -> None:
    """Each attempt is on one page, the newest first."""
    endpoint_id = (await add(caller)).body["endpoint"]["id"]
    await shop.execute(
        "INSERT INTO webhook_attempts SELECT :merchant, gen_random_uuid(), :endpoint,"
        " gen_random_uuid(), n, 500, 'Status500', 7, 'oops', now() + n * interval '1 second'"
        " FROM generate_series(1, 5) AS n",
        merchant=shop.merchant_id,
        endpoint=endpoint_id,
    )
    numbers, cursor = [], ""
    for _ in range(3):
        page = await caller.get(f"{ENDPOINTS}/{endpoint_id}/attempts?limit=2{cursor}")
        numbers += [attempt["number"] for attempt in page.body["items"]]
        cursor = f"&cursor={page.body['next_cursor']}"

    assert numbers == [5, 4, 3, 2, 1]
    assert page.body["next_cursor"] is None
    assert page.body["items"][0]["excerpt"] == "oops"


async def test_every_kind_of_event_is_listed_with_what_it_carries(caller: Caller) -> None:
    """So that whoever builds a receiver knows what comes."""
    listed = await caller.get("events")

    assert [each["type"] for each in listed.body["items"]] == [event.type for event in EVENTS]
    assert all(each["description"] and each["data_schema"] for each in listed.body["items"])
