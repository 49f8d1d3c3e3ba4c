"""The arq side: hears the bell and the cron, comes back when Redis does, and may be absent."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from typing import Any

import structlog
from arq import ArqRedis, Worker, cron, func
from arq.cron import CronJob
from arq.typing import WorkerCoroutine
from arq.worker import Function
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError, ResponseError

from workers.endable import endable
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

POLL_SECONDS = 0.05
JOB_SECONDS_MAX = 60
PAUSE_SECONDS_FIRST = 0.5
PAUSE_SECONDS_MAX = 15.0
STEADY_SECONDS = 30.0
CLOSE_SECONDS_MAX = 2.0
NOTHING_IS_EVICTED = "noeviction"

Job = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ArqSide:
    """What arq sets off: what to do when the bell rings, and when a chore is due."""

    redis_url: str
    seconds_max: float
    on_ring: tuple[str, Job]
    do_chore: Callable[[str], Awaitable[None]]

    async def run(self) -> None:
        """Keep an arq worker running until cancelled; it ends whenever Redis goes away."""
        clock = asyncio.get_running_loop().time
        pause = PAUSE_SECONDS_FIRST
        while True:
            began = clock()
            try:
                await self._run_once()
            except Exception as error:  # noqa: BLE001 -- whatever ended it, the loops beside it go on
                structlog.get_logger().warning("arq_worker_ended", error=type(error).__name__)
            if clock() - began > STEADY_SECONDS:
                pause = PAUSE_SECONDS_FIRST
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_SECONDS_MAX)

    async def _run_once(self) -> None:
        redis = connect(self.redis_url, self.seconds_max)
        worker = arq_worker(redis, [self._bell()], self.cron_jobs())
        try:
            await endable(check_policy(redis))
            await endable(worker.main())
        finally:
            await _close(worker, redis)

    def _bell(self) -> Function:
        name, do = self.on_ring
        return func(_job(name, do), name=name)

    def cron_jobs(self) -> Sequence[CronJob]:
        """Knock at the timer's chores at the same minute everywhere; one worker hears each."""
        return [
            cron(self._knock(LAPSE), name=LAPSE, second=0),
            cron(self._knock(PROGRAMS), name=PROGRAMS, second=0),
            cron(self._knock(PERIODS), name=PERIODS, second=0),
            cron(self._knock(RELEASE), name=RELEASE, second=0),
            cron(self._knock(EXPIRE), name=EXPIRE, second=0),
            cron(self._knock(NOTIFY), name=NOTIFY, minute=5, second=0),
            cron(self._knock(REVIEW), name=REVIEW, minute=10, second=0),
            cron(self._knock(PARTITIONS), name=PARTITIONS, hour=2, minute=10, second=0),
            cron(self._knock(SWEEP), name=SWEEP, hour=2, minute=20, second=0),
        ]

    def _knock(self, chore: str) -> WorkerCoroutine:
        return _job(chore, partial(self.do_chore, chore))


def _job(name: str, do: Job) -> WorkerCoroutine:
    async def job(ctx: dict[Any, Any], *_: object, **__: object) -> None:  # noqa: ARG001 -- arq's name
        await do()

    job.__qualname__ = name
    return job


def connect(url: str, seconds_max: float) -> ArqRedis:
    """Return a connection on which nothing waits longer than `seconds_max`; opens lazily."""
    pool: ConnectionPool = ConnectionPool.from_url(
        url, socket_timeout=seconds_max, socket_connect_timeout=seconds_max
    )
    redis = ArqRedis(pool, job_serializer=_to_json, job_deserializer=json.loads)
    # A pool that was handed in stays open at `aclose` unless told otherwise.
    redis.auto_close_connection_pool = True
    return redis


def arq_worker(
    redis: ArqRedis, functions: Sequence[Function], cron_jobs: Sequence[CronJob]
) -> Worker:
    """Return a worker that keeps nothing, repeats nothing and unpickles nothing."""
    return Worker(
        functions,
        redis_pool=redis,
        queue_name=redis.default_queue_name,
        cron_jobs=cron_jobs,
        handle_signals=False,
        poll_delay=POLL_SECONDS,
        job_timeout=JOB_SECONDS_MAX,
        max_tries=1,
        retry_jobs=False,
        keep_result=0,
        log_results=False,
        allow_abort_jobs=False,
        job_serializer=_to_json,
        job_deserializer=json.loads,
        timezone=UTC,
    )


async def check_policy(redis: ArqRedis) -> bool:
    """Alert when Redis may evict keys: then rings and cron vanish without a word.

    A Redis that does not let us ask, as some hosted ones, gets the benefit of the doubt.
    """
    try:
        found: Mapping[str, str] = await redis.config_get("maxmemory-policy")
    except ResponseError as refused:
        structlog.get_logger().warning("redis_policy_unknown", error=type(refused).__name__)
        return True
    policies = {_text(name): _text(value) for name, value in found.items()}
    policy = policies.get("maxmemory-policy", NOTHING_IS_EVICTED)
    if policy != NOTHING_IS_EVICTED:
        structlog.get_logger().error(
            "redis_evicts", policy=policy, wanted=NOTHING_IS_EVICTED, setting="maxmemory-policy"
        )
    return policy == NOTHING_IS_EVICTED


async def _close(worker: Worker, redis: ArqRedis) -> None:
    """Let jobs end, which is a matter of moments, and hang up."""
    jobs = list(worker.tasks.values())
    if jobs:
        await asyncio.wait(jobs, timeout=CLOSE_SECONDS_MAX)
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    try:
        async with asyncio.timeout(CLOSE_SECONDS_MAX):
            await redis.aclose()
    except (RedisError, OSError, TimeoutError) as error:
        structlog.get_logger().info("redis_not_closed", error=type(error).__name__)


def _to_json(job: dict[str, Any]) -> bytes:
    return json.dumps(job).encode()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
