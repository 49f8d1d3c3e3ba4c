"""The event stream on a real NATS server: kept once, through restarts, each merchant apart."""

import asyncio
import signal
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import nats
import pytest
from nats.aio.client import Client
from nats.js.api import RawStreamMsg, StreamState

from tests.nats import NatsServer
from workers.channels.base import DELIVERED, Outcome, Permanent, Temporary
from workers.channels.stream.capture import STREAM
from workers.channels.stream.channel import Limits, StreamChannel
from workers.channels.stream.message import BODY_BYTES_MAX, StreamMessage

HASTY = Limits(publish_seconds=5)
TRIES_MAX = 300


def make_message(
    slug: str = "acme", key: UUID | None = None, body: bytes = b'{"a":1}'
) -> StreamMessage:
    """Make an event of a merchant, with an id of its own."""
    return StreamMessage(key or uuid4(), slug, "loyalty.card.stamped", body)


async def send_until_delivered(channel: StreamChannel, message: StreamMessage) -> Outcome:
    """Try as the queue does, until the server is back; returns the last outcome."""
    outcome = await channel.send(message)
    for _ in range(TRIES_MAX):
        if outcome == DELIVERED:
            break
        await asyncio.sleep(0.05)
        outcome = await channel.send(message)
    return outcome


async def kept(client: Client) -> StreamState:
    """Return what the stream holds."""
    return (await client.jetstream().stream_info(STREAM)).state


async def last_message(client: Client, subject: str) -> RawStreamMsg:
    """Return the newest message of a subject."""
    return await client.jetstream().get_last_msg(STREAM, subject)


@pytest.fixture
async def channel(nats_server: NatsServer) -> AsyncIterator[StreamChannel]:
    """Open a channel to the server."""
    opened = StreamChannel(nats_server.url, limits=HASTY)
    yield opened
    await opened.close()


@pytest.fixture
async def consumer(nats_server: NatsServer) -> AsyncIterator[Client]:
    """Connect somebody who reads the stream."""
    client = await nats.connect(nats_server.url)
    yield client
    await client.close()


async def test_an_event_is_kept_under_its_subject(
    channel: StreamChannel, consumer: Client
) -> None:
    """The body arrives as it is, with its id and what it is written in."""
    message = make_message()

    assert await channel.send(message) == DELIVERED

    found = await last_message(consumer, "acme.loyalty.card.stamped")
    assert found.data == message.body
    assert found.headers == {
        "Nats-Msg-Id": str(message.key),
        "Nats-Expected-Stream": STREAM,
        "Content-Type": "application/cloudevents+json",
    }


async def test_a_retry_with_the_same_id_is_one_message(
    channel: StreamChannel, consumer: Client
) -> None:
    """Whoever does not know whether it was published publishes again."""
    message = make_message()

    outcomes = [await channel.send(message) for _ in range(3)]

    assert outcomes == [DELIVERED] * 3
    assert (await kept(consumer)).messages == 1


async def test_what_was_kept_survives_a_crash(nats_server: NatsServer) -> None:
    """The server comes back with every message, and still knows a repetition."""
    channel = StreamChannel(nats_server.url, limits=Limits(publish_seconds=1))
    message = make_message()
    assert await send_until_delivered(channel, message) == DELIVERED

    nats_server.stop(signal.SIGKILL)
    nats_server.start()

    assert await send_until_delivered(channel, message) == DELIVERED
    assert await send_until_delivered(channel, make_message()) == DELIVERED
    async with await nats.connect(nats_server.url) as client:
        assert (await kept(client)).messages == 2
    await channel.close()


async def test_a_server_that_is_away_is_waited_for(nats_server: NatsServer) -> None:
    """Without a server a message comes back at once, and goes out when there is one."""
    nats_server.stop()
    channel = StreamChannel(nats_server.url, limits=HASTY)
    message = make_message()

    assert isinstance(await channel.send(message), Temporary)
    nats_server.start()

    assert await send_until_delivered(channel, message) == DELIVERED
    await channel.close()


async def test_a_wrong_password_is_named_and_not_shown(nats_server: NatsServer) -> None:
    """The operator reads that it is the password, and never which."""
    channel = StreamChannel(nats_server.url.replace("hunter2", "wrong"), limits=HASTY)

    outcome = await channel.send(make_message())

    assert outcome == Temporary("AuthorizationError")
    await channel.close()


async def test_one_merchant_does_not_see_another(channel: StreamChannel, consumer: Client) -> None:
    """A subscription to one merchant's wildcard holds that merchant's events alone."""
    for slug in ("acme", "acme-two", "other", "acme"):
        assert await channel.send(make_message(slug)) == DELIVERED

    subscription = await consumer.jetstream().subscribe("acme.>", stream=STREAM)
    seen = [(await subscription.next_msg(5)).subject for _ in range(2)]

    assert seen == ["acme.loyalty.card.stamped"] * 2
    assert (await subscription.consumer_info()).num_pending == 0
    assert (await kept(consumer)).messages == 4


async def test_what_the_operator_set_is_kept(channel: StreamChannel, consumer: Client) -> None:
    """A new merchant changes the stream's subjects and none of its limits."""
    await channel.send(make_message("acme"))
    stream = consumer.jetstream()
    config = (await stream.stream_info(STREAM)).config
    await stream.update_stream(config.evolve(max_age=3600 * 24 * 30, max_msgs=5_000))

    assert await channel.send(make_message("other")) == DELIVERED

    changed = (await stream.stream_info(STREAM)).config
    assert (changed.max_age, changed.max_msgs) == (3600 * 24 * 30, 5_000)
    assert changed.subjects == ["acme.loyalty.>", "other.loyalty.>"]


async def test_a_removed_stream_is_made_again(channel: StreamChannel, consumer: Client) -> None:
    """Somebody tidied up too much; the next tries mend it."""
    await channel.send(make_message())
    await consumer.jetstream().delete_stream(STREAM)

    assert await channel.send(make_message()) == Temporary("NoStream")
    assert await channel.send(make_message()) == DELIVERED
    assert (await kept(consumer)).messages == 1


async def test_many_workers_may_add_merchants_at_once(nats_server: NatsServer) -> None:
    """What one worker's change of the stream undoes of another's, the next try does again."""
    channels = [StreamChannel(nats_server.url, limits=HASTY) for _ in range(4)]

    outcomes = await asyncio.gather(
        *(
            send_until_delivered(channel, make_message(f"shop-{number}-{turn}"))
            for turn in range(3)
            for number, channel in enumerate(channels)
        )
    )

    assert set(outcomes) == {DELIVERED}
    for channel in channels:
        await channel.close()


async def test_what_can_never_be_published_is_given_up(channel: StreamChannel) -> None:
    """A subject that is none, and a body no server takes."""
    assert await channel.send(make_message("no.slug")) == Permanent("BadSubject")
    assert await channel.send(make_message(body=b"x" * BODY_BYTES_MAX)) == DELIVERED
    too_large = make_message(body=b"x" * (BODY_BYTES_MAX + 1))
    assert await channel.send(too_large) == Permanent("TooLarge")


async def test_a_channel_that_never_sent_can_be_closed(nats_server: NatsServer) -> None:
    """A worker may stop before the first event."""
    channel = StreamChannel(nats_server.url, limits=HASTY)

    await channel.close()
