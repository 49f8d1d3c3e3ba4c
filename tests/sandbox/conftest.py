"""A running pass web service and a sandbox whose phones use it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from cryptography.x509 import load_pem_x509_certificate

from sandbox.apns.stand_in import ApnsStandIn
from sandbox.app import SandboxConfig, create_sandbox
from sandbox.certificates import DevelopmentChain, write_development_chain
from sandbox.phone.phone import Phone
from sandbox.phone.surroundings import SHELF
from tests.sandbox.pass_service import PASS_TYPE, PassService, coffee_assets, signer_of

RETRY_DELAYS_S = (0.01, 0.01)


@dataclass(slots=True)
class Stage:
    """A sandbox in front of a pass web service; `forgiven_for` is 0: every complaint counts."""

    service: PassService
    config: SandboxConfig
    apns: ApnsStandIn | None = None
    app: web.Application = field(init=False)
    client: TestClient[web.Request, web.Application] = field(init=False)

    async def start(self) -> None:
        """Start the sandbox; pushes of the service reach its phones."""
        self.app = create_sandbox(self.config, self.apns)
        self.client = TestClient(TestServer(self.app))
        await self.client.start_server()
        self.service.push = self.app[SHELF].on_push
        await self.app[SHELF].awake()

    async def stop(self) -> None:
        """Stop the sandbox; what it keeps stays on disk."""
        await self.client.close()

    @property
    def phones(self) -> list[Phone]:
        """The phones, oldest first."""
        shelf = self.app[SHELF]
        return list(shelf)

    def phone(self) -> Phone:
        """A new phone."""
        return self.app[SHELF].create()

    async def phone_with(self, *serials: str, stamps: int = 6) -> Phone:
        """A new phone that holds these cards and has caught up."""
        phone = self.phone()
        for serial in serials:
            await add(phone, self.service.issue(serial, stamps))
        return phone


async def add(phone: Phone, address: str) -> None:
    """Add the pass at `address`, and wait until the phone has registered and caught up."""
    await phone.consider(address)
    assert phone.offer is not None
    assert phone.offer.problems == ()
    phone.accept()
    await settled(phone)


async def settled(phone: Phone) -> None:
    """Wait until the phone has done all it had to."""
    await asyncio.wait_for(phone.settle(), 10)


@pytest.fixture(scope="session")
def development_chain(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentChain:
    folder = tmp_path_factory.mktemp("chain")
    return write_development_chain(folder, [PASS_TYPE], datetime.now(UTC))


@pytest.fixture
async def stage(development_chain: DevelopmentChain, tmp_path: Path) -> AsyncIterator[Stage]:
    service = PassService(signer_of(development_chain), coffee_assets())
    server = TestServer(service.application())
    await server.start_server()
    service.public_url = str(server.make_url("")).rstrip("/")
    root = load_pem_x509_certificate(development_chain.root.read_bytes())
    config = SandboxConfig(
        public_url=service.public_url,
        data_directory=tmp_path,
        roots=[root],
        forgiven_for=timedelta(0),
        retry_delays_s=RETRY_DELAYS_S,
    )
    running = Stage(service, config)
    await running.start()
    yield running
    await running.stop()
    await server.close()
