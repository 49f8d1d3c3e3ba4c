"""One mail over one open connection, with the stage it reached always known."""

import re

import aiosmtplib

from workers.channels.base import Outcome
from workers.channels.mail.mime import Envelope
from workers.channels.mail.reactions import Stage, react

START_INPUT, WILL_FORWARD = 354, 251
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Transaction:
    """MAIL, RCPT, DATA and the content (RFC 5321 §3.3); `stage` tells how far it came.

    aiosmtplib's own `sendmail` does not tell a line lost before the content from one lost after
    it, and that difference is whether a mail may be sent again.
    """

    def __init__(self, envelope: Envelope, server: str) -> None:
        self.stage = Stage.OPENING
        self._envelope = envelope
        self._server = server

    async def run(self, client: aiosmtplib.SMTP) -> Outcome:
        """Send the mail; raises what aiosmtplib raises when the line fails or is too slow."""
        envelope = self._envelope
        refused = await self._ask(client, Stage.SENDER, f"MAIL FROM:<{envelope.sender}>")
        refused = refused or await self._ask(
            client, Stage.RECIPIENT, f"RCPT TO:<{envelope.recipient}>"
        )
        refused = refused or await self._ask(client, Stage.DATA, "DATA", START_INPUT)
        if refused is not None:
            await _reset(client)
            return refused
        return await self._send_content(client)

    async def _ask(
        self, client: aiosmtplib.SMTP, stage: Stage, command: str, expected: int = 250
    ) -> Outcome | None:
        """Give a command; returns what follows from any reply but the expected one."""
        self.stage = stage
        reply = await client.execute_command(command.encode("ascii"))
        if reply.code == expected or (stage is Stage.RECIPIENT and reply.code == WILL_FORWARD):
            return None
        return react(stage, reply.code, reply.message, self._server)

    async def _send_content(self, client: aiosmtplib.SMTP) -> Outcome:
        protocol = client.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        protocol.write(_LEADING_DOT.sub(b"..", self._envelope.content) + b".\r\n")
        # From here on the final dot may be on its way, whatever we hear or do not hear.
        self.stage = Stage.SENT
        reply = await protocol.read_response(timeout=client.timeout)
        return react(self.stage, reply.code, reply.message, self._server)


async def _reset(client: aiosmtplib.SMTP) -> None:
    """Make the line fit for another mail, or close it where that fails."""
    try:
        await client.rset()
    except (aiosmtplib.SMTPException, OSError):
        client.close()
