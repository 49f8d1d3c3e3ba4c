"""TLS as the scheme says it: with a trusted certificate, or not at all."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.certificates import DevelopmentChain, write_development_chain
from workers.channels.base import Delivered, StopSender, Temporary
from workers.channels.mail.mail import Mail
from workers.channels.mail.server import SmtpServer
from workers.channels.mail.servers import parse_server


class Keeper:
    """Keeps contents."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep one."""
        self.contents.append(envelope.original_content or b"")
        return "250 kept"


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentChain:
    """A root that nobody trusts by itself."""
    folder = tmp_path_factory.mktemp("chain")
    return write_development_chain(folder, ["pass.org.example"], datetime.now(UTC))


@asynccontextmanager
async def serving(chain: DevelopmentChain, scheme: str) -> AsyncIterator[tuple[int, Keeper]]:
    """Run a server that begins with TLS, or insists on STARTTLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain.server_certificate, chain.server_key)
    keeper, upgrades = Keeper(), scheme == "smtp+starttls"

    def connected() -> SMTP:
        return SMTP(keeper, tls_context=context if upgrades else None, require_starttls=upgrades)

    server = await asyncio.get_running_loop().create_server(
        connected, "127.0.0.1", 0, ssl=None if upgrades else context
    )
    try:
        yield server.sockets[0].getsockname()[1], keeper
    finally:
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
async def test_a_trusted_server_gets_the_mail(
    chain: DevelopmentChain, mail: Mail, scheme: str
) -> None:
    """From the first byte, or after STARTTLS."""
    trust = ssl.create_default_context(cafile=chain.root)
    async with serving(chain, scheme) as (port, keeper):
        channel = SmtpServer(parse_server(f"{scheme}://127.0.0.1:{port}", trust))
        assert await channel.send(mail) == Delivered("127.0.0.1")
        await channel.close()
    assert len(keeper.contents) == 1


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
async def test_a_stranger_gets_nothing(chain: DevelopmentChain, mail: Mail, scheme: str) -> None:
    """A certificate that nobody vouches for stops the sender, before any word of the mail."""
    async with serving(chain, scheme) as (port, keeper):
        outcome = await SmtpServer(parse_server(f"{scheme}://127.0.0.1:{port}")).send(mail)
    assert outcome == Temporary("TlsUnusable", 900, StopSender("TlsUnusable"))
    assert keeper.contents == []
