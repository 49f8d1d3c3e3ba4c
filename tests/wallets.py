"""A merchant with cards in wallets: everything real, from the database to the signature."""

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from gateway.app import create_app
from gateway.domain.business_day import BusinessClock
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.people import Origin, Permission, Principal
from gateway.domain.programs import Look, Program, ProgramStatus, ProgramVersion
from gateway.domain.rules.plan import Plan
from gateway.resources import Resources, new_code, new_id, now, open_resources
from gateway.services.cards.commands import Answer, StampCard
from gateway.services.wallets.issuing import ensure_pass
from gateway.settings import read_settings
from gateway.storage.cards.cards import NewCard
from gateway.storage.cards.customers import Customer
from gateway.storage.database import OUTAGES
from gateway.storage.people.merchants import Location, Merchant, PassType
from gateway.storage.wallets.passes import StoredPass
from gateway.web import assets
from gateway.web.identity.tokens import Mint, key_ring, signing_key
from gateway.web.routes import APPLE, FOUNDATION
from gateway.web.wiring import Wiring
from passes.apple.service import authentication_token
from sandbox.certificates import TEAM_IDENTIFIER, DevelopmentChain, write_development_chain
from tests.database import Database
from tests.plans import stamp_plan

PASS_TYPE = "pass.com.example.cafe"
OTHER_PASS_TYPE = "pass.com.example.bakery"
TEN_COFFEES = stamp_plan(10, "One free coffee")
CLOCK = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4)

Client = TestClient[web.Request, web.Application]


@dataclass(frozen=True, slots=True)
class Cafe:
    """A merchant with one program, on a pass type of its own."""

    resources: Resources
    merchant: Merchant
    pass_type: str
    location: Location
    program: Program
    keys: Callable[[], int] = field(default_factory=lambda: count().__next__)

    async def card(self, *, issued: bool = True) -> UUID:
        """Open a card, with a pass unless it is not to have one yet."""
        card_id, customer_id = new_id(), new_id()
        contact = Contact(kind=ContactKind.MAIL, address=f"{customer_id.hex}@example.com")
        customer = Customer(id=customer_id, contacts=(contact,), language="en", time_zone="UTC")
        card = NewCard(
            id=card_id,
            code=f"LC1-{new_code(20)}",
            program_id=self.program.id,
            customer_id=customer_id,
        )
        async with self.resources.units(self.merchant.id) as unit:
            await unit.customers.claim(customer, unit.now)
            await unit.cards.open(card, unit.now)
            if issued:
                await ensure_pass(self.resources.passes, unit, card_id)
        return card_id

    async def stored(self, card_id: UUID) -> StoredPass:
        """Read the card's pass as it is stored."""
        async with self.resources.units(self.merchant.id) as unit:
            stored = await unit.passes.of_card(card_id)
        assert stored is not None
        return stored

    async def stamp(self, card_id: UUID) -> None:
        """Stamp a card as a till does."""
        principal = Principal(
            merchant_id=self.merchant.id,
            name="till:1",
            permissions=frozenset(Permission),
            location_id=self.location.id,
        )
        command = StampCard(
            principal=principal,
            origin=Origin(source="staff"),
            key=f"key-{self.keys()}",
            fingerprint=b"f" * 32,
            card_id=card_id,
            location_id=self.location.id,
            clock=CLOCK,
        )
        reply = await self.resources.stamps.ask(command)
        assert isinstance(reply, Answer)
        assert reply.is_done, reply.body

    async def publish(self, *card_ids: UUID) -> None:
        """Give the cards' changes their tags, as the relay does after the commit."""
        async with self.resources.units(self.merchant.id) as unit:
            await unit.passes.publish(card_ids)


@dataclass(frozen=True, slots=True)
class Phone:
    """A device that speaks to our web service over HTTP, and remembers nothing."""

    client: Client
    resources: Resources
    device: str = "a1b2c3d4e5f60718293a4b5c6d7e8f90"

    def token(self, stored: StoredPass) -> dict[str, str]:
        """Return the header that opens a pass."""
        key = self.resources.keys.pass_tokens
        token = authentication_token(key, stored.pass_type_identifier, stored.serial_number)
        return {"Authorization": f"ApplePass {token}"}

    async def register(
        self, stored: StoredPass, push_token: str = "ab" * 32, **headers: str
    ) -> ClientResponse:
        """Ask to be told of changes."""
        return await self.client.post(
            self._registration(stored),
            json={"pushToken": push_token},
            headers=headers or self.token(stored),
        )

    async def unregister(self, stored: StoredPass, **headers: str) -> ClientResponse:
        """Ask to be left alone."""
        path = self._registration(stored)
        return await self.client.delete(path, headers=headers or self.token(stored))

    async def changes(self, tag: str | None = None, pass_type: str = PASS_TYPE) -> ClientResponse:
        """Ask what changed since a tag."""
        path = f"/apple/v1/devices/{self.device}/registrations/{pass_type}"
        params = {} if tag is None else {"passesUpdatedSince": tag}
        return await self.client.get(path, params=params)

    async def fetch(
        self, stored: StoredPass, since: str | None = None, **headers: str
    ) -> ClientResponse:
        """Fetch a pass, unless it is as old as what the phone has."""
        condition = {} if since is None else {"If-Modified-Since": since}
        path = f"/apple/v1/passes/{stored.pass_type_identifier}/{stored.serial_number}"
        headers = headers or self.token(stored)
        return await self.client.get(path, headers=headers | condition)

    def _registration(self, stored: StoredPass) -> str:
        of_type = f"/apple/v1/devices/{self.device}/registrations/{stored.pass_type_identifier}"
        return f"{of_type}/{stored.serial_number}"


async def open_cafe(
    resources: Resources,
    *,
    pass_type: str = PASS_TYPE,
    slug: str = "cafe",
    plan: Plan = TEN_COFFEES,
) -> Cafe:
    """Add a merchant whose cards may be stamped as often as a test likes."""
    merchant = Merchant(id=new_id(), slug=slug, name="Café Sonne", country="LU", language="en")
    location = Location(id=new_id(), name="Here", code=f"{slug}-1", clock=CLOCK)
    version = ProgramVersion(
        id=new_id(), program_id=new_id(), number=1, name="Coffee card", plan=plan, look=Look()
    )
    program = Program(
        id=version.program_id, status=ProgramStatus.ACTIVE, revision=1, version=version
    )
    async with resources.units(merchant.id) as unit:
        await unit.merchants.add(merchant, unit.now)
        await unit.merchants.add_location(location, unit.now)
        await unit.merchants.add_pass_type(
            PassType(
                identifier=pass_type,
                merchant_id=merchant.id,
                team_identifier=TEAM_IDENTIFIER,
                organization_name="Café Sonne S.à r.l.",
            )
        )
        await unit.programs.add(program, unit.now)
        await unit.programs.add_version(version, None, unit.now)
        await unit.rewards.add_promised(version, new_id, unit.now)
    return Cafe(resources, merchant, pass_type, location, program)


@asynccontextmanager
async def opened(database: Database, chain: DevelopmentChain) -> AsyncIterator[Resources]:
    """Open the web process's resources on a test's own database."""
    settings = read_settings(
        {
            "PASSGATE_ENVIRONMENT": "development",
            "PASSGATE_PUBLIC_URL": "http://127.0.0.1:8080",
            "PASSGATE_DATABASE_URL": database.app_dsn,
            "PASSGATE_WORKER_DATABASE_URL": database.worker_dsn,
            "PASSGATE_REDIS_URL": "redis://127.0.0.1:1/0",
            "PASSGATE_SECRET_KEY": base64.b64encode(b"s" * 32).decode(),
            "PASSGATE_PIN_PEPPER": base64.b64encode(b"p" * 32).decode(),
            "PASSGATE_APPLE_FOLDER": str(chain.folder),
        }
    )
    async with open_resources(settings, url=database.app_dsn) as resources:
        yield resources


@asynccontextmanager
async def served(resources: Resources) -> AsyncIterator[Client]:
    """Serve the doors of Apple Wallet over HTTP."""
    wiring = Wiring(
        public_url=resources.settings.public_url,
        csrf_key=b"c" * 32,
        cursor_key=b"l" * 32,
        now=now,
        assets=assets.load(),
        mint=Mint(key_ring(signing_key(b"k" * 32)), issuer="passgate", audience="passgate"),
        outages=OUTAGES,
    )
    app = create_app(wiring, (*FOUNDATION, *APPLE), resources=resources)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture(scope="session")
def apple_chain(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentChain:
    """Certificates of both pass types, laid out as the Apple folder."""
    folder = tmp_path_factory.mktemp("apple")
    return write_development_chain(folder, [PASS_TYPE, OTHER_PASS_TYPE], now())


@pytest.fixture
async def cafe(database: Database, apple_chain: DevelopmentChain) -> AsyncIterator[Cafe]:
    """A merchant on a database of the test's own."""
    async with opened(database, apple_chain) as resources:
        yield await open_cafe(resources)


@pytest.fixture
async def phone(cafe: Cafe) -> AsyncIterator[Phone]:
    """A device that speaks to the served cafe."""
    async with served(cafe.resources) as client:
        yield Phone(client, cafe.resources)
