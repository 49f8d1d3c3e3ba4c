"""A shop with everything its pages need, served over HTTP: people, PINs, a till, a program."""

import base64
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from gateway.app import app_of
from gateway.domain.business_day import BusinessClock
from gateway.domain.people import Origin, Permission, Principal, Role
from gateway.domain.programs import Look, Program, ProgramCommand
from gateway.domain.rules.plan import Plan
from gateway.resources import Resources, new_code, new_id, open_resources
from gateway.services.merchants.designing import Author, Design, create_program
from gateway.services.merchants.founding import Founding, found_merchant
from gateway.services.merchants.steering import command_program
from gateway.services.people.pairing import PAIRING_CODE_CHARACTERS, invite_till
from gateway.settings import Settings, read_settings
from gateway.storage.people.merchants import Location, Merchant
from gateway.storage.people.people import Member
from gateway.storage.people.tills import Till
from gateway.storage.unit import Unit
from tests.database import Database
from tests.plans import stamp_plan

CLOCK = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4)
ORIGIN = Origin(source="test")
EMAIL = "owner@cafe.example"
PASSWORD = "correct horse battery"
TEN_COFFEES = stamp_plan(10, "Free coffee", daily_limit=50)
PIN, OTHER_PIN = "7351", "9164"

Client = TestClient[web.Request, web.Application]

_TOKEN = re.compile(r'name="csrf[_-]token" (?:value|content)="([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Shopfront:
    """A merchant with an owner, people with PINs and a running program; `barista` has `PIN`."""

    resources: Resources
    merchant: Merchant
    location: Location
    program: Program
    owner: Principal
    barista: UUID

    async def invite(self, name: str = "Counter") -> str:
        """Return the code that makes a browser a till."""
        code = new_code(PAIRING_CODE_CHARACTERS)
        till = Till(id=new_id(), location_id=self.location.id, name=name)
        async with self.resources.units(self.merchant.id) as unit:
            await invite_till(unit, self.owner, till, code, ORIGIN)
        return code


async def _started(unit: Unit, design: Design, owner: Principal) -> Program:
    author = Author(principal=owner, origin=ORIGIN, new_id=new_id)
    program = await create_program(unit, design, author)
    return await command_program(
        unit, program.id, ProgramCommand.ACTIVATE, author, revision=program.revision
    )


async def open_shop(
    resources: Resources, *, slug: str = "cafe", plan: Plan = TEN_COFFEES
) -> Shopfront:
    """Found a merchant with an owner, two people with PINs, and a running program."""
    merchant = Merchant(id=new_id(), slug=slug, name="Café Sonne", country="LU", language="en")
    location = Location(id=new_id(), name="Old Town", code="old-town", clock=CLOCK)
    password_hash = await resources.hasher.hash(PASSWORD)
    owner = Member(
        id=new_id(), name="Olga", role=Role.OWNER, email=EMAIL, password_hash=password_hash
    )
    founding = Founding(
        merchant=merchant, location=location, owner=owner, actor="test", origin=ORIGIN
    )
    await found_merchant(resources.database, founding, new_id)
    principal = Principal(
        merchant_id=merchant.id,
        name=f"staff:{owner.id}",
        permissions=frozenset(Permission),
        staff_id=owner.id,
    )
    design = Design(name="Coffee card", plan=plan, look=Look())
    people = [
        Member(id=new_id(), name=name, role=Role.STAFF, pin_hash=await resources.hasher.hash(pin))
        for name, pin in (("Mia", PIN), ("Noah", OTHER_PIN))
    ]
    async with resources.units(merchant.id) as unit:
        for person in people:
            await unit.staff.add(person, unit.now)
        program = await _started(unit, design, principal)
    return Shopfront(resources, merchant, location, program, principal, people[0].id)


def settings_of(
    database: Database, public_url: str = "http://127.0.0.1:8080", **more: str
) -> Settings:
    """Return the settings of a web process on a test's own database; `more` are extra ones."""
    return read_settings(
        {
            "PASSGATE_ENVIRONMENT": "development",
            "PASSGATE_PUBLIC_URL": public_url,
            "PASSGATE_DATABASE_URL": database.app_dsn,
            "PASSGATE_WORKER_DATABASE_URL": database.worker_dsn,
            "PASSGATE_REDIS_URL": "redis://127.0.0.1:1/0",
            "PASSGATE_SECRET_KEY": base64.b64encode(b"s" * 32).decode(),
            "PASSGATE_PIN_PEPPER": base64.b64encode(b"p" * 32).decode(),
        }
        | {f"PASSGATE_{name}": value for name, value in more.items()}
    )


@asynccontextmanager
async def opened(database: Database, **more: str) -> AsyncIterator[Resources]:
    """Open the web process's resources on a test's own database."""
    async with open_resources(settings_of(database, **more), url=database.app_dsn) as resources:
        yield resources


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser without scripts: keeps cookies, and sends forms with the token of their page."""

    client: Client

    async def read(self, path: str, status: int = 200) -> str:
        """Open a page and return what it says."""
        async with self.client.get(path, allow_redirects=False) as response:
            text = await response.text()
            assert response.status == status, f"{path}: {response.status} {text[:2000]}"
            return text

    async def token(self, page: str) -> str:
        """Return the token of a page's forms."""
        found = _TOKEN.search(await self.read(page))
        assert found is not None, f"{page} has no form"
        return found[1]

    async def send(
        self, page: str, fields: Mapping[str, str], to: str | None = None
    ) -> ClientResponse:
        """Send a form that stands on `page`; the answer is not followed."""
        sent = {"csrf_token": await self.token(page), **fields}
        response = await self.client.post(to or page, data=sent, allow_redirects=False)
        await response.read()
        return response

    async def join(self, address: str, slug: str = "cafe") -> str:
        """Enrol, and return the address of the card."""
        response = await self.send(f"/join/{slug}", {"contact": address})
        assert response.status == 303, await response.text()
        return response.headers["Location"]

    async def ask(
        self, path: str, body: object, *, token: str, key: str | None = None
    ) -> ClientResponse:
        """Ask one of the till's doors, as its script does."""
        headers = {"X-CSRF-Token": token} | ({"Idempotency-Key": key} if key else {})
        response = await self.client.post(path, json=body, headers=headers)
        await response.read()
        return response


@asynccontextmanager
async def served(resources: Resources) -> AsyncIterator[Browser]:
    """Serve everything over HTTP to one browser."""
    async with TestClient(TestServer(app_of(resources))) as client:
        yield Browser(client)


async def pair(browser: Browser, shop: Shopfront) -> None:
    """Make the browser a till of the shop."""
    page = f"/till/pair/{shop.merchant.slug}"
    response = await browser.send(page, {"code": await shop.invite()})
    assert (response.status, response.headers["Location"]) == (303, "/till")


async def sign_in(browser: Browser, shop: Shopfront, pin: str = PIN) -> str:
    """Enter the PIN at the till, and return the token its script sends."""
    fields = {"person": str(shop.barista), "pin": pin}
    response = await browser.send("/till", fields, "/till/sign-in")
    assert response.headers.get("Location") == "/till/scan", await response.text()
    return await browser.token("/till/scan")


async def log_in(browser: Browser, shop: Shopfront) -> None:
    """Log in to the merchant's pages as the owner."""
    page = f"/merchant/{shop.merchant.slug}/log-in"
    response = await browser.send(page, {"email": EMAIL, "password": PASSWORD})
    assert response.headers.get("Location") == "/merchant", await response.text()
