"""Sales and refunds per second through the services, beside pgbench calling one function.

Both write the same rows to the same tables of the same server, in turns. A sale is a unit of
work with several round trips: what it writes beside the ledger is written with it or not at all.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg

from benchmarks.counter import REFUNDED, Counter
from benchmarks.installation import installed
from benchmarks.plans import FREE_OF_LIMITS, POINTS
from benchmarks.shop import Shop, open_shop
from benchmarks.stamps import pgbench
from benchmarks.turns import Figures, take_turns
from gateway.domain.rules.faults import read_plan

TURNS = 5
TURN_SECONDS = 3
CALLERS = 16
PLAN = read_plan({"rules": [POINTS], "limits": FREE_OF_LIMITS})
SQL = Path(__file__).with_name("sales.sql")

Sold = deque[tuple[int, str]]
"""Which card's sale has which reference, of those that nothing was refunded of yet."""


async def measure() -> Figures:
    """Return sales and refunds per second, and their ratios to the function."""
    async with installed() as here, here.opened(pool_size=CALLERS) as resources:
        shop = await open_shop(resources, here, plan=PLAN)
        await _know_the_limit(here.superuser_url)
        counter, sold = Counter(shop), Sold()

        async def sell(number: int) -> None:
            sold.append((number, await counter.sell(shop.cards[number])))

        async def refund(_number: int) -> None:
            number, reference = sold.popleft()
            await counter.sell(shop.cards[number], reference, REFUNDED)

        rates = await take_turns(
            {
                "pgbench": lambda: pgbench(here, "bench_sale", CALLERS),
                "sales": lambda: _load(shop, sell, lambda: True),
                "refunds": lambda: _load(shop, refund, lambda: len(sold) > CALLERS),
            },
            TURNS,
        )
    return {
        "pgbench_function_per_second": rates.median("pgbench"),
        "sales_per_second": rates.median("sales"),
        "refunds_per_second": rates.median("refunds"),
        "ratio_sales_to_pgbench": rates.ratio("sales", "pgbench"),
        "ratio_refunds_to_pgbench": rates.ratio("refunds", "pgbench"),
    }


async def _know_the_limit(superuser_url: str) -> None:
    connection = await asyncpg.connect(superuser_url)
    try:
        await connection.execute(SQL.read_text())
    finally:
        await connection.close()


async def _load(
    shop: Shop, do: Callable[[int], Awaitable[None]], has_more: Callable[[], bool]
) -> float:
    """Do something to one card after the other, by so many callers, while there is time."""
    started = time.perf_counter()
    until = started + TURN_SECONDS

    async def caller(number: int) -> int:
        done = 0
        while time.perf_counter() < until and has_more():
            await do((number + done * CALLERS) % len(shop.cards))
            done += 1
        return done

    counts = await asyncio.gather(*(caller(number) for number in range(CALLERS)))
    return sum(counts) / (time.perf_counter() - started)
