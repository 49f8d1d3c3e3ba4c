"""What a card's past costs: the same done to cards with 10, 1,000 and 100,000 transactions.

The past is written by SQL: every stamp is an open lot, and they are spread over 20 days.
"""

import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import asyncpg

from benchmarks.counter import BOTH, REFUNDED, Counter
from benchmarks.installation import Installation, installed
from benchmarks.shop import Shop, open_shop
from benchmarks.turns import Figures

PASTS = (10, 1_000, 100_000)
CARDS = 100
ROUNDS, ROUNDS_BEFORE = 25, 5
PAGE_ROWS = 10
SQL = Path(__file__).with_name("pasts.sql")

Times = dict[str, float]
Done = TypeVar("Done")


async def measure() -> Figures:
    """Return milliseconds per operation and past, and ratios to the card with the shortest."""
    async with installed() as here, here.opened() as resources:
        shop = await open_shop(resources, here, cards=CARDS, plan=BOTH)
        cards = await _with_pasts(here)
        rounds = [
            {past: await _round(shop, card_id) for past, card_id in cards.items()}
            for _ in range(ROUNDS_BEFORE + ROUNDS)
        ]
    measured = rounds[ROUNDS_BEFORE:]
    figures: Figures = {}
    worst = 0.0
    for name in measured[0][PASTS[0]]:
        for past in PASTS:
            times = [each[past][name] for each in measured]
            figures[f"{name}_{past}_ms"] = round(statistics.median(times) * 1_000, 2)
        ratio = _ratio(measured, name)
        figures[f"{name}_ratio_{PASTS[-1]}_to_{PASTS[0]}"] = ratio
        worst = max(worst, ratio)
    return figures | {"worst_ratio": worst}


async def _with_pasts(here: Installation) -> dict[int, UUID]:
    """Give a card each of the pasts; return the cards."""
    connection = await asyncpg.connect(here.superuser_url)
    try:
        await connection.execute(SQL.read_text())
        for n, past in enumerate(PASTS, 1):
            await connection.execute("SELECT bench_past($1, $1, $2)", n, past)
        await connection.execute("VACUUM ANALYZE")
        rows = await connection.fetch("SELECT card_id FROM bench_numbers WHERE n <= 3 ORDER BY n")
    finally:
        await connection.close()
    return {past: row["card_id"] for past, row in zip(PASTS, rows, strict=True)}


async def _round(shop: Shop, card_id: UUID) -> Times:
    """Do everything once to a card; return the seconds each took."""
    counter, times = Counter(shop), Times()
    transaction_id = await _timed(times, "visit", lambda: counter.visit(card_id))
    await _timed(times, "undo", lambda: counter.undo(card_id, transaction_id))
    reference = await _timed(times, "sale", lambda: counter.sell(card_id))
    await _timed(times, "refund", lambda: counter.sell(card_id, reference, REFUNDED))
    await _timed(times, "reward", lambda: counter.reserve(card_id))
    await _timed(times, "show", lambda: counter.show(card_id))
    await _timed(times, "page", lambda: _page(shop, card_id))
    return times


async def _timed(times: Times, name: str, do: Callable[[], Awaitable[Done]]) -> Done:
    began = time.perf_counter()
    done = await do()
    times[name] = time.perf_counter() - began
    return done


async def _page(shop: Shop, card_id: UUID) -> None:
    """Read the second page of a card's history, or what there is of it."""
    async with shop.resources.units(shop.principal.merchant_id) as unit:
        first = await unit.transactions.history(card_id, PAGE_ROWS)
        last = first[-1].occurred_at, first[-1].transaction_id
        await unit.transactions.history(card_id, PAGE_ROWS, last)


def _ratio(measured: Sequence[Mapping[int, Times]], name: str) -> float:
    """Return how many times longer the longest past takes, as the median of the rounds."""
    pairs = [(each[PASTS[-1]][name], each[PASTS[0]][name]) for each in measured]
    return round(statistics.median(longest / shortest for longest, shortest in pairs), 2)
