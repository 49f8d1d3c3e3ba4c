"""A receiver of webhooks on this machine, and a channel that may reach it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from workers.channels.webhook.channel import Limits, WebhookChannel
from workers.channels.webhook.request import WebhookRequest

HASTY = Limits(total_seconds=1.0, connect_seconds=0.5)


def make_request(url: str) -> WebhookRequest:
    """Make a webhook to this address."""
    headers = {"webhook-id": "1", "Content-Type": "application/cloudevents+json"}
    return WebhookRequest(uuid4(), url, headers, b'{"a":1}')


@dataclass(slots=True)
class Receiver:
    """Answers every request with `answer`, and remembers what it got."""

    server: TestServer = field(init=False)
    answer: web.StreamResponse = field(default_factory=web.Response)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def place(self) -> tuple[str, int]:
        """Its host and port."""
        return "127.0.0.1", self.server.port or 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.port}/hook"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take a request."""
        body = await request.read()
        self.requests.append((request.path, dict(request.headers), body))
        return self.answer


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Run a receiver."""
    made = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.handle)
    made.server = TestServer(app)
    await made.server.start_server()
    yield made
    await made.server.close()


@pytest.fixture
async def channel(receiver: Receiver) -> AsyncIterator[WebhookChannel]:
    """Open a channel that may reach the receiver, as on a developer's machine."""
    opened = WebhookChannel(local=frozenset({receiver.place}), limits=HASTY)
    yield opened
    await opened.close()


@pytest.fixture
async def strict() -> AsyncIterator[WebhookChannel]:
    """Open a channel as production has it."""
    opened = WebhookChannel(limits=HASTY)
    yield opened
    await opened.close()
