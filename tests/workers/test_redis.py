"""Redis may be killed, frozen, emptied, full or absent: stamps answer and everything arrives."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import redis
from structlog.testing import capture_logs

from sandbox import servers
from sandbox.ports import free_port
from tests.workers.stages import Stage, eventually
from workers.arq_side import ArqSide, check_policy, connect
from workers.jobs.chores import (
    EXPIRE,
    LAPSE,
    NOTIFY,
    PARTITIONS,
    PERIODS,
    PROGRAMS,
    RELEASE,
    REVIEW,
    SWEEP,
)
from workers.relay import DELIVER_JOB, ArqBell

STAMPS = 12
ABSENT = "redis://127.0.0.1:1/0"


@dataclass(slots=True)
class OwnRedis:
    """A Valkey that a test may treat badly."""

    folder: Path
    port: int = field(default_factory=free_port)
    stack: ExitStack = field(default_factory=ExitStack)
    server: servers.ValkeyServer | None = None

    def start(self) -> str:
        """Start it, on the data it had; returns its URL."""
        self.server = self.stack.enter_context(servers.valkey(self.folder, port=self.port))
        return self.server.url

    @property
    def url(self) -> str:
        """Where it is, with its password."""
        assert self.server is not None
        return self.server.url

    def kill(self) -> None:
        """End it without a word."""
        self.signal(signal.SIGKILL)
        self.stack.close()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self.server is not None
        self.server.process.send_signal(number)


@contextmanager
def own_redis(folder: Path) -> Iterator[OwnRedis]:
    """Run a Valkey of the test's own."""
    own = OwnRedis(folder)
    try:
        yield own
    finally:
        if own.server is not None and own.server.process.poll() is None:
            own.signal(signal.SIGCONT)
        own.stack.close()


@asynccontextmanager
async def stamping(stage: Stage) -> AsyncIterator[UUID]:
    """Stamp a card half before and half after what the test does, and see all of it arrive."""
    card = await stage.card()
    await _stamp(stage, card, STAMPS // 2)
    yield card
    await _stamp(stage, card, STAMPS // 2)
    await eventually(lambda: stage.is_current(card))
    assert (await stage.shop.stored(card)).published_version == 1 + STAMPS
    assert stage.pushes(card)


async def _stamp(stage: Stage, card: UUID, times: int) -> None:
    for _ in range(times):
        await stage.shop.stamp(card)
        await asyncio.sleep(0.05)


async def test_redis_may_be_absent_for_ever(stage: Stage) -> None:
    """Without a Redis everything works."""
    async with stage.worker(REDIS_URL=ABSENT), stamping(stage):
        pass


async def test_redis_may_be_killed_and_come_back(stage: Stage, tmp_path: Path) -> None:
    """While it is gone and after it is back, stamps reach the phones."""
    with own_redis(tmp_path) as own:
        mine = replace(stage, redis_url=own.start())
        async with mine.worker(), stamping(mine):
            own.kill()
            await _stamp(mine, await mine.card(), 3)
            own.start()


async def test_redis_may_freeze(stage: Stage, tmp_path: Path) -> None:
    """A Redis that takes connections and never answers delays neither stamps nor pushes."""
    with own_redis(tmp_path) as own:
        mine = replace(stage, redis_url=own.start())
        async with mine.worker(), stamping(mine):
            own.signal(signal.SIGSTOP)


async def test_redis_may_be_emptied(stage: Stage) -> None:
    """Nothing is lost with what was in it, because nothing is in it."""
    async with stage.worker(), stamping(stage):
        with redis.Redis.from_url(stage.redis_url) as connection:
            connection.flushdb()


async def test_redis_may_be_full(stage: Stage, tmp_path: Path) -> None:
    """A Redis that refuses to take anything costs the bell only."""
    with own_redis(tmp_path) as own:
        mine = replace(stage, redis_url=own.start())
        with redis.Redis.from_url(mine.redis_url) as connection:
            connection.config_set("maxmemory", "1")
        async with mine.worker(), stamping(mine):
            pass


async def test_a_redis_that_evicts_is_alerted(tmp_path: Path) -> None:
    """Under any policy but noeviction rings and cron would vanish without a word."""
    # The policy is a whole server's, and the tests' own has other tests at work.
    with own_redis(tmp_path) as own, redis.Redis.from_url(own.start()) as server:
        connection = connect(own.url, 1.0)
        assert await check_policy(connection)
        server.config_set("maxmemory-policy", "allkeys-lru")
        with capture_logs() as said:
            assert not await check_policy(connection)
        await connection.aclose()

    assert [(line["event"], line["log_level"]) for line in said] == [("redis_evicts", "error")]


async def test_the_bell_rings_once_for_many_and_says_nothing(redis_url: str) -> None:
    """However often it is rung, one job without arguments waits, and it is no pickle."""
    bell = ArqBell(connect(redis_url, 1.0))
    ringing = asyncio.create_task(bell.run())
    with redis.Redis.from_url(redis_url) as server:
        for _ in range(20):
            bell.ring()
            await asyncio.sleep(0.005)

        async def rung() -> bool:
            return bool(server.zcard("arq:queue"))

        await eventually(rung)
        payload = server.get(f"arq:job:{DELIVER_JOB}")
        waiting = server.zcard("arq:queue")
    ringing.cancel()
    await asyncio.wait([ringing])
    await bell.close()

    assert waiting == 1
    assert isinstance(payload, bytes)
    assert payload.startswith(b'{"t"')


async def test_ringing_never_waits() -> None:
    """Who rings goes on at once; a ring that cannot get out is given up by itself."""
    bell = ArqBell(connect(ABSENT, 1.0))
    ringing = asyncio.create_task(bell.run())
    for _ in range(1_000):
        bell.ring()
    await asyncio.sleep(0.05)
    ringing.cancel()
    await asyncio.wait([ringing])
    await bell.close()


async def test_arq_comes_back_with_redis(tmp_path: Path) -> None:
    """Its worker ends whenever Redis goes away, and hears the bell again when Redis is back."""
    heard = asyncio.Event()

    async def hear() -> None:
        heard.set()

    async def do_chore(_name: str) -> None:
        """Nothing to do."""

    with own_redis(tmp_path) as own:
        side = ArqSide(own.start(), 1.0, on_ring=(DELIVER_JOB, hear), do_chore=do_chore)
        running = asyncio.create_task(side.run())
        await _ring_until_heard(side.redis_url, heard)
        own.kill()
        await asyncio.sleep(0.2)
        own.start()
        await _ring_until_heard(side.redis_url, heard)
        running.cancel()
        await asyncio.wait([running])


async def test_cron_knocks_at_the_timers_chores(redis_url: str) -> None:
    """What arq's cron runs is what the timer does, under the same names."""
    done: list[str] = []

    async def do_chore(name: str) -> None:
        done.append(name)

    async def hear() -> None:
        """Nobody rings."""

    side = ArqSide(redis_url, 1.0, on_ring=(DELIVER_JOB, hear), do_chore=do_chore)
    for job in side.cron_jobs():
        await job.coroutine({})

    daily = [PARTITIONS, SWEEP]
    assert done == [LAPSE, PROGRAMS, PERIODS, RELEASE, EXPIRE, NOTIFY, REVIEW, *daily]


async def _ring_until_heard(url: str, heard: asyncio.Event) -> None:
    heard.clear()
    bell = ArqBell(connect(url, 1.0))
    ringing = asyncio.create_task(bell.run())

    async def was_heard() -> bool:
        bell.ring()
        await asyncio.sleep(0.05)
        return heard.is_set()

    await eventually(was_heard)
    ringing.cancel()
    await asyncio.wait([ringing])
    await bell.close()
