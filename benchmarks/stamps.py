"""Stamps per second through the whole service layer, beside pgbench calling one function.

Both write the same rows to the same tables of the same server, in turns. The function decides
nothing and knows no row-level security: it is the limit, not a rival.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable

from benchmarks.installation import Installation, installed
from benchmarks.shop import CARDS, Shop, open_shop
from benchmarks.tools import output_of
from benchmarks.turns import Figures, take_turns
from gateway.resources import new_id
from gateway.services.cards.commands import Answer, StampCard
from gateway.services.cards.stamping import Books, Reply, stamp

TURNS = 5
TURN_SECONDS = 3
CALLERS_ONE_BY_ONE = 16
CALLERS_TOGETHER = 64


async def measure() -> Figures:
    """Return stamps per second, and their ratios to the function."""
    async with installed() as here, here.opened(pool_size=CALLERS_ONE_BY_ONE) as resources:
        shop = await open_shop(resources, here)
        database = resources.database
        books = Books(database.ledger, database.versions, new_id, database.bell.ring)

        async def alone(command: StampCard) -> Reply:
            return (await stamp(books, [command]))[0]

        rates = await take_turns(
            {
                "pgbench": lambda: pgbench(here, "bench_stamp", CALLERS_ONE_BY_ONE),
                "one": lambda: _load(shop, alone, CALLERS_ONE_BY_ONE),
                "group": lambda: _load(shop, resources.stamps.ask, CALLERS_TOGETHER),
            },
            TURNS,
        )
    return {
        "pgbench_function_per_second": rates.median("pgbench"),
        "one_by_one_per_second": rates.median("one"),
        "group_commit_per_second": rates.median("group"),
        "ratio_one_by_one_to_pgbench": rates.ratio("one", "pgbench"),
        "ratio_group_commit_to_pgbench": rates.ratio("group", "pgbench"),
    }


async def _load(
    shop: Shop, do_stamp: Callable[[StampCard], Awaitable[Reply]], callers: int
) -> float:
    started = time.perf_counter()
    until = started + TURN_SECONDS

    async def caller(number: int) -> int:
        done = 0
        while time.perf_counter() < until:
            card_id = shop.cards[(number + done * callers) % CARDS]
            reply = await do_stamp(shop.command(card_id))
            assert isinstance(reply, Answer), reply
            assert reply.is_done, reply.body
            done += 1
        return done

    counts = await asyncio.gather(*(caller(number) for number in range(callers)))
    return sum(counts) / (time.perf_counter() - started)


async def pgbench(here: Installation, function: str, clients: int) -> float:
    """Return how often per second pgbench gets an answer of a function of one card's number."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"\\set n random(1, :cards)\nSELECT {function}(:n);\n")
        script.flush()
        said = await output_of(
            "pgbench",
            *("--no-vacuum", "--protocol=prepared", f"--file={script.name}"),
            *(f"--client={clients}", "--jobs=2", f"--time={TURN_SECONDS}"),
            *(f"--define=cards={CARDS}", here.superuser_url),
        )
    rate = next(line for line in said.splitlines() if line.startswith("tps"))
    return float(rate.split()[2])
