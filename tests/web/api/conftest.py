"""The whole application over HTTP, and a shop whose key opens its API."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from gateway.app import app_of
from gateway.domain.rules.plan import Plan
from gateway.resources import Resources, open_resources
from gateway.settings import read_settings
from tests.database import Database
from tests.plans import stamp_plan
from tests.shops import Shop, open_shop
from tests.web.api.gate import Caller, make_key

Client = TestClient[web.Request, web.Application]
PATIENT = stamp_plan(10, cooldown_minutes=15, daily_limit=5)
EAGER = stamp_plan(3, daily_limit=50)


@pytest.fixture
async def resources(database: Database) -> AsyncIterator[Resources]:
    """Everything a web process opens, on this test's database."""
    settings = read_settings(
        {
            "PASSGATE_ENVIRONMENT": "development",
            "PASSGATE_PUBLIC_URL": "http://127.0.0.1:8080",
            "PASSGATE_DATABASE_URL": database.app_dsn,
            "PASSGATE_WORKER_DATABASE_URL": database.worker_dsn,
            "PASSGATE_REDIS_URL": "redis://127.0.0.1:1/0",
            "PASSGATE_SECRET_KEY": base64.b64encode(b"s" * 32).decode(),
            "PASSGATE_PIN_PEPPER": base64.b64encode(b"p" * 32).decode(),
        }
    )
    async with open_resources(settings, url=database.app_dsn) as ready:
        yield ready


@pytest.fixture
async def client(resources: Resources) -> AsyncIterator[Client]:
    """Somebody who speaks HTTP to the whole application."""
    async with TestClient(TestServer(app_of(resources))) as opened:
        yield opened


@pytest.fixture
async def shop(resources: Resources) -> Shop:
    """A shop with two cards, without cooldown; three stamps make a coffee."""
    return await open_shop(resources.database, cards=2, plan=EAGER)


@pytest.fixture
async def caller(client: Client, resources: Resources, shop: Shop) -> Caller:
    """The shop's own software, which may do everything."""
    return Caller(client, await make_key(resources, shop.merchant_id))


@pytest.fixture
def open_other(
    client: Client, resources: Resources
) -> Callable[..., Awaitable[tuple[Shop, Caller]]]:
    """Open another shop, and its software."""

    async def opened(slug: str = "other", plan: Plan = EAGER) -> tuple[Shop, Caller]:
        shop = await open_shop(resources.database, slug=slug, plan=plan)
        return shop, Caller(client, await make_key(resources, shop.merchant_id))

    return opened
