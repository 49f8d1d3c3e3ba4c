"""The chores and how often each is due; a timer does them, and a cron that knocks earlier."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from gateway.storage.database import Database
from gateway.storage.queues.due_pictures import DuePictures
from gateway.storage.queues.due_programs import DuePrograms
from gateway.storage.queues.housekeeping import Housekeeping
from workers.jobs.auditing import Auditor
from workers.jobs.balances import Balances
from workers.jobs.lapsing import lapse_reservations
from workers.jobs.pictures import Fetch, fetch_pictures
from workers.jobs.programs import advance_programs, turn_programs

LAPSE, PARTITIONS, SWEEP = "lapse_reservations", "make_partitions", "sweep"
PROGRAMS, PERIODS = "advance_programs", "turn_periods"
PICTURES = "fetch_pictures"
RELEASE, EXPIRE = "release_points", "expire_points"
NOTIFY, REVIEW = "notify_of_expiry", "review_tiers"
EXAMINE, CHECKPOINT = "examine_books", "sign_checkpoints"
EACH_QUARTER, EACH_HOUR = timedelta(minutes=15), timedelta(hours=1)
EACH_MINUTE, EACH_DAY = timedelta(minutes=1), timedelta(days=1)
LOOK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do once in a while; it returns how much there was to do."""

    every: timedelta
    do: Callable[[], Awaitable[int]]


def all_chores(
    database: Database, new_id: Callable[[], UUID], auditor: Auditor, fetch: Fetch
) -> Mapping[str, Chore]:
    """Return what there is to do, by name; `fetch` gets pictures of rewards."""
    keeping = Housekeeping(database.engine)
    balances = Balances(database, new_id)

    async def lapse() -> int:
        return await lapse_reservations(keeping, database.units, new_id)

    async def sweep() -> int:
        swept = await keeping.sweep_idempotency_keys()
        swept += await keeping.sweep_facts()
        swept += await keeping.sweep_google()
        swept += await keeping.sweep_webhooks()
        swept += await keeping.sweep_messages()
        return swept + await keeping.sweep_sessions()

    async def advance() -> int:
        return await advance_programs(DuePrograms(database.engine), database.units, new_id)

    async def turn() -> int:
        return await turn_programs(DuePrograms(database.engine), database.units)

    async def picture() -> int:
        return await fetch_pictures(DuePictures(database.engine), database.units, fetch)

    return {
        LAPSE: Chore(EACH_MINUTE, lapse),
        PROGRAMS: Chore(EACH_MINUTE, advance),
        PERIODS: Chore(EACH_MINUTE, turn),
        RELEASE: Chore(EACH_MINUTE, balances.release),
        EXPIRE: Chore(EACH_MINUTE, balances.expire),
        PICTURES: Chore(EACH_MINUTE, picture),
        NOTIFY: Chore(EACH_HOUR, balances.notify),
        REVIEW: Chore(EACH_HOUR, balances.review),
        EXAMINE: Chore(EACH_QUARTER, auditor.examine),
        CHECKPOINT: Chore(EACH_HOUR, auditor.sign),
        PARTITIONS: Chore(EACH_DAY, keeping.make_partitions),
        SWEEP: Chore(EACH_DAY, sweep),
    }


class Timer:
    """Does each chore at the start and whenever it is due.

    Every worker has one, and needs nothing but PostgreSQL; a lock keeps two from being at the
    same chore. Doing one twice does no harm, so nobody remembers who did what.
    """

    def __init__(self, chores: Mapping[str, Chore], keeping: Housekeeping) -> None:
        """Take the chores and the lock."""
        self._chores = chores
        self._keeping = keeping
        self._due = dict.fromkeys(chores, 0.0)
        self._log = structlog.get_logger()

    async def run(self) -> None:
        """Look what is due, until cancelled."""
        clock = asyncio.get_running_loop().time
        while True:
            for name in [name for name, due in self._due.items() if due <= clock()]:
                await self.do(name)
            await asyncio.sleep(LOOK_SECONDS)

    async def do(self, name: str) -> None:
        """Do a chore now, unless somebody is at it; a failure is told, and tried when next due."""
        chore = self._chores[name]
        self._due[name] = asyncio.get_running_loop().time() + chore.every.total_seconds()
        try:
            async with self._keeping.alone(name) as is_ours:
                if is_ours:
                    done = await chore.do()
                    self._log.info("chore_done", chore=name, count=done)
        except Exception as error:  # noqa: BLE001 -- the next chore and the next time come anyway
            self._log.error("chore_failed", chore=name, error=type(error).__name__)
