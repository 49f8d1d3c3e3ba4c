"""Chaos: many clients, a database that crashes and answers that are lost, and one explanation."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest

from gateway.services.ledger.verifying import verify_live
from sandbox.ports import free_port
from tests.database import Database
from tests.faults.clients import Counter
from tests.faults.durable import DurableServer, opened_at_last, prepare
from tests.faults.histories import History, Posted, contradictions
from tests.faults.proxy import Faults, Proxy
from tests.shops import Shop, open_shop, opened
from tests.storage.ledger_planting import Planted, plant

CLIENTS, CARDS = 8, 3
RUN_SECONDS = 8.0
# A planted bug is looked for until it shows.
PLANTED_SECONDS, PLANTED_TURNS = 1.5, 20
CRASHES = 2
RUNS = 2
_POSTED = """
    SELECT t.card_id, t.number, t.user_agent, (
        SELECT jsonb_object_agg(e.account, e.delta)::text FROM entries e
        WHERE e.merchant_id = t.merchant_id AND e.card_id = t.card_id
            AND e.occurred_at = t.occurred_at AND e.transaction_id = t.id)
    FROM transactions t
"""
FORGETS_KEYS = Planted(
    name="no idempotency",
    kind="stamps",
    changes=(
        ("AND k.key = i.key;", "AND k.key = i.key AND false;"),
        ("CASE WHEN FOUND THEN 'done' ELSE 'replayed' END", "'done'"),
    ),
)
LOSES_UPDATES = Planted(
    name="lost update",
    kind="stamps",
    changes=(
        ("AND c.version = i.version", ""),
        (
            "SET balance = a.balance + m.delta",
            (
                "SET balance = m.delta + coalesce((SELECT sum(e.delta) FROM entries e"
                " JOIN transactions t ON t.merchant_id = e.merchant_id AND t.id = e.transaction_id"
                " WHERE e.merchant_id = merchant AND e.card_id = i.card_id AND e.unit = m.unit"
                " AND e.account = m.account AND t.number < i.version), 0)"
            ),
        ),
    ),
)


@dataclass(slots=True)
class _Run:
    """One run: what the clients wrote down, what went wrong, and what cannot be explained."""

    history: History = field(default_factory=History)
    faults: dict[str, int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    @property
    def found_in_history(self) -> list[str]:
        """What contradicts what the clients were told, beside errors that nobody expects."""
        return [each for each in self.found if each not in self.history.crashes]

    @property
    def figures(self) -> str:
        """The run in numbers."""
        counted = dict(self.history.counted())
        seen = len(self.history.seen)
        return f"{counted} {seen=} faults={self.faults} contradictions={len(self.found)}"


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[DurableServer]:
    """The server."""
    server = DurableServer(tmp_path / "postgres", free_port())
    yield server
    server.stop()


@pytest.mark.parametrize("number", range(RUNS))
async def test_one_ledger_explains_what_every_client_was_told(
    durable: DurableServer, seed: int, number: int
) -> None:
    """Through crashes, cuts and delays every history is one that the ledger explains."""
    run = await _run(durable, random.Random(f"{seed}-{number}"), RUN_SECONDS, crashes=CRASHES)
    print(run.figures)  # noqa: T201 -- read with -s, and when it fails
    assert run.found == []
    counted = run.history.counted()
    assert counted["ok"], "something happened"
    assert counted["fail"], "somebody was refused"
    assert counted["info"], "somebody never learned what happened"
    assert run.faults.keys() == {"commit", "answer", "request", "delay"}


@pytest.mark.parametrize(
    "bug", [pytest.param(each, id=each.name) for each in (FORGETS_KEYS, LOSES_UPDATES)]
)
async def test_a_planted_bug_contradicts_the_history(
    durable: DurableServer, seed: int, bug: Planted
) -> None:
    """The same clients and the same judge find a ledger that is broken on purpose."""
    run = await _run(durable, random.Random(seed), PLANTED_SECONDS, turns=PLANTED_TURNS, bug=bug)
    print(run.figures)  # noqa: T201 -- read with -s, and when it fails
    assert run.found_in_history


async def _run(
    durable: DurableServer,
    lots: random.Random,
    seconds: float,
    *,
    turns: int = 1,
    crashes: int = 0,
    bug: Planted | None = None,
) -> _Run:
    superuser = durable.start().dsn()
    direct = await prepare(superuser)
    if bug:
        place = superuser.rpartition("/")[0] + "/passgate"
        await plant(
            Database(
                name="passgate", superuser_dsn=place, owner_dsn="", app_dsn=direct, worker_dsn=""
            ),
            bug,
        )
    run = _Run()
    faults = Faults(lots, cut_commit=0.1, cut_answer=0.002, cut_request=0.002, delay=0.01)
    async with AsyncExitStack() as stack:
        shop = await open_shop(
            await stack.enter_async_context(opened(direct, pool_size=2)), cards=CARDS
        )
        port = await stack.enter_async_context(Proxy(durable.port, faults).listening())
        broken = direct.replace(f":{durable.port}/", f":{port}/")
        outside = replace(shop, database=await opened_at_last(stack, broken))
        counter = Counter(outside, run.history)
        for _ in range(turns):
            await _busy(durable, counter, lots, seconds, crashes)
            async with opened(direct) as books:
                run.found = await _judged(replace(shop, database=books), run.history)
            if run.found_in_history:
                break
    run.faults = faults.cut
    return run


async def _busy(
    durable: DurableServer, counter: Counter, lots: random.Random, seconds: float, crashes: int
) -> None:
    """Let the clients work, and the server crash at moments that the seed says."""
    until = asyncio.get_running_loop().time() + seconds
    clients = asyncio.gather(
        *(counter.serve(random.Random(lots.random()), until) for _ in range(CLIENTS))
    )
    for _ in range(crashes):
        await asyncio.sleep(lots.uniform(0.2, 0.9) * seconds / (crashes + 1))
        await asyncio.to_thread(durable.crash_and_restart)
    await clients


async def _judged(shop: Shop, history: History) -> list[str]:
    """Return everything that is wrong once nobody does anything any more."""
    posted = [
        Posted(card=card, number=number, key=key, deltas=msgspec.json.decode(deltas or "{}"))
        for card, number, key, deltas in await shop.rows(_POSTED)
    ]
    async with shop.database.units(shop.merchant_id) as unit:
        faults = (await verify_live(unit)).faults
    return [*contradictions(history, posted), *await shop.violations(), *faults]
