"""How long after a stamp is committed APNs has accepted the push, with a worker that idles.

The stamping side, the worker and the stand-in for APNs share one process; PostgreSQL keeps every
commit safe on disk as in production.
"""

import asyncio
import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg
import structlog
import uvloop

from gateway.resources import now
from gateway.storage import roles
from gateway.storage.migrating import migrate
from sandbox import servers
from sandbox.certificates import write_development_chain
from sandbox.installation import DATABASE, role_url
from tests.database import Database
from tests.wallets import OTHER_PASS_TYPE, PASS_TYPE, open_cafe, opened
from tests.workers.stages import Stage, apns_of

STAMPS = 100
WARM_UP = 5
PAUSE_SECONDS = 0.1
PUSH_SECONDS_MAX = 10.0
PASSWORDS = roles.RolePasswords(owner="owner", app="app", worker="worker")


async def measure() -> dict[str, float]:
    """Return milliseconds from commit to push accepted: the median, p95 and the most."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="passgate-latency-") as folder:
        async with _stage(Path(folder)) as stage, stage.worker():
            card = await stage.card()
            seconds = [await _one(stage, card) for _ in range(WARM_UP + STAMPS)][WARM_UP:]
    milliseconds = sorted(1_000 * each for each in seconds)
    return {
        "stamps": STAMPS,
        "commit_to_push_ms_median": round(statistics.median(milliseconds), 1),
        "commit_to_push_ms_p95": round(milliseconds[int(STAMPS * 0.95)], 1),
        "commit_to_push_ms_most": round(milliseconds[-1], 1),
    }


async def _one(stage: Stage, card: UUID) -> float:
    accepted = asyncio.Event()
    stage.apns.on_push(lambda _topic, _token: accepted.set())
    await asyncio.sleep(PAUSE_SECONDS)
    await stage.shop.stamp(card)
    committed = time.perf_counter()
    async with asyncio.timeout(PUSH_SECONDS_MAX):
        await accepted.wait()
    return time.perf_counter() - committed


@asynccontextmanager
async def _stage(folder: Path) -> AsyncIterator[Stage]:
    chain = write_development_chain(folder / "apple", [PASS_TYPE, OTHER_PASS_TYPE], now())
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(servers.postgres(folder / "postgres"))
        valkey = stack.enter_context(servers.valkey(folder / "valkey"))
        database = await _database(postgres.dsn())
        sql = await asyncpg.connect(database.superuser_dsn)
        stack.push_async_callback(sql.close)
        apns = await stack.enter_async_context(apns_of(chain))
        shop = await open_cafe(await stack.enter_async_context(opened(database, chain)))
        yield Stage(database, chain, shop, apns, valkey.url, sql)


async def _database(superuser_url: str) -> Database:
    await roles.prepare_database(superuser_url, DATABASE, PASSWORDS)
    owner_url = role_url(superuser_url, roles.OWNER, PASSWORDS.owner)
    await migrate(owner_url)
    return Database(
        name=DATABASE,
        superuser_dsn=f"{superuser_url.rpartition('/')[0]}/{DATABASE}",
        owner_dsn=owner_url,
        app_dsn=role_url(superuser_url, roles.APP, PASSWORDS.app),
        worker_dsn=role_url(superuser_url, roles.WORKER, PASSWORDS.worker),
    )


if __name__ == "__main__":
    json.dump(uvloop.run(measure()), sys.stdout, indent=2)
