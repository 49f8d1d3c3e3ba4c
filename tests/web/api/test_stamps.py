"""Stamps over the API: one effect per key, whatever is sent and however often."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from sqlalchemy import text

from gateway.domain.programs import ProgramStatus
from tests.shops import Shop
from tests.web.api.conftest import PATIENT
from tests.web.api.gate import Caller

RETRIES = 50
OpenOther = Callable[..., Awaitable[tuple[Shop, Caller]]]


def path(shop: Shop, tail: str = "stamps", card: int = 0) -> str:
    return f"cards/{shop.cards[card]}/{tail}"


def visit(shop: Shop, **more: object) -> dict[str, object]:
    return {"location_id": str(shop.location.id)} | more


async def balance(caller: Caller, shop: Shop, card: int = 0) -> int:
    shown = await caller.get(f"cards/{shop.cards[card]}")
    balances = {each["unit"]: each["available"] for each in shown.body["balances"]}
    available: int = balances.get("stamp", 0)
    return available


async def test_a_stamp_is_answered_with_the_new_count(caller: Caller, shop: Shop) -> None:
    """The answer says what was given, how far the card is, and what the rule said."""
    stamped = await caller.post(path(shop), visit(shop))

    assert stamped.status == 200
    assert stamped.body["progress"] == {
        "unit": "stamp",
        "count": 1,
        "target": 3,
        "rewards_ready": 0,
        "text": "1 of 3",
    }
    assert stamped.body["explanations"][0]["given"] == 1
    assert await balance(caller, shop) == 1


async def test_e3_fifty_retries_of_one_key_have_one_effect(caller: Caller, shop: Shop) -> None:
    """All fifty get the same bytes, and only one of them is not called a replay."""
    answers = await asyncio.gather(
        *(caller.post(path(shop), visit(shop), key="once") for _ in range(RETRIES))
    )

    assert {answer.status for answer in answers} == {200}
    assert len({answer.raw for answer in answers}) == 1
    replays = [answer.headers.get("Idempotency-Replayed") for answer in answers]
    assert replays.count("true") == RETRIES - 1
    assert await balance(caller, shop) == 1


async def test_d3_fifty_parallel_stamps_under_cooldown_are_one(open_other: OpenOther) -> None:
    """One is granted, and the others learn when the next is possible."""
    shop, caller = await open_other(plan=PATIENT)

    answers = await asyncio.gather(*(caller.post(path(shop), visit(shop)) for _ in range(RETRIES)))

    assert sorted({answer.status for answer in answers}) == [200, 422]
    refused = [answer for answer in answers if answer.status == 422]
    assert len(refused) == RETRIES - 1
    assert {answer.code for answer in refused} == {"cooldown_active"}
    assert all(answer.body["retry_at"] for answer in refused)
    assert await balance(caller, shop) == 1


async def test_e1_a_stamp_without_a_key_is_refused(caller: Caller, shop: Shop) -> None:
    """Nothing that counts is done without a way to retry it safely."""
    refused = await caller.call("POST", path(shop), visit(shop), headers={})

    assert (refused.status, refused.code) == (400, "idempotency_key_missing")
    assert await balance(caller, shop) == 0


async def test_e2_a_bad_key_is_refused(caller: Caller, shop: Shop) -> None:
    """A key is 1 to 255 visible characters."""
    refused = await caller.post(path(shop), visit(shop), key="x" * 256)

    assert (refused.status, refused.code) == (400, "idempotency_key_invalid")


async def test_e4_a_key_used_for_something_else_is_refused(caller: Caller, shop: Shop) -> None:
    """Another body, another card or another route is another request."""
    await caller.post(path(shop), visit(shop), key="used")

    for refused in (
        await caller.post(path(shop), visit(shop, source_event_id="r-1"), key="used"),
        await caller.post(path(shop, card=1), visit(shop), key="used"),
        await caller.post(path(shop, "redemptions"), {"reward_id": str(uuid4())}, key="used"),
    ):
        assert (refused.status, refused.code) == (422, "idempotency_key_reused")
    assert (await balance(caller, shop), await balance(caller, shop, 1)) == (1, 0)


async def test_e5_two_merchants_may_use_the_same_key(
    caller: Caller, shop: Shop, open_other: OpenOther
) -> None:
    """A key belongs to who sent it."""
    other_shop, other = await open_other()

    mine = await caller.post(path(shop), visit(shop), key="same")
    theirs = await other.post(path(other_shop), visit(other_shop), key="same")

    assert (mine.status, theirs.status) == (200, 200)
    assert theirs.headers.get("Idempotency-Replayed") is None


async def test_e6_a_refusal_is_final_for_its_key(caller: Caller, shop: Shop) -> None:
    """Once it would succeed, the same key still gets the same refusal."""
    await set_status(shop, ProgramStatus.PAUSED)
    refused = await caller.post(path(shop), visit(shop), key="early")
    await set_status(shop, ProgramStatus.ACTIVE)

    again = await caller.post(path(shop), visit(shop), key="early")
    anew = await caller.post(path(shop), visit(shop), key="later")

    assert (refused.status, refused.code) == (422, "program_not_active")
    assert again.raw == refused.raw
    assert again.headers["Idempotency-Replayed"] == "true"
    assert anew.status == 200


async def test_e7_a_retry_after_an_outage_is_carried_out_once(caller: Caller, shop: Shop) -> None:
    """A request whose answer was lost can be sent again until one arrives."""
    async with shop.database.engine.connect() as connection:
        await connection.execute(
            text("SELECT set_config('app.merchant', :m, false)"), {"m": str(shop.merchant_id)}
        )
        await connection.execute(text("SELECT 1 FROM cards FOR UPDATE"))
        pending = [
            asyncio.create_task(caller.post(path(shop), visit(shop), key="lost")) for _ in range(3)
        ]
        await asyncio.sleep(0.3)
    answers = await asyncio.gather(*pending)

    converged = await caller.post(path(shop), visit(shop), key="lost")
    assert converged.status == 200
    assert {answer.raw for answer in answers if answer.status == 200} <= {converged.raw}
    assert await balance(caller, shop) == 1


async def test_d5_one_receipt_earns_once(caller: Caller, shop: Shop) -> None:
    """Two tills that send the same receipt under keys of their own stamp once."""
    receipt = visit(shop, source_event_id="till-4/000917")

    answers = await asyncio.gather(*(caller.post(path(shop), receipt) for _ in range(10)))
    elsewhere = await caller.post(path(shop, card=1), receipt)

    assert sorted(answer.status for answer in answers) == [200, *[409] * 9]
    assert {answer.code for answer in answers if answer.status == 409} == {"already_recorded"}
    assert elsewhere.code == "already_recorded"
    assert (await balance(caller, shop), await balance(caller, shop, 1)) == (1, 0)


async def test_d5_a_receipt_sent_twice_spoils_no_neighbour(caller: Caller, shop: Shop) -> None:
    """A refused receipt never fails what shares its commit."""
    receipt = visit(shop, source_event_id="r-1")
    await caller.post(path(shop), receipt)

    answers = await asyncio.gather(
        *(caller.post(path(shop), receipt) for _ in range(5)),
        *(caller.post(path(shop, card=1), visit(shop)) for _ in range(5)),
    )

    assert [answer.status for answer in answers] == [*[409] * 5, *[200] * 5]


@pytest.mark.parametrize(
    "raw",
    [
        '{"location_id": 1}',
        '{"location_id": true}',
        '{"location_id": NaN}',
        '{"location_id": 1e400}',
        '{"location_id": null}',
        '{"location_id": "x"}',
        '{"location_id": "LOCATION", "stamps": 10}',
        '{"location_id": "LOCATION", "balance": 9223372036854775808}',
        '{"location_id": "LOCATION", "merchant_id": "LOCATION"}',
        '{"location_id": "LOCATION", "location_id": "LOCATION"}',
        '{"location_id": "LOCATION", "source_event_id": ""}',
        '{"location_id": "LOCATION", "source_event_id": "\\u0000"}',
        "[]",
        "",
    ],
)
async def test_d1_c5_a_body_of_another_shape_changes_nothing(
    caller: Caller, shop: Shop, raw: str
) -> None:
    """Wrong types, huge numbers, unknown and doubled fields are 400 before anything happens."""
    headers = {
        "Authorization": f"Bearer {caller.bearer}",
        "Idempotency-Key": "k",
        "Content-Type": "application/json",
    }
    sent = raw.replace("LOCATION", str(shop.location.id))
    async with caller.client.post(f"/api/v1/{path(shop)}", data=sent, headers=headers) as response:
        assert response.status == 400
    assert await balance(caller, shop) == 0


@pytest.mark.parametrize("status", [ProgramStatus.PAUSED, ProgramStatus.ENDED])
async def test_d11_a_program_that_rests_gives_no_stamp(
    caller: Caller, shop: Shop, status: ProgramStatus
) -> None:
    """Paused or ended, and the answer says so."""
    await set_status(shop, status)

    refused = await caller.post(path(shop), visit(shop))

    assert (refused.status, refused.code) == (422, "program_not_active")
    assert await balance(caller, shop) == 0


async def test_d11_a_blocked_card_gets_no_stamp(caller: Caller, shop: Shop) -> None:
    """Neither stamps nor rewards."""
    await execute(shop, "UPDATE cards SET status = 'blocked'")

    refused = await caller.post(path(shop), visit(shop))

    assert (refused.status, refused.code) == (422, "card_blocked")


async def test_a_stamp_is_taken_back_once(caller: Caller, shop: Shop) -> None:
    """The reversal is linked to its stamp, and a second one is refused."""
    stamped = await caller.post(path(shop), visit(shop))
    undo = path(shop, f"transactions/{stamped.body['transaction_id']}/reversal")

    undone, again = await caller.post(undo), await caller.post(undo)

    assert undone.body["reversed_transaction_id"] == stamped.body["transaction_id"]
    assert undone.body["progress"]["count"] == 0
    assert (again.status, again.code) == (409, "already_reversed")
    history = await caller.get(path(shop, "transactions"))
    assert [line["kind"] for line in history.body["items"]] == ["reverse", "earn"]


async def set_status(shop: Shop, status: ProgramStatus) -> None:
    await execute(shop, f"UPDATE programs SET status = '{status}'")  # noqa: S608 - our own word


async def execute(shop: Shop, statement: str) -> None:
    async with shop.database.engine.begin() as connection:
        await connection.execute(
            text("SELECT set_config('app.merchant', :m, true)"), {"m": str(shop.merchant_id)}
        )
        await connection.execute(text(statement))
