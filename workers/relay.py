"""The relay: turns facts into deliveries, and rings for the workers that make them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import structlog
from arq import ArqRedis

from gateway.storage.database import Database
from gateway.storage.queues.outbox import CLAIM_ROWS_MAX, Fact, merchants_with_facts
from gateway.storage.queues.turns import FIRST
from gateway.storage.unit import Unit
from workers.alarm import Alarm
from workers.consequences import follows
from workers.endable import endable
from workers.planning.campaigns import plan_trials
from workers.planning.endings import notices_of_ends
from workers.planning.google import plan_writes
from workers.planning.messages import plan_messages
from workers.planning.passes import change_looks, plan_pushes
from workers.planning.periods import turn_cards
from workers.planning.stream import plan_stream
from workers.planning.webhooks import plan_webhooks

DELIVER_JOB = "deliver"
POLL_SECONDS = 1.0
PAUSE_SECONDS = 1.0
RING_SECONDS_MAX = 1.0


class Bell(Protocol):
    """Wakes other workers; all it does may be lost, and none of it may be waited for."""

    def ring(self) -> None:
        """Ask for one ring; returns at once."""
        ...

    async def run(self) -> None:
        """Ring whenever asked, until cancelled."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


class ArqBell:
    """Rings by an arq job that says nothing: whoever takes it looks into the database."""

    def __init__(self, redis: ArqRedis) -> None:
        """Take a connection whose every call has a time limit."""
        self._redis = redis
        self._wanted = Alarm()

    def ring(self) -> None:
        """Ask for one ring; returns at once."""
        self._wanted.ring()

    async def run(self) -> None:
        """Ring whenever asked, until cancelled; a ring that does not get out is given up."""
        log = structlog.get_logger()
        while True:
            await self._wanted.wait()
            try:
                async with asyncio.timeout(RING_SECONDS_MAX):
                    # One id: rings that nobody has answered yet are one ring.
                    await endable(self._redis.enqueue_job(DELIVER_JOB, _job_id=DELIVER_JOB))
            except Exception as error:  # noqa: BLE001 -- a bell may fail in any way and must ring again
                log.warning("arq_bell_failed", error=type(error).__name__)

    async def close(self) -> None:
        """Hang up."""
        await self._redis.aclose()


@dataclass(frozen=True, slots=True)
class Outside:
    """Where programs outside find us, and whether there is an event stream for them."""

    site: str
    has_stream: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """What one turn of one merchant came to."""

    facts: int = 0
    deliveries: int = 0

    def __add__(self, other: "Planned") -> "Planned":
        """Count both."""
        return Planned(self.facts + other.facts, self.deliveries + other.deliveries)


class Relay:
    """Relays the facts of all merchants in turns, until it is stopped.

    A merchant's turn is one transaction: its passes are published, its deliveries written and
    its facts marked, or none of it. Several relays share the work; a fact is planned once.
    """

    def __init__(
        self,
        database: Database,
        new_id: Callable[[], UUID],
        rings: Sequence[Callable[[], None]],
        outside: Outside,
        experiment_key: bytes,
    ) -> None:
        """Take the database on the worker's role, and whom to wake when deliveries wait.

        With `experiment_key` it is drawn which variant of an experiment a card gets.
        """
        self._database = database
        self._new_id = new_id
        self._rings = rings
        self._outside = outside
        self._experiment_key = experiment_key
        self._alarm = Alarm()
        self._log = structlog.get_logger()

    def wake(self) -> None:
        """Look now instead of at the next poll."""
        self._alarm.ring()

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop`; look whenever woken, and each second by itself."""
        while not stop.is_set():
            try:
                await self.relay_waiting(stop)
                await self._alarm.wait(POLL_SECONDS)
            except Exception as error:  # noqa: BLE001 -- the world comes back, and the facts wait
                self._log.warning("relay_interrupted", error=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)

    async def relay_waiting(self, stop: asyncio.Event) -> None:
        """Give every merchant with waiting facts a turn, again and again until none waits."""
        after = FIRST
        while not stop.is_set():
            began_at = after
            merchants, after = await merchants_with_facts(self._database.engine, began_at)
            relayed = 0
            for merchant_id in merchants:
                relayed += await self._turn(merchant_id)
            if not relayed and after == FIRST:
                return

    async def _turn(self, merchant_id: UUID) -> int:
        """Relay a merchant's facts together; if they cannot be, find the one that cannot."""
        try:
            planned = await self._plan(merchant_id, CLAIM_ROWS_MAX)
        except Exception as error:  # noqa: BLE001 -- whatever it was, it is tried again one by one
            self._log.warning("relay_turn_failed", error=type(error).__name__)
            planned = await self._one_by_one(merchant_id)
        if planned.deliveries:
            for ring in self._rings:
                ring()
        return planned.facts

    async def _plan(self, merchant_id: UUID, rows: int) -> Planned:
        async with self._database.units(merchant_id) as unit:
            facts = await unit.outbox.claim(rows)
            if not facts:
                return Planned()
            deliveries = await self._follow(unit, facts)
            await unit.outbox.mark_relayed(facts, unit.now)
        self._log.info("facts_relayed", facts=len(facts), deliveries=deliveries)
        return Planned(len(facts), deliveries)

    async def _one_by_one(self, merchant_id: UUID) -> Planned:
        """Relay fact by fact; count what fails, so that it ends as dead and holds up nobody."""
        relayed = Planned()
        for _ in range(CLAIM_ROWS_MAX):
            async with self._database.units(merchant_id) as unit:
                facts = await unit.outbox.claim(rows=1)
            if not facts:
                break
            try:
                relayed += await self._plan_one(merchant_id, facts[0])
            except Exception as error:  # noqa: BLE001 -- any reason counts as a failed attempt
                await self._count(merchant_id, facts[0], error)
        return relayed

    async def _plan_one(self, merchant_id: UUID, fact: Fact) -> Planned:
        async with self._database.units(merchant_id) as unit:
            if not await unit.outbox.hold(fact):
                return Planned()
            deliveries = await self._follow(unit, [fact])
            await unit.outbox.mark_relayed([fact], unit.now)
        return Planned(1, deliveries)

    async def _count(self, merchant_id: UUID, fact: Fact, error: Exception) -> None:
        reason = type(error).__name__
        async with self._database.units(merchant_id) as unit:
            dead = await unit.outbox.mark_failed(fact, reason, unit.now)
        tell = self._log.error if dead else self._log.warning
        tell("fact_dead" if dead else "fact_failed", fact=str(fact.id), type=fact.type, why=reason)

    async def _follow(self, unit: Unit, facts: Sequence[Fact]) -> int:
        """Do what follows from the facts; return how many deliveries that takes.

        Cards are locked before their passes, as everywhere: two relays never wait in a circle.
        """
        follow = follows(facts)
        changed = await change_looks(unit, follow.looks, self._experiment_key)
        changed |= await turn_cards(unit, follow.turns)
        cards = follow.cards | changed
        notices = [*follow.notices, *await notices_of_ends(unit, follow.ends)]
        wanted = [
            *await plan_pushes(unit, cards, self._new_id),
            *await plan_writes(unit, follow, changed, self._new_id),
            *await plan_messages(unit, notices, self._new_id),
            *await plan_trials(unit, follow.trials, self._new_id),
            *await plan_webhooks(unit, facts, follow, self._outside.site, self._new_id),
            *(plan_stream(facts, self._new_id) if self._outside.has_stream else ()),
        ]
        return await unit.deliveries.plan(wanted, unit.now)
