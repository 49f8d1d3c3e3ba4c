"""Whatever APNs does, each push resolves, and the next ones go out."""

import asyncio
from typing import cast

import pytest
from h2.settings import SettingCodes

from sandbox.apns.commands import Command, Drop, GoAway, Reset, Say, Silence, Slow
from sandbox.apns.stand_in import ApnsStandIn
from tests.workers.channels.conftest import HASTY, PASS_TYPE, OpenChannel, make_push, send_many
from tests.workers.stages import eventually
from workers.channels.apns.channel import ApnsChannel
from workers.channels.apns.connection import Connection
from workers.channels.apns.pool import ApnsPool, Limits
from workers.channels.base import DELIVERED, Gone, Outcome, Permanent, Temporary, Unclassified

TOO_MANY = Temporary("TooManyRequests", 1_800)


def connection_of(channel: ApnsChannel) -> Connection:
    """Look behind the curtain at the channel's connection."""
    pool = cast("ApnsPool", channel._senders[PASS_TYPE].pool)
    return pool._connections[0]


async def test_a_push_is_delivered_under_its_own_id(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """The stand-in finds nothing to object to, and sees the delivery's id."""
    push = make_push()
    assert await channel.send(push) == DELIVERED
    assert [taken.apns_id for taken in apns.accepted] == [str(push.delivery_id)]


async def test_ten_thousand_refusals_pass_through_one_connection(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """Error bodies use up the connection's window, so it must be replenished."""
    apns.unregister("ab" * 32, 1_700_000_000_000)
    for _ in range(100):
        outcomes = await send_many(channel, 100)
        assert {type(outcome) for outcome in outcomes} == {Permanent}
    assert apns.connections_made == 1


ANSWERS: dict[str, tuple[Command, Outcome]] = {
    "reset": (Reset(), Temporary("StreamReset")),
    "empty body": (Say(503), Temporary("Status503", 900)),
    "no JSON": (Say(400, body=b"<html>oops</html>"), Unclassified("Status400")),
    "a list": (Say(400, body=b'["oops"]'), Unclassified("Status400")),
    "wrong types": (
        Say(410, body=b'{"reason":7,"timestamp":"x"}'),
        Permanent("Status410", Gone()),
    ),
    "bad token": (Say(400, "BadDeviceToken"), Permanent("BadDeviceToken", Gone())),
    "large headers": (Say(200, filler_bytes=40_000), DELIVERED),
    "large refusal": (Say(429, "TooManyRequests", filler_bytes=40_000), TOO_MANY),
    "slow": (Slow(0.05), DELIVERED),
}


@pytest.mark.parametrize(("command", "expected"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_every_answer_resolves_and_the_connection_goes_on(
    apns: ApnsStandIn, channel: ApnsChannel, command: Command, expected: Outcome
) -> None:
    """Resets, empty, senseless and swollen answers end one push, never the connection."""
    await channel.send(make_push())
    apns.next(command)
    assert await channel.send(make_push()) == expected
    assert await channel.send(make_push()) == DELIVERED
    assert apns.connections_made == 1


async def test_a_refused_stream_is_sent_once_more(apns: ApnsStandIn, channel: ApnsChannel) -> None:
    """REFUSED_STREAM promises that nothing was processed, and once is not always."""
    apns.next(Reset(code=7))
    assert await channel.send(make_push()) == DELIVERED
    apns.next(Reset(code=7), times=2)
    assert isinstance(await channel.send(make_push()), Temporary)


async def test_pushes_not_processed_before_goaway_are_sent_again_and_no_others(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """The streams above the last processed one move to a new connection, each taken once."""
    apns.next(Slow(0.1), times=20)
    apns.next(GoAway())
    assert set(await send_many(channel, 50)) == {DELIVERED}
    assert apns.connections_made == 2
    assert len(apns.accepted) == 50
    assert len({taken.apns_id for taken in apns.accepted}) == 50


async def test_an_endless_goaway_ends_in_temporary(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """A push moves to another connection once only."""
    apns.next(GoAway(), times=2)
    assert await channel.send(make_push()) == Temporary("GoingAway")


async def test_fifty_pushes_go_through_a_server_of_one_stream(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """Nothing is sent before the server has said how much it takes at a time."""
    apns.allow_streams(1)
    assert set(await send_many(channel, 50)) == {DELIVERED}
    assert apns.connections_made == 1


async def test_further_connections_are_opened_when_allowed_and_all_are_full(
    apns: ApnsStandIn, open_channel: OpenChannel
) -> None:
    """One connection is the default; more share the load of a server of few streams."""
    channel = open_channel(Limits(connections_max=3))
    apns.allow_streams(1)
    # Long enough for two more connections, on the busiest machine.
    apns.next(Slow(0.5), times=3)
    assert set(await send_many(channel, 12)) == {DELIVERED}
    assert apns.connections_made == 3


async def test_concurrency_follows_the_server_down_to_one_and_up_again(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """The server treats more streams than it allows as an error, which would show."""
    for allowed in (100, 1, 10):
        apns.allow_streams(allowed)
        await channel.send(make_push())
        assert set(await send_many(channel, 50)) == {DELIVERED}
    assert apns.connections_made == 1


async def test_silence_ends_at_the_deadline_and_the_next_push_finds_a_new_connection(
    apns: ApnsStandIn, hasty: ApnsChannel
) -> None:
    """A server that never answers costs one deadline, not the worker."""
    apns.next(Silence(), times=30)
    assert {type(outcome) for outcome in await send_many(hasty, 30)} == {Temporary}
    assert await hasty.send(make_push()) == DELIVERED
    assert apns.connections_made == 2


async def test_one_silent_stream_does_not_cost_the_others_their_connection(
    apns: ApnsStandIn, hasty: ApnsChannel
) -> None:
    """Only the late push is given up while the connection answers."""
    await hasty.send(make_push())
    apns.next(Silence())
    late = asyncio.create_task(hasty.send(make_push()))
    await asyncio.sleep(0.02)
    while not late.done():
        assert await hasty.send(make_push()) == DELIVERED
        await asyncio.sleep(0.01)
    assert await late == Temporary("NoAnswer")
    assert apns.connections_made == 1


async def test_a_killed_connection_resolves_a_hundred_pushes_and_is_replaced(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """Pushes are pokes: what was in flight comes back as Temporary, at once."""
    await channel.send(make_push())
    apns.next(Silence(), times=99)
    apns.next(Drop())
    assert set(await send_many(channel, 100)) == {Temporary("ConnectionLost")}
    assert set(await send_many(channel, 100)) == {DELIVERED}


async def test_a_refused_connection_fails_at_once_and_later_ones_wait(
    apns: ApnsStandIn, open_channel: OpenChannel
) -> None:
    """No storm: after the second failure pushes come back without another attempt."""
    channel = open_channel(Limits(push_seconds=1, backoff_first_seconds=30))
    await apns.stop()
    for _ in range(2):
        outcome = await channel.send(make_push())
        assert isinstance(outcome, Temporary)
        assert outcome.reason.startswith("NotConnected")
    await apns.start()
    outcome = await channel.send(make_push())
    assert isinstance(outcome, Temporary)
    assert 20 < (outcome.retry_after_seconds or 0) < 40
    assert apns.connections_made == 0


async def test_connections_that_do_not_last_are_not_made_in_a_storm(
    apns: ApnsStandIn, open_channel: OpenChannel
) -> None:
    """A server that cuts every connection is asked a few times, ever more slowly."""
    channel = open_channel(Limits(push_seconds=1, backoff_first_seconds=30))
    apns.next(Drop(), times=100)
    assert all(isinstance(each, Temporary) for each in await send_many(channel, 20))
    for _ in range(20):
        assert isinstance(await channel.send(make_push()), Temporary)
    assert apns.connections_made <= 3


async def test_back_off_ends_and_pushes_flow_again(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """After the pause the next push connects."""
    await apns.stop()
    for _ in range(3):
        await channel.send(make_push())
    await apns.start()
    await asyncio.sleep(0.2)
    assert await channel.send(make_push()) == DELIVERED


async def test_a_host_that_never_greets_costs_the_connect_time(
    open_channel: OpenChannel, apns: ApnsStandIn
) -> None:
    """A port that accepts and says nothing is given up after `connect_seconds`."""
    await apns.stop()
    held: list[asyncio.StreamWriter] = []
    mute = await asyncio.start_server(lambda _r, writer: held.append(writer), port=apns.port)
    async with mute:
        outcome = await open_channel(HASTY).send(make_push())
        for writer in held:
            writer.transport.abort()
    assert isinstance(outcome, Temporary)


async def test_a_new_connection_follows_when_stream_numbers_run_out(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """A connection has 2³⁰ streams; the push after the last takes the next connection."""
    await channel.send(make_push())
    first = connection_of(channel)
    first.streams.next_id = 2**31 - 3
    for _ in range(4):
        assert await channel.send(make_push()) == DELIVERED
    assert apns.connections_made == 2
    assert first.streams.next_id == 2**31 + 1  # the last stream is 2³¹ - 1


async def test_a_server_without_window_gets_headers_and_later_bodies(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """With INITIAL_WINDOW_SIZE 0 the body waits until the server takes it."""
    await channel.send(make_push())
    apns.change_settings({SettingCodes.INITIAL_WINDOW_SIZE: 0})
    await asyncio.sleep(0.05)
    waiting = asyncio.create_task(send_many(channel, 5))
    await asyncio.sleep(0.05)
    assert len(apns.accepted) == 1
    apns.change_settings({SettingCodes.INITIAL_WINDOW_SIZE: 65_535})
    assert set(await waiting) == {DELIVERED}


async def test_an_idle_connection_is_pinged_and_kept(
    apns: ApnsStandIn, open_channel: OpenChannel
) -> None:
    """A ping keeps a good connection for the next push."""
    channel = open_channel(Limits(ping_after_seconds=0.05))
    await channel.send(make_push())

    async def pinged() -> bool:
        return apns.pings >= 1

    await eventually(pinged)
    assert await channel.send(make_push()) == DELIVERED
    assert apns.connections_made == 1


async def test_an_idle_connection_that_died_is_replaced_before_the_next_push(
    apns: ApnsStandIn, open_channel: OpenChannel
) -> None:
    """Without an answer to the ping the connection is dropped, so no push is lost on it."""
    channel = open_channel(Limits(push_seconds=1.0, ping_after_seconds=0.05))
    await channel.send(make_push())
    first = connection_of(channel)
    apns.freeze_connections()
    await asyncio.wait([first.closed])
    assert await channel.send(make_push()) == DELIVERED
    assert apns.connections_made == 2


async def test_a_caller_who_leaves_disturbs_nobody(
    apns: ApnsStandIn, channel: ApnsChannel
) -> None:
    """A cancelled send leaves the connection in order."""
    await channel.send(make_push())
    apns.next(Slow(0.1))
    left = asyncio.create_task(channel.send(make_push()))
    await asyncio.sleep(0.02)
    left.cancel()
    await asyncio.sleep(0.15)
    assert set(await send_many(channel, 10)) == {DELIVERED}
    assert apns.connections_made == 1


async def test_closing_resolves_what_is_under_way(apns: ApnsStandIn, channel: ApnsChannel) -> None:
    """A worker that stops gets its pushes back."""
    await channel.send(make_push())
    apns.next(Silence(), times=10)
    sending = asyncio.create_task(send_many(channel, 10))
    await asyncio.sleep(0.05)
    await channel.close()
    assert all(isinstance(outcome, Temporary) for outcome in await sending)
