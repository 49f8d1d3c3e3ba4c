"""The deliver loop: claims what is due, sends it, and writes down how it ended."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from gateway.services.cards.coalescing import Coalescer
from gateway.storage.queues.deliveries import Delivery, DeliveryQueue, Verdict
from gateway.storage.queues.turns import FIRST
from gateway.storage.unit import Units
from workers.alarm import Alarm
from workers.channels.apns.request import Push
from workers.channels.base import (
    Channel,
    Delivered,
    Gone,
    Outcome,
    Permanent,
    Temporary,
    Unclassified,
)
from workers.reactions import ATTEMPTS_MAX, SENDER_STOPPED, Attempt, react

# Longer than reading a token, sending and writing the end take at their longest.
LEASE = timedelta(seconds=30)
SEND_SECONDS_MAX = 12.0
POLL_SECONDS = 1.0
PAUSE_SECONDS = 1.0
GRACE_SECONDS_MAX = 12.0

NOBODY_THERE = Verdict(state="done", reason="NobodyThere")
WORN_OUT = Verdict(state="dead", reason="AttemptsUsedUp")
RELEASED = Verdict(state="waiting", reason="Released", counted=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the loop delivers with: clock, ids and lots are given, so that tests can."""

    queue: DeliveryQueue
    units: Units
    channel: Channel[Push]
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    lot: Callable[[], float] = random.random


class Deliverer:
    """Makes the deliveries of all merchants, `concurrency` at once, until it is stopped.

    Level-triggered: a delivery names a device, and where to push to is looked up when it is
    sent. Reading tokens and writing ends are shared by all that are under way.
    """

    def __init__(self, tools: Tools, concurrency: int) -> None:
        """Take the tools, and how many deliveries may be under way at once."""
        self._tools = tools
        self._concurrency = concurrency
        self._tokens: Coalescer[Delivery, str | None] = Coalescer(self._look_up)
        self._ends: Coalescer[tuple[Delivery, Verdict], bool] = Coalescer(self._write)
        self._under_way: dict[asyncio.Task[None], Delivery] = {}
        self._alarm = Alarm()
        self._after = FIRST
        self._stopped: set[str] = set()
        self._log = structlog.get_logger()

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
            room = self._concurrency - len(self._under_way)
            if room == 0:
                return
            began_after = self._after
            claimed, self._after = await self._tools.queue.claim(
                self._tools.new_id(), LEASE, rows=room, after=began_after
            )
            for delivery in claimed:
                self._start(delivery)
            if not claimed and began_after == self._after == FIRST:
                return

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
        token = await self._tokens.ask(delivery)
        if token is None:
            return NOBODY_THERE
        outcome = await self._send(Push(delivery.id, delivery.topic, token))
        attempt = Attempt(delivery.attempts, self._tools.now(), self._tools.lot())
        verdict = react(outcome, attempt)
        self._tell(delivery, outcome, verdict)
        if isinstance(outcome, Permanent) and isinstance(outcome.follow_up, Gone):
            await self._forget(delivery, token, outcome.follow_up)
            if await self._tokens.ask(delivery) is not None:
                # Registered again since: whoever that is has not been told yet.
                return react(Temporary(outcome.reason), attempt)
        return verdict

    async def _send(self, push: Push) -> Outcome:
        """Send outside of any transaction, for less time than the lease lasts."""
        try:
            async with asyncio.timeout(SEND_SECONDS_MAX):
                return await self._tools.channel.send(push)
        except TimeoutError:
            return Temporary("NoAnswerInTime")
        except Exception as error:  # noqa: BLE001 -- a channel answers in outcomes; this is a bug
            return Unclassified(type(error).__name__)

    async def _forget(self, delivery: Delivery, token: str, gone: Gone) -> None:
        """Forget the devices with a dead token, unless they registered again since."""
        async with self._tools.units(delivery.merchant_id) as unit:
            forgotten = await unit.devices.forget(delivery.topic, token, gone.before)
        self._log.info("devices_forgotten", topic=delivery.topic, devices=forgotten)

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

    async def _look_up(self, sent: Sequence[Delivery]) -> list[str | None]:
        """Return the current push token for each delivery; None when nobody is there any more."""
        tokens: dict[tuple[UUID, str, str], str] = {}
        for merchant_id in {delivery.merchant_id for delivery in sent}:
            mine = [delivery for delivery in sent if delivery.merchant_id == merchant_id]
            async with self._tools.units(merchant_id) as unit:
                found = await unit.deliveries.push_tokens(mine)
            tokens |= {(merchant_id, *address): token for address, token in found.items()}
        return [tokens.get((each.merchant_id, each.topic, each.target)) for each in sent]

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
            released = [(delivery, RELEASED) for delivery in left.values()]
            await self._tools.queue.conclude(released)
            self._log.warning("deliveries_released", count=len(released))
