"""The mail channel over one SMTP server."""

import asyncio
import ssl

import aiosmtplib

from workers.channels.base import Outcome, Permanent
from workers.channels.mail.connections import Connections, Limits
from workers.channels.mail.headers import UnsafeHeader
from workers.channels.mail.mail import Mail
from workers.channels.mail.mime import write
from workers.channels.mail.reactions import Stage, lost, react, stop
from workers.channels.mail.servers import ServerAddress
from workers.channels.mail.transaction import Transaction

DEFAULT_LIMITS = Limits()


class SmtpServer:
    """Sends mails over a few kept connections; every failure is an Outcome, in bounded time."""

    def __init__(self, server: ServerAddress, limits: Limits = DEFAULT_LIMITS) -> None:
        """Take where the server is; nothing is opened before the first mail."""
        self._host = server.host
        self._limits = limits
        self._connections = Connections(server, limits)

    @property
    def seconds_max(self) -> float:
        """How long one sending takes at the longest, with the wait for a connection."""
        return self._limits.wait_seconds_max + self._limits.send_seconds_max

    async def send(self, message: Mail) -> Outcome:
        """Send one mail to its one recipient.

        A kept connection that the server has closed meanwhile costs nothing: the mail goes over
        a new one at once, as long as its content had not left.
        """
        try:
            envelope = write(message)
        except UnsafeHeader:
            return Permanent("UnsafeHeader")
        transaction = Transaction(envelope, self._host)
        try:
            async with (
                self._connections.place(),
                asyncio.timeout(self._limits.send_seconds_max),
            ):
                return await self._send(transaction)
        except TimeoutError:
            return lost(transaction.stage, "Timeout")

    async def close(self) -> None:
        """Hang up."""
        await self._connections.close()

    async def _send(self, transaction: Transaction) -> Outcome:
        for fresh in (False, True):
            kept = False
            try:
                async with self._connections.lend(fresh=fresh) as connection:
                    kept = connection.mails > 0
                    return await transaction.run(connection.client)
            except aiosmtplib.SMTPServerDisconnected:
                if not kept or transaction.stage is not Stage.SENDER:
                    break
            except TimeoutError:
                raise
            except (aiosmtplib.SMTPException, OSError) as error:
                return self._react(error, transaction.stage)
        return lost(transaction.stage, "Disconnected")

    def _react(self, error: Exception, stage: Stage) -> Outcome:
        if isinstance(error, aiosmtplib.SMTPResponseException):
            return react(stage, error.code, error.message, self._host)
        if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
            return stop("TlsUnusable")
        if isinstance(error, OSError):
            return lost(stage, "Disconnected")
        # What it does not offer: STARTTLS, or a way to log in that we know.
        return stop("ServerUnusable")
