"""A whole passgate in a temporary folder: servers, schema, certificates, and its processes.

PostgreSQL keeps every commit safe on disk, as in production.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from gateway.resources import Resources, open_resources
from gateway.settings import read_settings
from gateway.storage.server import migrating, roles
from sandbox import processes, servers
from sandbox.certificates import DevelopmentChain
from sandbox.installation import (
    DATABASE,
    Ports,
    child_variables,
    open_secrets,
    role_url,
    write_apple_folder,
)
from sandbox.ports import HOST, free_port
from sandbox.server_folder import last_words

START_SECONDS_MAX = 20.0
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What our processes are started with, and the superuser's way into the database."""

    folder: Path
    ports: Ports
    chain: DevelopmentChain
    variables: Mapping[str, str]
    superuser_url: str

    @property
    def web_url(self) -> str:
        """Where the web process answers."""
        return f"http://{HOST}:{self.ports.web}"

    def opened(
        self, *, pool_size: int = 10, as_worker: bool = False
    ) -> AbstractAsyncContextManager[Resources]:
        """Open everything in this process as the web process does, or as a worker does."""
        variables = {**self.variables, "PASSGATE_DATABASE_POOL_SIZE": str(pool_size)}
        settings = read_settings(variables)
        url = settings.worker_database_url if as_worker else settings.database_url
        return open_resources(settings, url=url)

    def process(
        self, *arguments: str, port: int | None = None
    ) -> AbstractAsyncContextManager[subprocess.Popen[bytes]]:
        """Run `passgate <arguments>` as a process of its own."""
        command = [sys.executable, "-m", "gateway", *arguments]
        log = self.folder / f"{arguments[0]}.log"
        return started(command, port=port, log=log, environment=self.variables)


@asynccontextmanager
async def installed(**others: str) -> AsyncIterator[Installation]:
    """Make an installation of which only the servers run, and forget it at the end.

    `others` are settings by their names, beside those of a development installation.
    """
    with (
        tempfile.TemporaryDirectory(prefix="passgate-bench-") as name,
        servers.postgres(Path(name) / "postgres") as postgres,
        servers.valkey(Path(name) / "valkey") as valkey,
    ):
        folder = Path(name)
        passwords = open_secrets(folder).passwords
        await roles.prepare_database(postgres.dsn(), DATABASE, passwords)
        owner_url = role_url(postgres.dsn(), roles.OWNER, passwords.owner)
        await migrating.migrate(owner_url)
        ports = Ports(**{port.name: free_port() for port in fields(Ports)})
        chain = write_apple_folder(folder)
        urls = {
            "OWNER_DATABASE_URL": owner_url,
            "DATABASE_URL": role_url(postgres.dsn(), roles.APP, passwords.app),
            "WORKER_DATABASE_URL": role_url(postgres.dsn(), roles.WORKER, passwords.worker),
            "REDIS_URL": valkey.url,
            **others,
        }
        yield Installation(
            folder=folder,
            ports=ports,
            chain=chain,
            variables=child_variables(os.environ, folder, ports, urls),
            superuser_url=postgres.dsn(DATABASE),
        )


@asynccontextmanager
async def started(
    command: list[str],
    *,
    port: int | None,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends; with a port, wait until it listens there."""
    with log.open("ab") as output:
        process = processes.start(
            processes.Program(arguments=command, environment=environment, output=output)
        )
    try:
        if port is not None:
            await _listening(process, port, log)
        yield process
    finally:
        processes.stop(process)


async def _listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while True:
        assert process.poll() is None, last_words("it ended while starting", log)
        assert time.monotonic() < until, last_words("it does not listen", log)
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        await asyncio.sleep(POLL_SECONDS)
