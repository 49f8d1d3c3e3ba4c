"""The deliver loop: claims what is due on one channel, has it sent, and writes how it ended."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic
from uuid import UUID

import structlog

from gateway.services.cards.coalescing import Coalescer
from gateway.storage.queues.delivery_queue import (
    INTERRUPTED,
    Delivery,
    DeliveryQueue,
    Lease,
    Verdict,
)
from gateway.storage.queues.turns import FIRST
from workers.alarm import Alarm
from workers.channels.base import Ambiguous, Delivered, Outcome, Unclassified
from workers.couriers.base import Courier, Ended, Parcel
from workers.reactions import ATTEMPTS_MAX, SENDER_STOPPED, Attempt

# What looking up, settling and writing the end take at their longest, beside the sending.
LEASE_MARGIN_SECONDS = 18.0
POLL_SECONDS = 1.0
PAUSE_SECONDS = 1.0
# Places that become free one by one are filled together, a quarter of them or what there is after
# a moment: a claim, a look-up and a settlement cost about as much for one delivery as for twenty.
GATHER_SECONDS, GATHER_LOOKS_MAX = 0.01, 5
GATHER_PART = 4
GRACE_SECONDS_MAX = 12.0

WORN_OUT = Verdict(state="dead", reason="AttemptsUsedUp")
RELEASED = Verdict(state="waiting", reason="Released", counted=False)
CUT_OFF = Verdict(state="waiting", reason=INTERRUPTED, counted=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every loop delivers with: clock, ids and lots are given, so that tests can."""

    queue: DeliveryQueue
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    lot: Callable[[], float] = random.random


class Deliverer(Generic[Parcel]):
    """Makes one channel's deliveries for all merchants, `concurrency` at once, until stopped.

    Each channel has a loop of its own: a provider that is slow or away holds up no other. Looking
    up, settling and writing ends are shared by all that are under way.
    """

    def __init__(self, tools: Tools, courier: Courier[Parcel], concurrency: int) -> None:
        """Take the tools, the channel's courier, and how many may be under way at once."""
        self._tools = tools
        self._courier = courier
        self._concurrency = concurrency
        self._parcels: Coalescer[Delivery, Parcel | Verdict] = Coalescer(courier.look_up)
        self._settlements: Coalescer[Ended[Parcel], Verdict] = Coalescer(courier.settle)
        self._ends: Coalescer[tuple[Delivery, Verdict], bool] = Coalescer(self._write)
        self._under_way: dict[asyncio.Task[None], Delivery] = {}
        self._sending: set[UUID] = set()
        self._alarm = Alarm()
        self._after = FIRST
        self._stopped: set[str] = set()
        self._log = structlog.get_logger().bind(channel=courier.channel)

    def wake(self) -> None:
        """Look now instead of at the next poll."""
        self._alarm.ring()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop`, then finish what is under way and give the rest back."""
        try:
            while not stop.is_set():
                try:
                    await self._claim_waiting(stop)
                    await self._alarm.wait(POLL_SECONDS)
                except Exception as error:  # noqa: BLE001 -- the world comes back, and rows wait
                    self._log.warning("deliver_interrupted", error=type(error).__name__)
                    await asyncio.sleep(PAUSE_SECONDS)
        finally:
            await self._finish()

    async def _claim_waiting(self, stop: asyncio.Event) -> None:
        """Start what is due, merchant by merchant in turns, as far as there is room."""
        while not stop.is_set():
            room = await self._room()
            if room == 0:
                return
            began_after = self._after
            claimed, self._after = await self._tools.queue.claim(
                self._courier.channel, self._lease(), rows=room, after=began_after
            )
            for delivery in claimed:
                self._start(delivery)
            if not claimed and began_after == self._after == FIRST:
                return

    async def _room(self) -> int:
        """Return how many places are free, where they are few after a moment for more."""
        for _ in range(GATHER_LOOKS_MAX):
            if not 0 < self._free < self._concurrency // GATHER_PART:
                break
            await asyncio.sleep(GATHER_SECONDS)
        return self._free

    @property
    def _free(self) -> int:
        return self._concurrency - len(self._under_way)

    def _lease(self) -> Lease:
        seconds = self._courier.seconds_max + LEASE_MARGIN_SECONDS
        return Lease(self._tools.new_id(), timedelta(seconds=seconds))

    def _start(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._deliver(delivery))
        self._under_way[task] = delivery
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if len(self._under_way) == self._concurrency:
            self._alarm.ring()
        del self._under_way[task]
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # The lease runs out, and somebody takes it up again.
            self._log.error("delivery_failed", error=type(error).__name__)

    async def _deliver(self, delivery: Delivery) -> None:
        """Take one delivery to its end, or to its next try."""
        verdict = await self._attempt(delivery)
        if not await self._ends.ask((delivery, verdict)):
            self._log.warning("lease_lost", delivery=str(delivery.id), topic=delivery.topic)

    async def _attempt(self, delivery: Delivery) -> Verdict:
        if delivery.attempts > ATTEMPTS_MAX:
            return WORN_OUT
        parcel = await self._parcels.ask(delivery)
        if isinstance(parcel, Verdict):
            return parcel
        self._sending.add(delivery.id)
        outcome = await self._send(parcel)
        self._sending.discard(delivery.id)
        attempt = Attempt(delivery.attempts, self._tools.now(), self._tools.lot())
        verdict = self._courier.react(outcome, attempt)
        self._tell(delivery, outcome, verdict)
        return await self._settlements.ask(Ended(delivery, parcel, outcome, verdict, attempt))

    async def _send(self, parcel: Parcel) -> Outcome:
        """Send outside of any transaction, for less time than the lease lasts."""
        try:
            async with asyncio.timeout(self._courier.seconds_max):
                return await self._courier.send(parcel)
        except TimeoutError:
            return Ambiguous("NoAnswerInTime")
        except Exception as error:  # noqa: BLE001 -- a channel answers in outcomes; this is a bug
            return Unclassified(type(error).__name__)

    def _tell(self, delivery: Delivery, outcome: Outcome, verdict: Verdict) -> None:
        """Log what somebody should look at; never where to it went, only what for."""
        about = {"delivery": str(delivery.id), "topic": delivery.topic}
        if isinstance(outcome, Unclassified):
            self._log.error("delivery_unclassified", why=outcome.reason, **about)
        elif verdict.state == "dead":
            self._log.error("delivery_dead", why=verdict.reason, **about)
        elif isinstance(outcome, Delivered):
            self._stopped.discard(delivery.topic)
        elif verdict.reason == SENDER_STOPPED and delivery.topic not in self._stopped:
            self._stopped.add(delivery.topic)
            self._log.error("sender_stopped", why=outcome.reason, **about)

    async def _write(self, ended: Sequence[tuple[Delivery, Verdict]]) -> list[bool]:
        ours = await self._tools.queue.conclude(ended)
        outcomes = Counter(verdict.reason for _, verdict in ended)
        self._log.info("deliveries_ended", outcomes=dict(outcomes))
        return ours

    async def _finish(self) -> None:
        """Wait for what is under way, then give back what is not done, uncounted."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE_SECONDS_MAX)
        left = dict(self._under_way)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
            released = [
                (each, CUT_OFF if each.id in self._sending else RELEASED) for each in left.values()
            ]
            await self._tools.queue.conclude(released)
            self._log.warning("deliveries_released", count=len(released))
