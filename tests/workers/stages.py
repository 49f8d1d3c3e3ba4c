"""A stage for workers: a shop whose cards are in phones, an APNs stand-in, workers in-process."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from gateway.settings import Settings, read_settings
from gateway.storage.unit import Unit
from gateway.storage.wallets.devices import Device
from gateway.storage.wallets.passes import StoredPass
from sandbox.apns.stand_in import AcceptedPush, ApnsStandIn, StandInIdentity
from sandbox.certificates import DevelopmentChain
from sandbox.ports import free_port
from tests.database import Database
from tests.wallets import OTHER_PASS_TYPE, PASS_TYPE, Cafe
from workers.main import run_worker
from workers.relay import Outside

# No measures of speed: what hangs is ended before the test is.
EVENTUALLY_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 60.0
EXPERIMENT_KEY = b"e" * 32
_HASTEN = """
UPDATE deliveries SET next_at = now() WHERE id IN (
  SELECT id FROM deliveries WHERE state = 'waiting' AND lease IS NULL AND next_at > now()
  FOR UPDATE SKIP LOCKED
)
"""
HASTEN_SECONDS = 0.3
OUTSIDE = Outside("http://127.0.0.1:8080", has_stream=False)


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a worker meets, and what it did to it."""

    database: Database
    chain: DevelopmentChain
    shop: Cafe
    apns: ApnsStandIn
    redis_url: str
    sql: asyncpg.Connection

    def settings(self, **others: str) -> Settings:
        """Return a worker's settings, with others by their names."""
        return read_settings(self.variables(**others))

    def variables(self, **others: str) -> dict[str, str]:
        """Return the environment of a worker."""
        values = {
            "ENVIRONMENT": "development",
            "PUBLIC_URL": "http://127.0.0.1:8080",
            "DATABASE_URL": self.database.app_dsn,
            "WORKER_DATABASE_URL": self.database.worker_dsn,
            "DATABASE_POOL_SIZE": "5",
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": base64.b64encode(b"s" * 32).decode(),
            "PIN_PEPPER": base64.b64encode(b"p" * 32).decode(),
            "APPLE_FOLDER": str(self.chain.folder),
            "APNS_URL": f"https://127.0.0.1:{self.apns.port}",
            "APNS_CA": str(self.chain.root),
        }
        return {f"PASSGATE_{name}": value for name, value in (values | others).items()}

    @asynccontextmanager
    async def worker(self, **others: str) -> AsyncIterator[None]:
        """Run a worker in this process, and stop it in good order."""
        stop = asyncio.Event()
        working = asyncio.create_task(run_worker(self.settings(**others), stop))
        try:
            yield
        finally:
            stop.set()
            async with asyncio.timeout(STOP_SECONDS_MAX):
                await working

    async def card(self, *, kept_by: int = 1) -> UUID:
        """Open a card that this many phones keep."""
        card_id = await self.shop.card()
        stored = await self.shop.stored(card_id)
        async with self.shop.resources.units(self.shop.merchant.id) as unit:
            await self.keep(unit, stored, kept_by=kept_by)
        return card_id

    async def keep(self, unit: Unit, stored: StoredPass, *, kept_by: int = 1) -> None:
        """Put a card's pass on this many phones."""
        for n in range(kept_by):
            device = Device(
                pass_type_identifier=stored.pass_type_identifier,
                identifier=f"{stored.card_id.hex}{n}",
                push_token=token_of(stored.card_id, n),
                registered_at=unit.now,
            )
            await unit.devices.register(device, stored.serial_number)

    async def is_current(self, card_id: UUID) -> bool:
        """Whether devices were told of the card's newest version and nothing waits."""
        stored = await self.shop.stored(card_id)
        waiting = await self.sql.fetchval(
            "SELECT (SELECT count(*) FROM deliveries WHERE state = 'waiting')"
            " + (SELECT count(*) FROM outbox WHERE relayed_at IS NULL)"
        )
        return not stored.is_behind and not waiting

    async def states(self) -> list[tuple[str, str | None]]:
        """Return state and reason of each delivery, in the order they were written."""
        found = await self.sql.fetch("SELECT state, reason FROM deliveries ORDER BY id")
        return [(row["state"], row["reason"]) for row in found]

    def pushes(self, card_id: UUID, n: int = 0) -> list[AcceptedPush]:
        """Return the pushes that reached a card's phone."""
        token = token_of(card_id, n)
        return [push for push in self.apns.accepted if push.token == token]


def token_of(card_id: UUID, n: int = 0) -> str:
    """Return the push token of a card's phone."""
    return f"{card_id.hex}{n:032x}"


async def eventually(
    true: Callable[[], Awaitable[bool]], seconds_max: float = EVENTUALLY_SECONDS_MAX
) -> None:
    """Wait until something is true; fail when it never is."""
    async with asyncio.timeout(seconds_max):
        while not await true():  # noqa: ASYNC110 -- other processes do it, none can tell us
            await asyncio.sleep(0.02)


@asynccontextmanager
async def apns_of(chain: DevelopmentChain) -> AsyncIterator[ApnsStandIn]:
    """Run a stand-in that knows the chain's pass types."""
    identity = StandInIdentity(
        chain.server_certificate, chain.server_key, (chain.root, chain.intermediate)
    )
    async with ApnsStandIn(identity, {PASS_TYPE, OTHER_PASS_TYPE}, port=free_port()) as stand_in:
        yield stand_in


@asynccontextmanager
async def hastened(stage: Stage) -> AsyncIterator[None]:
    """Let no pause between two tries last longer than a moment."""

    async def hasten() -> None:
        while True:
            await sql.execute(_HASTEN)
            await asyncio.sleep(HASTEN_SECONDS)

    sql = await asyncpg.connect(stage.database.superuser_dsn)
    hastening = asyncio.create_task(hasten())
    try:
        yield
    finally:
        hastening.cancel()
        with suppress(asyncio.CancelledError):
            await hastening
        await sql.close()
