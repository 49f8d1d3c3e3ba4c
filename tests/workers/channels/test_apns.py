"""The channel as jobs use it: credentials, headers, standing of senders, reactions."""

import time
from datetime import UTC, datetime

import jwt
import pytest

from sandbox.apns.commands import Say
from sandbox.apns.stand_in import ApnsStandIn
from tests.workers.channels.conftest import PASS_TYPE, OpenChannel, make_push, send_many
from workers.channels.apns.channel import ApnsChannel
from workers.channels.apns.credentials import ClientCertificate, Credentials, TokenKey
from workers.channels.apns.request import OptionalHeaders, Push
from workers.channels.apns.token import TOKEN_SECONDS, ProviderToken
from workers.channels.base import DELIVERED, Channel, Gone, Permanent, StopSender, Temporary


async def test_a_dead_token_comes_with_the_time_it_died(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """The registration goes only if it is older than that."""
    apns.unregister("ab" * 32, 1_700_000_000_000)
    since = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert await channel.send(make_push()) == Permanent("Unregistered", Gone(since))


@pytest.mark.parametrize("token", ["", "../x", "ab\r\ncd", "ä" * 8, "a" * 2_000], ids=range(5))
async def test_a_token_that_cannot_be_one_is_never_sent(
    apns: ApnsStandIn, channel: ApnsChannel, token: str
) -> None:
    """It would spoil the request or the connection's reputation."""
    assert await channel.send(make_push(token)) == Permanent("BadDeviceToken", Gone())
    assert apns.connections_made == 0


async def test_a_bad_token_is_forgotten(channel: ApnsChannel) -> None:
    """Apple's word for a token that was never one of its own."""
    assert await channel.send(make_push("zz")) == Permanent("BadDeviceToken", Gone())


async def test_a_long_token_is_sent_whole(apns: ApnsStandIn, channel: ApnsChannel) -> None:
    """Apple says to assume nothing about the length of tokens."""
    assert await channel.send(make_push("ab" * 500)) == DELIVERED
    assert apns.accepted[0].token == "ab" * 500


async def test_a_refused_sender_stops_before_it_asks_again(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """After a 403 the pushes of that pass type wait without being sent."""
    apns.next(Say(403, "BadCertificate"))
    stop = StopSender("BadCertificate")
    assert await channel.send(make_push()) == Temporary("BadCertificate", 900, stop)
    assert set(await send_many(channel, 10)) == {Temporary("SenderStopped", 900, stop)}
    assert not apns.accepted


async def test_renewed_credentials_end_the_stop(apns: ApnsStandIn, channel: ApnsChannel) -> None:
    """A new certificate needs no restart."""
    apns.next(Say(403, "BadCertificate"))
    await channel.send(make_push())
    await channel.renew(PASS_TYPE)
    assert await channel.send(make_push()) == DELIVERED


async def test_one_pass_type_stopped_leaves_the_others_alone(
    open_channel: OpenChannel, token_key: TokenKey
) -> None:
    """Each pass type has a sender of its own."""
    channel = open_channel(credentials=token_key)
    unknown = make_push(pass_type="pass.com.example.unknown")
    stop = StopSender("TopicDisallowed")
    assert await channel.send(unknown) == Temporary("TopicDisallowed", 900, stop)
    assert await channel.send(make_push()) == DELIVERED


async def test_no_certificate_for_a_foreign_pass_type(channel: ApnsChannel) -> None:
    """A certificate pushes for its own pass type only, as Apple sees to."""
    outcome = await channel.send(make_push(pass_type="pass.com.example.other"))
    assert isinstance(outcome, Temporary)
    assert outcome.follow_up == StopSender("TopicDisallowed")


async def test_missing_or_broken_credentials_are_an_outcome() -> None:
    """A pass type without usable credentials stops, and raises nothing."""

    async def none(_pass_type: str) -> Credentials:
        raise LookupError

    async def broken(_pass_type: str) -> Credentials:
        return ClientCertificate(b"no certificate", b"no key")

    stop = StopSender("CredentialsUnusable")
    for source in (none, broken):
        channel: Channel[Push] = ApnsChannel(source, time.time)
        assert await channel.send(make_push()) == Temporary(stop.reason, 900, stop)


async def test_connections_share_one_provider_token(
    apns: ApnsStandIn, open_channel: OpenChannel, token_key: TokenKey
) -> None:
    """Apple refuses a second token within 20 minutes, and so does the stand-in."""
    channel, other_process = (open_channel(credentials=token_key) for _ in range(2))
    assert set(await send_many(channel, 20)) == {DELIVERED}
    await channel.renew(PASS_TYPE)
    assert set(await send_many(channel, 20)) == {DELIVERED}
    assert set(await send_many(other_process, 20)) == {DELIVERED}
    assert len({taken.bearer for taken in apns.accepted}) == 1


def test_a_provider_token_lasts_forty_minutes_and_is_never_an_hour_old(
    token_key: TokenKey,
) -> None:
    """Minted at most every 20 minutes and valid whenever it is used."""
    now = 1_700_000_000.0
    token = ProviderToken(token_key, lambda: now)
    headers = set()
    for _ in range(120):
        header = token.header()
        headers.add(header)
        claims = jwt.decode(header.split(b"bearer ")[1], options={"verify_signature": False})
        assert 0 <= now - claims["iat"] < TOKEN_SECONDS
        now += 60
    assert len(headers) in {3, 4}


async def test_optional_headers_are_sent_when_asked_for(open_channel: OpenChannel) -> None:
    """The stand-in objects to a push type that Apple does not know."""
    good = open_channel(optional_headers=OptionalHeaders("background", 5))
    assert await good.send(make_push()) == DELIVERED
    bad = open_channel(optional_headers=OptionalHeaders("nonsense"))
    assert await bad.send(make_push()) != DELIVERED


def test_push_tokens_and_keys_stay_out_of_logs(
    certificate: ClientCertificate, token_key: TokenKey
) -> None:
    """What is printed by accident tells nothing."""
    assert "ab" * 32 not in repr(make_push())
    assert "PRIVATE" not in repr(certificate) + repr(token_key)
