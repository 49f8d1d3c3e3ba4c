"""The worker process: everything that happens after a commit, until it is asked to stop."""

import asyncio
import signal

import structlog

from gateway.resources import Resources, new_id, now, open_resources
from gateway.services.ledger.signing import Signer
from gateway.settings import Settings
from gateway.storage.queues.delivery_queue import DeliveryQueue
from gateway.storage.queues.housekeeping import Housekeeping
from gateway.storage.server.listening import listen
from workers.arq_side import ArqSide, connect
from workers.campaigns import Pump
from workers.couriers.apns import ApnsCourier
from workers.deliveries import Deliverer, Tools
from workers.jobs.auditing import Auditor
from workers.jobs.chores import Timer, all_chores
from workers.metrics import Metrics, served
from workers.outlets import Outlets, open_outlets
from workers.reactions import SENDER_STOPPED
from workers.relay import DELIVER_JOB, ArqBell, Outside, Relay

CREDENTIALS_LOOK_SECONDS = 10.0


async def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then finish what is being sent."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run_worker(settings, stop)


async def run_worker(settings: Settings, stop: asyncio.Event) -> None:
    """Work until `stop`.

    The relay, the pump and the deliver loops end in good order; all else only wakes them or can
    be done later, and is cancelled.
    """
    log = structlog.get_logger()
    async with (
        open_resources(settings, url=settings.worker_database_url) as resources,
        open_outlets(resources) as outlets,
    ):
        log.info("worker_started")
        process = Process(resources, outlets)
        with served(process.metrics, settings.metrics_host, settings.metrics_port):
            await process.run(stop)
    log.info("worker_stopped")


class Process:
    """The loops of one worker process and who wakes whom."""

    def __init__(self, resources: Resources, outlets: Outlets) -> None:
        """Wire the loops to what is open already; nothing starts yet."""
        settings, database = resources.settings, resources.database
        self._outlets = outlets
        self._listening = settings.worker_database_url
        self._queue = DeliveryQueue(database.engine)
        self.metrics = Metrics()
        auditor = Auditor(database, Signer.of(resources.keys.checkpoints), self.metrics, now)
        chores = all_chores(database, new_id, auditor, outlets.pictures.fetch)
        self._timer = Timer(chores, Housekeeping(database.engine))
        tools = Tools(queue=self._queue, now=now, new_id=new_id)
        self.deliverers = [
            Deliverer(tools, courier, concurrency) for courier, concurrency in outlets.couriers
        ]
        self._bell = ArqBell(connect(settings.redis_url, settings.redis_seconds_max))
        outside = Outside(settings.public_url, has_stream=settings.nats_url is not None)
        rings = (self._wake, self._bell.ring)
        self.relay = Relay(database, new_id, rings, outside, resources.keys.experiments)
        self.pump = Pump(database, new_id, now, self._wake)
        self._arq = ArqSide(
            settings.redis_url,
            settings.redis_seconds_max,
            on_ring=(DELIVER_JOB, self._hear),
            do_chore=self._timer.do,
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Run everything until `stop`; a loop that ends by itself is a bug and ends us all."""
        beside = [
            asyncio.create_task(loop)
            for loop in (
                listen(self._listening, self.relay.wake),
                self._timer.run(),
                self._arq.run(),
                self._bell.run(),
                self._watch_credentials(),
            )
        ]
        first = [
            asyncio.create_task(loop)
            for loop in (
                self.relay.run(stop),
                self.pump.run(stop),
                *(deliverer.run(stop) for deliverer in self.deliverers),
                stop.wait(),
            )
        ]
        try:
            await asyncio.wait([*beside, *first], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.set()
            self.relay.wake()
            self.pump.wake()
            self._wake()
            results = await asyncio.gather(*first, return_exceptions=True)
            results += await _cancelled(beside)
            await self._bell.close()
        for result in results:
            if isinstance(result, Exception):
                raise result

    def _wake(self) -> None:
        for deliverer in self.deliverers:
            deliverer.wake()

    async def _hear(self) -> None:
        self._wake()

    async def _watch_credentials(self) -> None:
        """Take up a pass type's new certificate, and what waited for it, within seconds."""
        while True:
            await asyncio.sleep(CREDENTIALS_LOOK_SECONDS)
            try:
                await self._renew_credentials()
            except Exception as error:  # noqa: BLE001 -- what waits is tried again by itself
                structlog.get_logger().warning("renewal_failed", error=type(error).__name__)

    async def _renew_credentials(self) -> None:
        for pass_type in await self._outlets.apple_credentials.changed():
            structlog.get_logger().info("credentials_renewed", topic=pass_type)
            await self._outlets.apns.renew(pass_type)
            await self._queue.hasten(ApnsCourier.channel, pass_type, SENDER_STOPPED)
            self._wake()


async def _cancelled(tasks: list[asyncio.Task[None]]) -> list[BaseException | None]:
    for task in tasks:
        task.cancel()
    return await asyncio.gather(*tasks, return_exceptions=True)
