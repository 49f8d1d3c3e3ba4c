"""Webhook deliveries per second, from rows that wait until all ends are written.

Everything the worker does is done, in this process: rows are claimed under a lease, messages and
endpoints looked up, secrets opened, bodies signed and posted, the delivery log and the end of
each delivery written. Beside it, a bare client posts the same bodies to the same receiver.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import aiohttp

from benchmarks.bare import bare_server
from benchmarks.installation import installed
from benchmarks.shop import ORIGIN, open_shop
from benchmarks.turns import Figures, take_turns
from gateway.domain.people import Principal
from gateway.presenters.cloud_events import Occurrence, cloud_event
from gateway.resources import Resources, new_id, now
from gateway.services.webhooks.endpoints import EndpointWish, add_endpoint
from gateway.services.webhooks.office import Keeper
from gateway.storage.events.webhook_endpoints import ENDPOINTS_MAX
from gateway.storage.events.webhook_messages import WebhookMessage
from gateway.storage.queues.deliveries import Wanted
from gateway.storage.queues.delivery_queue import DeliveryQueue
from workers.channels.webhook.channel import CONNECTIONS_MAX, WebhookChannel
from workers.couriers.webhook import AT_ONCE_PER_ENDPOINT_MAX, Signing, WebhookCourier
from workers.deliveries import Deliverer, Tools

TURNS = 3
CARDS = 10
DELIVERIES = 3_000
EVENT = "loyalty.card.stamped"
LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Office:
    """A merchant's endpoints at one receiver, and a worker's resources."""

    resources: Resources
    merchant_id: UUID
    receiver: str
    endpoints: list[UUID]

    def body(self) -> bytes:
        """Write a message as the planning does."""
        data = {"card_id": new_id().hex, "transaction_id": new_id().hex, "balance": 7}
        fact = Occurrence(
            id=new_id(),
            merchant_id=self.merchant_id,
            type=EVENT,
            data=data,
            announced_at=now(),
        )
        return cloud_event(fact, "https://cards.example.com")


async def measure() -> Figures:
    """Return deliveries per second to many endpoints and to one, and ratios to the client."""
    async with _office() as office:
        rates = await take_turns(
            {
                "bare": lambda: _bare_rate(office),
                "many": lambda: _rate(office, office.endpoints),
                "one": lambda: _rate(office, office.endpoints[:1]),
            },
            TURNS,
        )
    return {
        "bare_client_per_second": rates.median("bare"),
        "to_20_endpoints_per_second": rates.median("many"),
        "to_one_endpoint_per_second": rates.median("one"),
        "ratio_to_bare_client": rates.ratio("many", "bare"),
    }


@asynccontextmanager
async def _office() -> AsyncIterator[Office]:
    with tempfile.TemporaryDirectory(prefix="passgate-bench-") as folder:
        async with (
            bare_server(Path(folder)) as receiver,
            installed(WEBHOOK_ALLOW=urlsplit(receiver).netloc) as here,
            here.opened() as web,
            here.opened(as_worker=True) as resources,
        ):
            shop = await open_shop(web, here, cards=CARDS)
            endpoints = await _endpoints(web, shop.principal, receiver)
            yield Office(resources, shop.principal.merchant_id, receiver, endpoints)


async def _endpoints(resources: Resources, principal: Principal, receiver: str) -> list[UUID]:
    keeper = Keeper(principal=principal, origin=ORIGIN, office=resources.webhooks)
    wish = EndpointWish(url=receiver, events=(EVENT,))
    async with resources.units(principal.merchant_id) as unit:
        added = [await add_endpoint(unit, wish, keeper) for _ in range(ENDPOINTS_MAX)]
    return [endpoint.id for endpoint, _ in added]


async def _rate(office: Office, endpoints: list[UUID]) -> float:
    """Plan deliveries, then measure how long a deliver loop takes for all of them."""
    await _plan(office, endpoints)
    resources, channel = office.resources, WebhookChannel(local=office.resources.webhooks.local)
    signing = Signing(safe=resources.webhooks.safe, now=now, new_id=new_id)
    courier = WebhookCourier(resources.units, channel, signing)
    queue = DeliveryQueue(resources.database.engine)
    deliverer = Deliverer(
        Tools(queue=queue, now=now, new_id=new_id), courier, concurrency=CONNECTIONS_MAX
    )
    stop, began = asyncio.Event(), time.perf_counter()
    running = asyncio.create_task(deliverer.run(stop))
    while await _waiting(office):  # noqa: ASYNC110 -- the rows tell, and nobody else
        await asyncio.sleep(LOOK_SECONDS)
    seconds = time.perf_counter() - began
    stop.set()
    deliverer.wake()
    await running
    await channel.close()
    return DELIVERIES / seconds


async def _plan(office: Office, endpoints: list[UUID]) -> None:
    messages = [
        WebhookMessage(id=new_id(), type=EVENT, body=office.body()) for _ in range(DELIVERIES)
    ]
    wanted = [
        Wanted(
            id=new_id(),
            event_id=message.id,
            channel=WebhookCourier.channel,
            topic=str(endpoints[number % len(endpoints)]),
            target=str(message.id),
        )
        for number, message in enumerate(messages)
    ]
    async with office.resources.units(office.merchant_id) as unit:
        await unit.webhook_messages.add(messages, unit.now)
        await unit.deliveries.plan(wanted, unit.now)


async def _waiting(office: Office) -> bool:
    found = await office.resources.database.pool.fetch(
        "SELECT FROM deliveries WHERE channel = 'webhook' AND state = 'waiting' LIMIT 1"
    )
    return bool(found)


async def _bare_rate(office: Office) -> float:
    waiting = iter([office.body() for _ in range(DELIVERIES)])
    headers = {"Content-Type": "application/cloudevents+json"}

    async def sender(session: aiohttp.ClientSession) -> None:
        for body in waiting:
            async with session.post(office.receiver, data=body, headers=headers) as response:
                await response.read()
                assert response.ok

    at_once = ENDPOINTS_MAX * AT_ONCE_PER_ENDPOINT_MAX
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=connector) as session:
        began = time.perf_counter()
        await asyncio.gather(*(sender(session) for _ in range(at_once)))
        return DELIVERIES / (time.perf_counter() - began)
