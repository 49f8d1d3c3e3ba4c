"""A mail server that follows a script, on a real socket, and one mail to send to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import pytest

from workers.channels.mail.mail import Mail
from workers.channels.mail.servers import ServerAddress, parse_server

HANG_UP, SILENCE = "hang up", "silence"
GREETING, CONTENT = "GREETING", "CONTENT"


@dataclass(slots=True)
class ScriptedServer:
    """Answers each command by its script; `replies` maps a verb to a reply or a misfortune."""

    replies: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    pause_seconds: float = 0.0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def address(self) -> ServerAddress:
        """Where it is, without TLS and log-in."""
        return parse_server(f"smtp://127.0.0.1:{self.port}")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold one conversation."""
        self.connections += 1
        self.writers.append(writer)
        goes_on = await self._say(writer, GREETING, "220 ready")
        while goes_on and (line := await reader.readline()):
            verb = line.decode("ascii").split()[0].upper()
            self.heard.append(verb)
            goes_on = await self._say(writer, verb, USUAL.get(verb, "250 ok"))
            if goes_on and verb == "DATA" and self.replies.get("DATA", "354").startswith("354"):
                self.contents.append(await reader.readuntil(b"\r\n.\r\n"))
                goes_on = await self._say(writer, CONTENT, "250 2.0.0 queued")
        writer.close()

    async def _say(self, writer: asyncio.StreamWriter, verb: str, usual: str) -> bool:
        reply = self.replies.get(verb, usual)
        await asyncio.sleep(self.pause_seconds)
        if reply == HANG_UP:
            return False
        if reply != SILENCE:
            writer.write(f"{reply}\r\n".encode("latin-1"))
            await writer.drain()
        return verb != "QUIT"


USUAL = {"EHLO": "250-scripted\r\n250 AUTH PLAIN", "DATA": "354 go on", "QUIT": "221 bye"}


@asynccontextmanager
async def scripted(**replies: str) -> AsyncIterator[ScriptedServer]:
    """Run a server; the keywords are what it says instead of the usual."""
    script = ScriptedServer(replies)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        for writer in script.writers:
            writer.transport.abort()
        await server.wait_closed()


def make_mail(**changed: object) -> Mail:
    """Make a mail that is right but for what is changed."""
    values: dict[str, object] = {
        "key": UUID(int=7),
        "written_at": datetime(2026, 11, 21, 8, 30, tzinfo=UTC),
        "sender_name": "Bäckerei Müller",
        "sender_address": "cards@example.org",
        "recipient": "anna@example.org",
        "subject": "Ihr Kaffee wartet ☕",
        "text": "Guten Tag\n.\n.Punkt\n",
        "html": "<p>Guten Tag</p>",
    }
    return Mail(**values | changed)  # type: ignore[arg-type]


@pytest.fixture
def mail() -> Mail:
    """A mail that nothing is wrong with."""
    return make_mail()
