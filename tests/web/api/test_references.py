"""References at the doors: what nobody can tell apart is refused, and nothing is written."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.plans import hybrid_plan
from tests.shops import Shop
from tests.web.api.gate import Answered, Caller
from tests.web.api.test_pos import OpenOther, Pos

UNFIT = [" r1", "r1\u00a0", "r1\n", "r\u200b1"]


@pytest.fixture
async def pos(open_other: OpenOther) -> Pos:
    """A till of a shop that gives stamps, points and tiers."""
    return Pos(*await open_other("hybrid", hybrid_plan()))


def _refused(answered: Answered, pointer: str) -> None:
    assert (answered.status, answered.code) == (422, "reference_invalid"), answered.body
    assert [fault["pointer"] for fault in answered.body["errors"]] == [pointer]


async def _nothing_happened(shop: Shop) -> None:
    assert await shop.rows("SELECT id FROM transactions UNION ALL SELECT id FROM sales") == []
    assert await shop.rows("SELECT key FROM idempotency_keys") == []


@pytest.mark.parametrize("reference", UNFIT)
async def test_one_receipt_cannot_be_two_for_what_nobody_sees(pos: Pos, reference: str) -> None:
    """As a sale, as a stamp, and at the till; the key is free for what was meant."""
    card, place = pos.shop.cards[0], str(pos.shop.location.id)
    sale = {"currency": "EUR", "total_paid": 1_000}
    told: dict[str, Any] = {"location_id": place, "reference": reference, "sale": sale}
    _refused(await pos.caller.post(f"cards/{card}/sales", told, key="sale"), "/reference")
    visit = {"location_id": place, "source_event_id": reference}
    _refused(await pos.caller.post(f"cards/{card}/stamps", visit), "/source_event_id")
    said = await pos.accrual(1_000, reference=reference)
    _refused(await pos.say(said), "/reference")
    await _nothing_happened(pos.shop)
    for again in (told, said):
        again["reference"] = "r1"
    assert (await pos.caller.post(f"cards/{card}/sales", told, key="sale")).status == 200
    assert (await pos.say(said)).status == 200


@pytest.mark.parametrize("guid", [" 12345678", "12345678\n", "1234\t5678"])
async def test_a_guid_is_what_it_looks_like(pos: Pos, guid: str) -> None:
    """Its own, and that of what is taken back."""
    _refused(await pos.say(await pos.accrual(1_000, transaction_guid=guid)), "/transaction_guid")
    reversal = {
        "verb": "reverse",
        "transaction_guid": str(uuid4()),
        "identifier": await pos.code(),
        "reversed_guid": guid,
    }
    _refused(await pos.say(reversal), "/reversed_guid")
    await _nothing_happened(pos.shop)


async def test_in_a_batch_it_fails_no_neighbour(pos: Pos) -> None:
    """A till that wrote it down while offline hears which of its receipts it was."""
    said = [await pos.accrual(1_000, reference=reference) for reference in ("r1", " r1", "r2")]
    now = datetime.now(UTC).isoformat()
    items = [
        {"occurred_at": now, "counter": n, "transaction": each} for n, each in enumerate(said)
    ]
    results = (await pos.caller.post("pos/batch", {"items": items})).body["items"]
    assert [each["status"] for each in results] == [200, 422, 200]
    assert results[1]["problem"]["errors"][0]["pointer"] == "/reference"
    assert await pos.balance() == 20


async def test_a_source_ends_where_it_seems_to(caller: Caller, shop: Shop) -> None:
    """The same receipt of a source with a line feed at its end would be another one."""
    told = {
        "location_id": str(shop.location.id),
        "reference": "r1",
        "source": "webshop\n",
        "sale": {"currency": "EUR", "total_paid": 1_000},
    }
    refused = await caller.post(f"cards/{shop.cards[0]}/sales", told)
    assert (refused.status, refused.code) == (400, "body_invalid")
    assert refused.body["errors"][0]["pointer"] == "/source"
