"""A PostgreSQL that keeps its data when it crashes, with the services' database on it."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from gateway.storage.database import OUTAGES
from gateway.storage.database import Database as Opened
from gateway.storage.server import migrating, roles
from sandbox import servers
from tests.database import PASSWORDS
from tests.shops import opened

TRIES_MAX = 400
RETRY_SECONDS = 0.02

Found = TypeVar("Found")


@dataclass(slots=True)
class DurableServer:
    """A PostgreSQL of one test's own."""

    folder: Path
    port: int
    _running: ExitStack = field(default_factory=ExitStack)
    _server: servers.PostgresServer = field(init=False)

    def start(self) -> servers.PostgresServer:
        """Start it, or start it again."""
        server = servers.postgres(self.folder, port=self.port)
        self._server = self._running.enter_context(server)
        return self._server

    def crash_and_restart(self) -> None:
        """End it without a word to anybody, then recover from the log."""
        self._server.process.send_signal(signal.SIGQUIT)
        self._server.process.wait()
        self.stop()
        self.start()

    def stop(self) -> None:
        """End it."""
        self._running.close()


async def prepare(superuser: str) -> str:
    """Make the database of a bare server; return the services' URL."""
    await roles.prepare_database(superuser, "passgate", PASSWORDS)
    place = superuser.rpartition("@")[2].rpartition("/")[0]
    owner = f"postgresql://{roles.OWNER}:{PASSWORDS.owner}@{place}/passgate"
    await migrating.migrate(owner)
    return f"postgresql://{roles.APP}:{PASSWORDS.app}@{place}/passgate"


async def at_last(ask: Callable[[], Awaitable[Found]]) -> Found:
    """Ask until the database answers."""
    for _ in range(TRIES_MAX):
        try:
            return await ask()
        except OUTAGES:
            await asyncio.sleep(RETRY_SECONDS)
    raise AssertionError("never answered")


async def opened_at_last(stack: AsyncExitStack, dsn: str) -> Opened:
    """Open a database that may not answer at once."""
    return await at_last(lambda: stack.enter_async_context(opened(dsn, pool_size=6)))
