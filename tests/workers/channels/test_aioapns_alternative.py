"""The aioapns alternative keeps the channel's promise: every push resolves in time."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from sandbox.apns import ApnsStandIn
from sandbox.apns_commands import Reset, Say, Silence
from sandbox.certificates import DevelopmentChain
from tests.workers.channels.conftest import QUICK, make_push, send_many
from workers.channels.aioapns_alternative import AioapnsChannel
from workers.channels.apns import Endpoint
from workers.channels.apns_credentials import ClientCertificate, Credentials, TokenKey
from workers.channels.apns_request import Push
from workers.channels.base import DELIVERED, Channel, Gone, Permanent, Temporary


@pytest.fixture(params=["certificate", "key"])
async def alternative(
    request: pytest.FixtureRequest,
    apns: ApnsStandIn,
    chain: DevelopmentChain,
    certificate: ClientCertificate,
    token_key: TokenKey,
) -> AsyncIterator[Channel[Push]]:
    """Open the alternative with either kind of credentials."""

    async def source(_pass_type: str) -> Credentials:
        return certificate if request.param == "certificate" else token_key

    endpoint = Endpoint("localhost", apns.port, chain.root.read_bytes())
    channel = AioapnsChannel(source, time.time, endpoint=endpoint, limits=QUICK)
    yield channel
    await channel.close()
    await asyncio.sleep(0.05)


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
    apns: ApnsStandIn, alternative: Channel[Push], fault: Say | Silence | Reset
) -> None:
    """The guard ends the wait; the next client works, unless Apple finds its token too new."""
    apns.next(fault)
    async with asyncio.timeout(QUICK.push_seconds * 2):
        assert isinstance(await alternative.send(make_push()), Temporary)
    assert await alternative.send(make_push()) in {
        DELIVERED,
        Temporary("TooManyProviderTokenUpdates", 1_200),
    }
