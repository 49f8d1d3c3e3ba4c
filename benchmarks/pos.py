"""How long a till waits for each verb, over HTTP, while others ask as well.

Each till greets a customer with ten stamps: it finds the card, looks at it, tells of a sale, hands
a reward out and takes it back. Afterwards one sends what it did offline, as a single batch.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
from aiohttp import ClientSession

from benchmarks.counter import BOTH
from benchmarks.history import SQL
from benchmarks.installation import Installation, installed
from benchmarks.shop import Shop, open_shop
from benchmarks.turns import Figures, percentile
from gateway.resources import new_id

TILLS = 8
CARDS, CARDS_BEFORE = 400, 40
STAMPS_BEFORE = 10
BATCH_ITEMS = 500
SALE = {"currency": "EUR", "total_paid": 1_240}


@dataclass(frozen=True, slots=True)
class Till:
    """A till's connection; `waited` are milliseconds by verb."""

    session: ClientSession
    shop: Shop
    waited: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    async def greet(self, card_id: UUID) -> None:
        """Do everything to one card that is done at a counter."""
        card = {"identifier": _code(card_id)}
        await self.ask("search", {"code": _code(card_id)})
        await self.ask("inquire", card)
        await self.ask("accrue", _sale(self.shop, card_id))
        handed_out = _guid() | card | {"reward_id": str(self.shop.rewards[0])}
        await self.ask("redeem", handed_out)
        await self.ask(
            "reverse", _guid() | card | {"reversed_guid": handed_out["transaction_guid"]}
        )

    async def ask(self, verb: str, body: object) -> None:
        """Ask for one verb, and see that it was done."""
        began = time.perf_counter()
        async with self.session.post(f"/api/v1/pos/{verb}", json=body) as answer:
            text = await answer.text()
        self.waited[verb].append((time.perf_counter() - began) * 1_000)
        assert answer.ok, text
        assert '"code":' not in text or verb in {"search", "inquire"}, text


async def measure() -> Figures:
    """Return milliseconds per verb, and seconds for a batch of `BATCH_ITEMS`."""
    async with (
        installed() as here,
        here.opened() as resources,
        here.process("serve", port=here.ports.web),
    ):
        shop = await open_shop(resources, here, cards=CARDS_BEFORE + CARDS, plan=BOTH)
        await _give_stamps(here)
        headers = {"Authorization": f"Bearer {await shop.api_key()}"}
        async with ClientSession(here.web_url, headers=headers) as session:
            await _work(Till(session, shop), shop.cards[:CARDS_BEFORE])
            till = Till(session, shop)
            await _work(till, shop.cards[CARDS_BEFORE:])
            await till.ask("batch", _batch(shop))
    return _figures(till.waited)


async def _give_stamps(here: Installation) -> None:
    """Let every card have what a reward costs, and a code that a till can read."""
    connection = await asyncpg.connect(here.superuser_url)
    try:
        await connection.execute(SQL.read_text())
        await connection.execute(
            "SELECT bench_past(min(n), max(n), $1) FROM bench_numbers", STAMPS_BEFORE
        )
        await connection.execute("UPDATE cards SET code = upper(id::text)")
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _work(till: Till, cards: Sequence[UUID]) -> None:
    async def one(number: int) -> None:
        for card_id in cards[number::TILLS]:
            await till.greet(card_id)

    await asyncio.gather(*(one(number) for number in range(TILLS)))


def _sale(shop: Shop, card_id: UUID) -> dict[str, object]:
    where = {"identifier": _code(card_id), "location_id": str(shop.location_id)}
    return _guid() | where | {"sale": SALE}


def _code(card_id: UUID) -> str:
    return str(card_id).upper()


def _guid() -> dict[str, object]:
    return {"transaction_guid": str(new_id())}


def _batch(shop: Shop) -> dict[str, object]:
    now = datetime.now(UTC).isoformat()
    items = [
        {
            "occurred_at": now,
            "counter": number,
            "transaction": {"verb": "accrue"} | _sale(shop, shop.cards[number % len(shop.cards)]),
        }
        for number in range(BATCH_ITEMS)
    ]
    return {"items": items}


def _figures(waited: dict[str, list[float]]) -> Figures:
    (batch,) = waited.pop("batch")
    figures: Figures = {}
    for verb, times in waited.items():
        for percent in (50, 95):
            figures[f"{verb}_ms_p{percent}"] = round(percentile(times, percent), 1)
    slowest = max(percentile(times, 95) for times in waited.values())
    return figures | {
        "slowest_verb_ms_p95": round(slowest, 1),
        f"batch_of_{BATCH_ITEMS}_seconds": round(batch / 1_000, 2),
    }
