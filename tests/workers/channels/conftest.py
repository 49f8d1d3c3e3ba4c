"""An APNs stand-in, channels that push to it, and pushes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

import pytest
import uvloop
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sandbox.apns.stand_in import ApnsStandIn, StandInIdentity
from sandbox.certificates import (
    APNS_KEY_ID,
    TEAM_IDENTIFIER,
    DevelopmentChain,
    write_development_chain,
)
from sandbox.ports import free_port
from workers.channels.apns.channel import NO_OPTIONAL_HEADERS, ApnsChannel, Endpoint
from workers.channels.apns.credentials import ClientCertificate, Credentials, TokenKey
from workers.channels.apns.pool import Limits
from workers.channels.apns.request import OptionalHeaders, Push
from workers.channels.base import Channel, Outcome

PASS_TYPE = "pass.com.example.loyalty"
HASTY = Limits(push_seconds=1.0, connect_seconds=1.0, backoff_first_seconds=0.05)
PATIENT = Limits(backoff_first_seconds=0.05)

OpenChannel = Callable[..., ApnsChannel]


def make_push(token: str = "ab" * 32, pass_type: str = PASS_TYPE) -> Push:
    """Make a push to a phone, with an id of its own."""
    return Push(uuid4(), pass_type, token)


async def send_many(channel: Channel[Push], count: int) -> list[Outcome]:
    """Send that many pushes at the same time."""
    return await asyncio.gather(*(channel.send(make_push()) for _ in range(count)))


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run every test on both loops: their transports differ, and workers use uvloop."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentChain:
    """Write a development chain once."""
    folder = tmp_path_factory.mktemp("certificates")
    return write_development_chain(folder, [PASS_TYPE], datetime.now(UTC))


@pytest.fixture(scope="session")
def certificate(chain: DevelopmentChain) -> ClientCertificate:
    """Give the pass type's certificate."""
    return ClientCertificate(
        chain.pass_certificate(PASS_TYPE).read_bytes(), chain.pass_key(PASS_TYPE).read_bytes()
    )


@pytest.fixture(scope="session")
def token_key(chain: DevelopmentChain) -> TokenKey:
    """Give the team's .p8 key."""
    return TokenKey(TEAM_IDENTIFIER, APNS_KEY_ID, chain.apns_key.read_bytes())


@pytest.fixture
async def apns(chain: DevelopmentChain) -> AsyncIterator[ApnsStandIn]:
    """Run a stand-in that knows the pass type and the key."""
    public = load_pem_private_key(chain.apns_key.read_bytes(), None).public_key()
    identity = StandInIdentity(
        chain.server_certificate, chain.server_key, (chain.root, chain.intermediate)
    )
    keys = {(TEAM_IDENTIFIER, APNS_KEY_ID): cast("EllipticCurvePublicKey", public)}
    # A port to come back to: what the kernel gives may be somebody else's after a stop.
    async with ApnsStandIn(identity, {PASS_TYPE}, keys, port=free_port()) as stand_in:
        yield stand_in


@pytest.fixture
async def open_channel(
    apns: ApnsStandIn, chain: DevelopmentChain, certificate: ClientCertificate
) -> AsyncIterator[OpenChannel]:
    """Open channels to the stand-in, by certificate and patient unless told otherwise."""
    opened = []

    def open_one(
        limits: Limits = PATIENT,
        credentials: Credentials = certificate,
        clock: Callable[[], float] = time.time,
        optional_headers: OptionalHeaders = NO_OPTIONAL_HEADERS,
    ) -> ApnsChannel:
        async def source(_pass_type: str) -> Credentials:
            return credentials

        endpoint = Endpoint("localhost", apns.port, chain.root.read_bytes())
        channel = ApnsChannel(
            source, clock, endpoint=endpoint, limits=limits, optional_headers=optional_headers
        )
        opened.append(channel)
        return channel

    yield open_one
    for channel in opened:
        await channel.close()


@pytest.fixture
def channel(open_channel: OpenChannel) -> ApnsChannel:
    """Open a channel that a busy machine does not hurry."""
    return open_channel()


@pytest.fixture
def hasty(open_channel: OpenChannel) -> ApnsChannel:
    """Open a channel that soon gives up, for tests that wait until it does."""
    return open_channel(HASTY)
