"""An honest stand-in for a mail server: keeps what it takes, and misbehaves on command."""

import asyncio
import time
from collections import deque
from types import TracebackType
from typing import Self, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.mail.commands import COMMANDS, Command, Drop, Moment, Say, Slow
from sandbox.mail.mailbox import Mailbox

MAIL_BYTES_MAX = 1024 * 1024
# Every mail to such an address bounces, without any command.
BOUNCES = "bounce"
UNKNOWN_ADDRESS = "550 5.1.1 No such mailbox"


class MailStandIn:
    """Listens while it is entered: `async with MailStandIn(mailbox) as mail: …`."""

    def __init__(self, mailbox: Mailbox, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Take where letters go; port 0 takes a free one, then found in `self.port`."""
        self.mailbox = mailbox
        self.port = port
        self._host = host
        self._commands: deque[Command] = deque()
        self._doing: dict[int, Command] = {}
        self._lines: set[asyncio.BaseTransport] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Start listening."""
        self._server = await asyncio.get_running_loop().create_server(
            self._connected, self._host, self.port
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening and cut the lines that clients keep open."""
        if self._server is not None:
            self._server.close()
            for line in self._lines:
                cast("asyncio.Transport", line).abort()
            await self._server.wait_closed()

    def next(self, command: str, times: int = 1) -> None:
        """Do this with the next mails; raises KeyError for a command that is none."""
        self._commands.extend([COMMANDS[command]] * times)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's signature
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Begin a transaction, and take the command that is about it."""
        if server.transport is not None:
            self._lines.add(server.transport)
        self._doing.pop(id(session), None)
        if self._commands:
            self._doing[id(session)] = self._commands.popleft()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._said(session, Moment.MAIL) or "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's signature
        self,
        _server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take or refuse the recipient."""
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient per mail"
        if address.startswith(BOUNCES):
            return UNKNOWN_ADDRESS
        said = self._said(session, Moment.RCPT)
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail, or do what was commanded."""
        said, command = self._said(session, Moment.DATA), self._doing.get(id(session))
        if said is not None:
            return said
        if isinstance(command, Slow):
            await asyncio.sleep(command.seconds)
        if not isinstance(command, Drop) or command.kept:
            content = envelope.original_content or b""
            sender, recipient = envelope.mail_from or "", envelope.rcpt_tos[0]
            self.mailbox.keep(sender, recipient, content, time.time_ns() // 1_000)
        if isinstance(command, Drop) and server.transport is not None:
            cast("asyncio.Transport", server.transport).abort()
        return "250 2.0.0 Kept"

    def _said(self, session: Session, moment: Moment) -> str | None:
        command = self._doing.get(id(session))
        if isinstance(command, Say) and command.moment is moment:
            del self._doing[id(session)]
            return command.reply
        return None

    def _connected(self) -> SMTP:
        return SMTP(self, data_size_limit=MAIL_BYTES_MAX, hostname="sandbox.invalid")
