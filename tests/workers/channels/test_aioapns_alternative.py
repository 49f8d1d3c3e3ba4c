"""The aioapns alternative keeps the channel's promise: every push resolves in time."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest

from sandbox.apns.commands import Reset, Say, Silence
from sandbox.apns.stand_in import ApnsStandIn
from sandbox.certificates import DevelopmentChain
from tests.workers.channels.conftest import HASTY, PATIENT, make_push, send_many
from workers.channels.apns.aioapns_alternative import AioapnsChannel
from workers.channels.apns.channel import Endpoint
from workers.channels.apns.credentials import ClientCertificate, Credentials, TokenKey
from workers.channels.apns.pool import Limits
from workers.channels.apns.request import Push
from workers.channels.base import DELIVERED, Channel, Gone, Permanent, Temporary


@pytest.fixture
async def open_alternative(
    apns: ApnsStandIn, chain: DevelopmentChain
) -> AsyncIterator[Callable[[Credentials, Limits], Channel[Push]]]:
    """Open the alternative with either kind of credentials."""
    opened = []

    def open_one(credentials: Credentials, limits: Limits) -> Channel[Push]:
        async def source(_pass_type: str) -> Credentials:
            return credentials

        endpoint = Endpoint("localhost", apns.port, chain.root.read_bytes())
        opened.append(AioapnsChannel(source, time.time, endpoint=endpoint, limits=limits))
        return opened[-1]

    yield open_one
    for channel in opened:
        await channel.close()
    await asyncio.sleep(0.05)


@pytest.fixture(params=["certificate", "key"])
def alternative(
    request: pytest.FixtureRequest,
    open_alternative: Callable[[Credentials, Limits], Channel[Push]],
    certificate: ClientCertificate,
    token_key: TokenKey,
) -> Channel[Push]:
    """Open the alternative once by certificate, once by key."""
    return open_alternative(certificate if request.param == "certificate" else token_key, PATIENT)


async def test_pushes_are_delivered(apns: ApnsStandIn, alternative: Channel[Push]) -> None:
    """The alternative pushes what our own client pushes."""
    assert set(await send_many(alternative, 20)) == {DELIVERED}
    assert len(apns.accepted) == 20


async def test_a_dead_token_is_told_with_its_time(
    apns: ApnsStandIn, alternative: Channel[Push]
) -> None:
    """The reaction is the same, whichever client carried the answer."""
    apns.next(Say(410, "Unregistered", 1_700_000_000_000))
    since = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert await alternative.send(make_push()) == Permanent("Unregistered", Gone(since))


@pytest.mark.parametrize("fault", [Silence(), Reset(), Say(503)], ids=repr)
async def test_what_aioapns_never_answers_ends_at_the_deadline(
    apns: ApnsStandIn,
    open_alternative: Callable[[Credentials, Limits], Channel[Push]],
    certificate: ClientCertificate,
    fault: Say | Silence | Reset,
) -> None:
    """The guard ends the wait, and the next push has a client that works."""
    alternative = open_alternative(certificate, HASTY)
    apns.next(fault)
    async with asyncio.timeout(HASTY.push_seconds * 10):
        assert isinstance(await alternative.send(make_push()), Temporary)
    assert await alternative.send(make_push()) == DELIVERED
