"""Workers and Redis are killed at random while stamps are given: nothing is lost or made up.

TEST_SEED replays a run, CRASH_SEEDS runs more of them.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
import redis

from gateway.domain.events import CardStamped
from gateway.resources import new_id
from sandbox import processes, servers
from sandbox.apns.commands import Command, Drop, GoAway, Silence, Slow
from tests.workers.stages import Stage, eventually

CARDS = 6
WORKERS = 2
LOAD_SECONDS = 12.0
ROLLED_BACK = 0.1
SETTLE_SECONDS_MAX = 30.0
MISHAPS: tuple[Command, ...] = (Drop(), Silence(), GoAway(), Slow(0.5))


class RolledBackError(Exception):
    """A unit that changed its mind."""


@dataclass(slots=True)
class Servers:
    """Real worker processes and a real Valkey, to be killed and started again."""

    folder: Path
    variables: dict[str, str]
    redis_port: int
    stack: ExitStack = field(default_factory=ExitStack)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    valkey: servers.ValkeyServer | None = None

    def start_worker(self) -> None:
        """Start one more worker."""
        with (self.folder / "worker.log").open("ab") as output:
            program = processes.Program(
                arguments=[sys.executable, "-m", "tests.workers.hasty_worker"],
                environment=os.environ | self.variables,
                output=output,
            )
            self.workers.append(processes.start(program))

    def start_redis(self) -> str:
        """Start Valkey on its data, which may be what a crash left; returns its URL."""
        running = servers.valkey(self.folder / "valkey", port=self.redis_port)
        self.valkey = self.stack.enter_context(running)
        return self.valkey.url

    def kill_worker(self) -> None:
        """End the oldest worker without a word and start another."""
        worker = self.workers.pop(0)
        worker.kill()
        worker.wait()
        self.start_worker()

    def kill_redis(self) -> None:
        """End Valkey without a word; it is missing until somebody starts it."""
        assert self.valkey is not None
        self.valkey.process.kill()
        self.valkey.process.wait()
        self.stack.close()

    def flush_redis(self) -> None:
        """Empty Valkey."""
        assert self.valkey is not None
        with redis.Redis.from_url(self.valkey.url) as connection:
            connection.flushall()

    def stop(self) -> None:
        """Stop everything."""
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            processes.stop(worker)
        self.stack.close()


@contextmanager
def running_servers(stage: Stage, folder: Path) -> Iterator[Servers]:
    """Run two workers and their Valkey."""
    running = Servers(folder, {}, servers.free_port())
    try:
        url = running.start_redis()
        running.variables = replace(stage, redis_url=url).variables(LOG_LEVEL="info")
        for _ in range(WORKERS):
            running.start_worker()
        yield running
    finally:
        running.stop()


@dataclass(slots=True)
class Phones:
    """Every phone asks what is new when it is pushed, as a device does."""

    stage: Stage
    cards: dict[str, UUID]
    versions: dict[UUID, int] = field(default_factory=dict)
    pushed: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def run(self) -> None:
        """Answer pushes until cancelled."""
        self.stage.apns.on_push(lambda _topic, token: self.pushed.put_nowait(token))
        while True:
            card = self.cards[await self.pushed.get()]
            self.versions[card] = (await self.stage.shop.stored(card)).published_version


async def disturb(stage: Stage, running: Servers, lots: random.Random, did: Counter[str]) -> None:
    """Kill something again and again, or let Apple fail some pushes; each kind at least once."""
    kinds = ["worker", "redis", "flush", "apns"]
    lots.shuffle(kinds)
    for turn in count():
        await asyncio.sleep(lots.uniform(0.2, 1.5))
        what = kinds[turn] if turn < len(kinds) else lots.choice(["worker", *kinds])
        did[what] += 1
        if what == "worker":
            running.kill_worker()
        elif what == "apns":
            stage.apns.next(lots.choice(MISHAPS), lots.randrange(1, 5))
        elif what == "flush":
            running.flush_redis()
        else:
            running.kill_redis()
            await asyncio.sleep(lots.uniform(0.0, 1.0))
            running.start_redis()


async def load(stage: Stage, cards: list[UUID], lots: random.Random) -> Counter[UUID]:
    """Stamp cards for a while; every tenth change is announced and then rolled back."""
    stamped: Counter[UUID] = Counter()
    clock = asyncio.get_running_loop().time
    until = clock() + LOAD_SECONDS
    while clock() < until:
        card = lots.choice(cards)
        if lots.random() < ROLLED_BACK:
            with pytest.raises(RolledBackError):
                await change_mind(stage, card)
        else:
            await stage.shop.stamp(card)
            stamped[card] += 1
        await asyncio.sleep(lots.uniform(0.0, 0.06))
    return stamped


async def last_blow(
    stage: Stage, running: Servers, cards: list[UUID], lots: random.Random
) -> Counter[UUID]:
    """Stamp every card once more and kill all workers while that is on its way.

    Nothing happens afterwards that could make good what was lost.
    """
    stage.apns.next(Drop(), 2)
    for card in cards:
        await stage.shop.stamp(card)
    await asyncio.sleep(lots.uniform(0.02, 0.1))
    for _ in range(WORKERS):
        running.kill_worker()
    return Counter(cards)


async def change_mind(stage: Stage, card: UUID) -> None:
    """Write a fact about a card and roll it back."""
    async with stage.shop.resources.units(stage.shop.merchant.id) as unit:
        await unit.cards.change_look(stage.shop.program.id, card, 1)
        fact = CardStamped(card_id=card, transaction_id=new_id(), stamps=1, balance=1)
        unit.announce(fact)
        await unit.write_facts(new_id)
        raise RolledBackError


def seeds() -> list[int | None]:
    """Return the seeds to run: the whole suite's (None), and more if wanted."""
    return [None, *range(1, int(os.environ.get("CRASH_SEEDS", "1")))]


@pytest.mark.parametrize("chosen", seeds())
async def test_nothing_is_lost_and_nothing_made_up(
    stage: Stage, tmp_path: Path, seed: int, chosen: int | None
) -> None:
    """After kill -9 of workers and Redis every phone has the newest version, by known pushes."""
    lots = random.Random(seed if chosen is None else chosen)
    print(f"TEST_SEED={seed if chosen is None else chosen}")  # noqa: T201 -- replays this run
    cards = [await stage.card() for _ in range(CARDS)]
    never_stamped = await stage.card()
    phones = Phones(stage, {f"{card.hex}{0:032x}": card for card in [*cards, never_stamped]})
    did: Counter[str] = Counter()
    with running_servers(stage, tmp_path) as running:
        asking = asyncio.create_task(phones.run())
        disturbing = asyncio.create_task(disturb(stage, running, lots, did))
        stamped = await load(stage, cards, lots)
        disturbing.cancel()
        await asyncio.wait([disturbing])
        if not disturbing.cancelled():
            disturbing.result()
        stamped += await last_blow(stage, running, cards, lots)

        async def settled() -> bool:
            told = [phones.versions.get(card) == 1 + stamped[card] for card in cards]
            return all(told) and await stage.is_current(cards[0])

        await eventually(settled, SETTLE_SECONDS_MAX)
        asking.cancel()

    assert did["worker"], "a run in which no worker was killed proves little"
    assert did["redis"], "nor one in which Redis lived on"
    for card in cards:
        assert (await stage.shop.stored(card)).card_version == 1 + stamped[card]
    assert not stage.pushes(never_stamped)
    await check_keys(stage)


async def check_keys(stage: Stage) -> None:
    """Each delivery had one key for life, and no push went out without a delivery."""
    rows = await stage.sql.fetch("SELECT id, target, state, reason FROM deliveries")
    targets = {str(row["id"]): row["target"] for row in rows}
    assert {row["state"] for row in rows} == {"done"}
    for push in stage.apns.accepted:
        assert targets[push.apns_id][:32] == push.token[:32]
    delivered = {str(row["id"]) for row in rows if row["reason"] == "Delivered"}
    assert delivered <= {push.apns_id for push in stage.apns.accepted}
