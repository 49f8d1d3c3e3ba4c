"""Lost answers, resets and a crash of the database: each key has one effect all the same."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from gateway.domain.ledger import TransactionKind
from gateway.services.cards.coalescing import Coalescer
from gateway.services.cards.commands import Answer, Command, StampCard
from gateway.services.cards.stamping import Reply, stamp
from gateway.storage.database import OUTAGES
from sandbox.ports import free_port
from tests.database import Database
from tests.faults.durable import (
    RETRY_SECONDS,
    TRIES_MAX,
    DurableServer,
    at_last,
    opened_at_last,
    prepare,
)
from tests.faults.proxy import Faults, Proxy
from tests.shops import Shop, body, open_shop, opened

CLIENTS, CARDS = 8, 4
RUN_SECONDS = 4.0
BOUNDED_SECONDS_MAX = 10.0

Ask = Callable[[], Awaitable[Reply]]


@dataclass(slots=True)
class _History:
    """What every key was finally answered with, and how often a client had to ask again."""

    answers: dict[str, Answer] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[DurableServer]:
    """The server."""
    server = DurableServer(tmp_path / "postgres", free_port())
    yield server
    server.stop()


async def test_each_key_has_one_effect_whatever_is_lost(durable: DurableServer, seed: int) -> None:
    """Clients retry through cut commits, resets and a crash; the books show each key once."""
    superuser = durable.start().dsn()
    direct = await prepare(superuser)
    history, lots = _History(), random.Random(seed)
    faults = Faults(lots, cut_commit=0.1, cut_answer=0.01, cut_request=0.005)
    async with AsyncExitStack() as stack:
        shop = await open_shop(
            await stack.enter_async_context(opened(direct, pool_size=2)), cards=CARDS
        )
        port = await stack.enter_async_context(Proxy(durable.port, faults).listening())
        broken = direct.replace(f":{durable.port}/", f":{port}/")
        outside = replace(shop, database=await opened_at_last(stack, broken))
        clients = asyncio.gather(
            *(_client(outside, random.Random(lots.random()), history) for _ in range(CLIENTS))
        )
        await asyncio.sleep(RUN_SECONDS / 2)
        durable.crash_and_restart()
        await clients
    async with opened(direct) as books:
        await _judge(replace(shop, database=books), history)
    assert faults.cut.keys() == {"commit", "answer", "request"}, faults.cut
    assert history.seen["replayed"], "an answer was lost and found again"
    assert history.seen["outage"], "clients were told to come back"


@pytest.mark.parametrize("path", ["ledger", "units"])
async def test_a_database_that_swallows_everything_keeps_nobody_for_long(
    database: Database, seed: int, path: str
) -> None:
    """Without a reset and without an answer the wait is bounded, and ends well afterwards."""
    faults = Faults(random.Random(seed))
    server_port = int(database.app_dsn.rpartition(":")[2].partition("/")[0])
    async with Proxy(server_port, faults).listening() as port:
        dsn = database.app_dsn.replace(f":{server_port}/", f":{port}/")
        async with opened(dsn, seconds_max=0.5) as books:
            shop = await open_shop(books)
            ask: dict[str, Callable[[], Awaitable[object]]] = {
                "ledger": shop.stamp,
                "units": shop.balances,
            }
            await ask[path]()
            faults.flowing.clear()
            async with asyncio.timeout(BOUNDED_SECONDS_MAX):
                with pytest.raises(OUTAGES):
                    await ask[path]()
            faults.flowing.set()
            await at_last(ask[path])
            assert not await shop.violations()


async def _client(shop: Shop, lots: random.Random, history: _History) -> None:
    """Do what tills do until the time is over; each command is retried until it has an answer."""
    stamps: Coalescer[StampCard, Reply] = Coalescer(lambda commands: stamp(shop.books, commands))
    until = asyncio.get_running_loop().time() + RUN_SECONDS
    redemption: tuple[UUID, UUID] | None = None
    while asyncio.get_running_loop().time() < until:
        card = lots.choice(shop.cards)
        command, ask = _choose(shop, lots, card, redemption, stamps)
        answer = await _answered(ask, history)
        assert command.key not in history.answers
        history.answers[command.key] = replace(answer, replayed=False)
        again = await _answered(ask, history) if lots.random() < 0.1 else answer
        assert (again.status, again.body) == (answer.status, answer.body)
        told = body(answer)
        reserved = answer.is_done and told.get("status") == "reserved"
        redemption = (UUID(str(told["redemption_id"])), card) if reserved else None


def _choose(
    shop: Shop,
    lots: random.Random,
    card: UUID,
    redemption: tuple[UUID, UUID] | None,
    stamps: Coalescer[StampCard, Reply],
) -> tuple[Command, Ask]:
    """End what is reserved, or else reserve now and then, and mostly stamp."""
    if redemption is not None:
        ending = shop.end_command(redemption[0], card=redemption[1])
        how = lots.choice((TransactionKind.REDEEM, TransactionKind.CANCEL))
        return ending, partial(shop.end, ending, how)
    if lots.random() < 0.3:
        reserving = shop.reserve_command(card=card)
        return reserving, partial(shop.reserve, reserving)
    stamping = shop.stamp_command(card)
    return stamping, partial(stamps.ask, stamping)


async def _answered(ask: Ask, history: _History) -> Answer:
    for _ in range(TRIES_MAX):
        try:
            reply = await ask()
        except OUTAGES:
            history.seen["outage"] += 1
            await asyncio.sleep(RETRY_SECONDS)
            continue
        if isinstance(reply, Answer):
            history.seen["replayed"] += reply.replayed
            return reply
        history.seen[type(reply).__name__] += 1
    raise AssertionError("never answered")


async def _judge(shop: Shop, history: _History) -> None:
    """Every answered key is in the books once, no refused one is, and nothing else is."""
    assert not await shop.violations()
    done = [answer for answer in history.answers.values() if answer.is_done]
    assert done
    assert len(done) < len(history.answers), "somebody was refused"
    assert await shop.rows("SELECT count(*) FROM transactions") == [(len(done),)]
    keys = dict(await shop.rows("SELECT key, status FROM idempotency_keys"))
    assert keys == {key: answer.status for key, answer in history.answers.items()}
    posted = {str(row[0]) for row in await shop.rows("SELECT id FROM transactions")}
    stamped = [str(body(answer).get("transaction_id")) for answer in done]
    assert {each for each in stamped if each != "None"} <= posted
    facts = Counter(await shop.facts())
    assert facts["loyalty.card.stamped"] == sum(each != "None" for each in stamped)
