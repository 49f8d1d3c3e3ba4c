"""A provider on a real socket that follows a script, and one text message."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import aiohttp
import pytest

from workers.channels.sms.sms import Sms
from workers.channels.sms.twilio import Twilio, TwilioAccount
from workers.channels.sms.vonage import Vonage, VonageAccount

HANG_UP, SILENCE = b"hang up", b"silence"


@dataclass(slots=True)
class ScriptedProvider:
    """Reads one request per connection and answers with `reply` as it is."""

    reply: bytes
    requests: list[bytes] = field(default_factory=list)
    port: int = 0
    release: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hear a request out and answer."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        self.requests.append(head + await reader.readexactly(length))
        if self.reply == SILENCE:
            await self.release.wait()
        elif self.reply != HANG_UP:
            writer.write(self.reply)
            await writer.drain()
        writer.close()


def answer(status: int, body: str, *headers: str) -> bytes:
    """Write an HTTP answer; the reason phrase is nobody's concern."""
    lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json", "Connection: close"]
    lines += [f"Content-Length: {len(body.encode())}", *headers]
    return "\r\n".join([*lines, "", body]).encode()


@asynccontextmanager
async def scripted(reply: bytes) -> AsyncIterator[ScriptedProvider]:
    """Run a provider that answers every request with these bytes."""
    provider = ScriptedProvider(reply)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    provider.port = server.sockets[0].getsockname()[1]
    try:
        yield provider
    finally:
        provider.release.set()
        server.close()
        await server.wait_closed()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """What the worker opens once."""
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def sms() -> Sms:
    """A text message that nothing is wrong with."""
    return Sms(
        key=UUID(int=9),
        sender="+352621000001",
        recipient="+352621123456",
        text="Ihr Kaffee wartet ☕ & mehr",
        status_url="https://cards.example.org/callbacks/twilio/9",
    )


def twilio(provider: ScriptedProvider, session: aiohttp.ClientSession) -> Twilio:
    """Open Twilio's adapter on a scripted provider."""
    return Twilio(TwilioAccount(url=provider.url, account="AC1", token="hunter2"), session)


def vonage(provider: ScriptedProvider, session: aiohttp.ClientSession) -> Vonage:
    """Open Vonage's adapter on a scripted provider."""
    account = VonageAccount(url=provider.url, api_key="key", api_secret="hunter2")
    return Vonage(account, session)
