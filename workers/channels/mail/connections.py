"""Connections to one mail server, kept open between mails and never more than allowed."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiosmtplib

from workers.channels.mail.servers import STARTTLS, TLS, ServerAddress

QUIT_SECONDS_MAX = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a server we use at once, and how long we wait for it."""

    connections_max: int = 8
    # Servers end a connection after a number of mails or a silence; we are first.
    mails_per_connection_max: int = 100
    idle_seconds_max: float = 30.0
    connect_seconds_max: float = 3.0
    # Before its own time begins, a mail may wait so long for a connection that is free.
    wait_seconds_max: float = 15.0
    send_seconds_max: float = 10.0


class Connection:
    """An open line that has greeted the server and logged in."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self.client = client
        self.mails = 0
        self.used_at = time.monotonic()

    def is_fit(self, limits: Limits) -> bool:
        """Whether another mail may go over it."""
        return (
            self.client.is_connected
            and self.mails < limits.mails_per_connection_max
            and time.monotonic() - self.used_at < limits.idle_seconds_max
        )


class Connections:
    """Lends connections to those who have a place; there are as many places as connections."""

    def __init__(self, server: ServerAddress, limits: Limits) -> None:
        self._server = server
        self._limits = limits
        self._idle: list[Connection] = []
        self._free = asyncio.Semaphore(limits.connections_max)

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place and hold it; raises TimeoutError when there is none for too long."""
        async with asyncio.timeout(self._limits.wait_seconds_max):
            await self._free.acquire()
        try:
            yield
        finally:
            self._free.release()

    @contextlib.asynccontextmanager
    async def lend(self, *, fresh: bool) -> AsyncIterator[Connection]:
        """Lend a kept connection, or a new one when none is fit or `fresh` asks for it.

        Raises what aiosmtplib raises when it cannot connect or log in. A borrower that fails
        leaves the connection in doubt, so it is closed.
        """
        connection = None if fresh else self._fit()
        if connection is None:
            connection = Connection(await self._open())
        try:
            yield connection
        except BaseException:
            connection.client.close()
            raise
        connection.mails += 1
        connection.used_at = time.monotonic()
        self._idle.append(connection)

    async def close(self) -> None:
        """Take leave of the server on every idle line."""
        while self._idle:
            client = self._idle.pop().client
            with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                async with asyncio.timeout(QUIT_SECONDS_MAX):
                    await client.quit()
            client.close()

    def _fit(self) -> Connection | None:
        """Take the line used last; those found unfit are closed on the way."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_fit(self._limits):
                return connection
            connection.client.close()
        return None

    async def _open(self) -> aiosmtplib.SMTP:
        server = self._server
        protected = server.scheme in {TLS, STARTTLS}
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.scheme == TLS,
            start_tls=server.scheme == STARTTLS,
            tls_context=(server.trust or ssl.create_default_context()) if protected else None,
            timeout=self._limits.send_seconds_max,
        )
        try:
            async with asyncio.timeout(self._limits.connect_seconds_max):
                await client.connect()
                await client.ehlo()
        except BaseException:
            client.close()
            raise
        return client
