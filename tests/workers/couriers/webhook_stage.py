"""A stage with receivers of webhooks, whose signatures the reference implementation judges."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks import Webhook

from gateway.domain.people import Origin, Permission, Principal
from gateway.presenters.webhook_signatures import secret_text
from gateway.services.webhooks.endpoints import EndpointWish, add_endpoint
from gateway.services.webhooks.office import Keeper
from gateway.storage.events.webhook_attempts import WebhookAttempt
from gateway.storage.events.webhook_endpoints import WebhookEndpoint
from tests.wallets import Cafe
from tests.workers.stages import Stage, eventually

HOST = "127.0.0.1"
STAMPED = "loyalty.card.stamped"


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """What tells repetitions."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """The CloudEvent."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def verify(self, secret: str) -> None:
        """Judge the signature and the moment as a receiver does."""
        Webhook(secret).verify(self.body, self.headers)


@dataclass(slots=True)
class Receiver:
    """Answers every request with `answer()`, once `gate` is open, and remembers what it got."""

    answer: Callable[[], web.Response] = web.Response
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    heard: list[Heard] = field(default_factory=list)
    present: int = 0
    present_most: int = 0
    server: TestServer = field(init=False)

    @property
    def place(self) -> str:
        """Its host and port."""
        return f"{HOST}:{self.server.port}"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.place}/hook"

    async def take(self, request: web.Request) -> web.Response:
        """Take a request."""
        heard = Heard(request.path, dict(request.headers), await request.read())
        self.heard.append(heard)
        self.present += 1
        self.present_most = max(self.present_most, self.present)
        try:
            await self.gate.wait()
        finally:
            self.present -= 1
        return self.answer()

    async def until_heard(self, times: int) -> list[Heard]:
        """Wait until so many requests came; return them."""

        async def enough() -> bool:
            return len(self.heard) >= times

        await eventually(enough)
        return self.heard


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Run a receiver that answers at once."""
    receiver = Receiver()
    receiver.gate.set()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.take)
    receiver.server = TestServer(app)
    await receiver.server.start_server()
    try:
        yield receiver
    finally:
        receiver.gate.set()
        await receiver.server.close()


@dataclass(frozen=True, slots=True)
class WebhookStage:
    """The stage, and a shop whose endpoints lead to receivers."""

    stage: Stage
    receiver: Receiver

    def keeper(self, receiver: Receiver | None = None, shop: Cafe | None = None) -> Keeper:
        """Return the shop's own software, which may point at a receiver here."""
        shop, receiver = shop or self.stage.shop, receiver or self.receiver
        local = frozenset({(HOST, receiver.server.port or 0)})
        return Keeper(
            principal=Principal(
                merchant_id=shop.merchant.id, name="key:1", permissions=frozenset(Permission)
            ),
            origin=Origin(source="test"),
            office=replace(shop.resources.webhooks, local=local),
        )

    async def endpoint(
        self,
        events: tuple[str, ...] = (STAMPED,),
        receiver: Receiver | None = None,
        shop: Cafe | None = None,
    ) -> tuple[WebhookEndpoint, str]:
        """Add an endpoint; return it with its secret as a receiver is given it."""
        shop, receiver = shop or self.stage.shop, receiver or self.receiver
        wish = EndpointWish(url=receiver.url, events=events)
        async with shop.resources.units(shop.merchant.id) as unit:
            endpoint, secret = await add_endpoint(unit, wish, self.keeper(receiver, shop))
        return endpoint, secret_text(secret)

    @asynccontextmanager
    async def worker(self, *receivers: Receiver) -> AsyncIterator[None]:
        """Run a worker that may reach the receivers, by default the shop's own."""
        places = ",".join(each.place for each in receivers or (self.receiver,))
        async with self.stage.worker(WEBHOOK_ALLOW=places):
            yield

    @contextmanager
    def doomed_worker(self) -> Iterator[None]:
        """Run a worker process that is killed at the end."""
        variables = self.stage.variables(WEBHOOK_ALLOW=self.receiver.place)
        with subprocess.Popen(
            [sys.executable, "-m", "workers"],
            env=os.environ | variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as doomed:
            try:
                yield
            finally:
                doomed.kill()

    async def stamp(self, times: int = 1) -> None:
        """Stamp a card of the shop."""
        card = await self.stage.shop.card(issued=False)
        for _ in range(times):
            await self.stage.shop.stamp(card)

    async def read(self, endpoint_id: UUID) -> WebhookEndpoint:
        """Read an endpoint as it stands."""
        shop = self.stage.shop
        async with shop.resources.units(shop.merchant.id) as unit:
            return await unit.webhook_endpoints.one(endpoint_id)

    async def log(self, endpoint_id: UUID) -> list[WebhookAttempt]:
        """Read the delivery log, oldest first."""
        shop = self.stage.shop
        async with shop.resources.units(shop.merchant.id) as unit:
            return (await unit.webhook_attempts.page(endpoint_id, 100))[::-1]

    async def until_logged(self, endpoint_id: UUID, times: int) -> list[WebhookAttempt]:
        """Wait until so many attempts ended; return them."""

        async def enough() -> bool:
            return len(await self.log(endpoint_id)) >= times

        await eventually(enough)
        return await self.log(endpoint_id)

    async def hasten(self) -> None:
        """Let the pause of every webhook that waits be over, and a dead worker's lease."""
        await self.stage.sql.execute(
            "UPDATE deliveries SET next_at = now(), leased_until = now()"
            " WHERE channel = 'webhook' AND state = 'waiting'"
        )

    async def ends(self) -> list[tuple[str, str]]:
        """Return state and reason of each webhook, once none is under way or untried."""

        async def settled() -> bool:
            return not await self.stage.sql.fetchval(
                "SELECT count(*) FROM deliveries WHERE channel = 'webhook'"
                " AND (lease IS NOT NULL OR reason IS NULL)"
            ) and not await self.stage.sql.fetchval(
                "SELECT count(*) FROM outbox WHERE relayed_at IS NULL"
            )

        await eventually(settled)
        found = await self.stage.sql.fetch(
            "SELECT state, reason FROM deliveries WHERE channel = 'webhook' ORDER BY id"
        )
        return [(row["state"], row["reason"]) for row in found]
