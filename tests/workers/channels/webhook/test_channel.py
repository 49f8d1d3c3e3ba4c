"""The webhook channel on real sockets: one post, and every answer or silence made an outcome."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.certificates import DevelopmentChain
from tests.workers.channels.webhook.conftest import HASTY, Receiver, make_request
from workers.channels.base import DELIVERED, Gone, Permanent, Temporary
from workers.channels.webhook.channel import (
    ANSWER_BYTES_MAX,
    EXCERPT_BYTES_MAX,
    WebhookChannel,
)

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[tuple[WebhookChannel, str]]:
    """Run a server that says what it likes, and a channel that may reach it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        channel = WebhookChannel(local=frozenset({("127.0.0.1", port)}), limits=HASTY)
        yield channel, f"http://127.0.0.1:{port}/"
        await channel.close()


async def test_a_webhook_arrives_as_it_was_signed(
    channel: WebhookChannel, receiver: Receiver
) -> None:
    """The body to the byte, the headers of the signature, and who we are."""
    receiver.answer = web.Response(status=202, text="thank you")

    outcome, answer = await channel.send(make_request(receiver.url))

    assert outcome == DELIVERED
    assert (answer.status, answer.excerpt) == (202, "thank you")
    ((path, headers, body),) = receiver.requests
    assert (path, body) == ("/hook", b'{"a":1}')
    assert headers["webhook-id"] == "1"
    assert headers["Content-Type"] == "application/cloudevents+json"
    assert headers["User-Agent"] == "passgate-webhooks"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_a_failure(
    channel: WebhookChannel, receiver: Receiver, status: int
) -> None:
    """It is not followed, not even to the same host."""
    receiver.answer = web.Response(status=status, headers={"Location": "/elsewhere"})

    outcome, _ = await channel.send(make_request(receiver.url))

    assert outcome == Temporary(f"Status{status}")
    assert [path for path, _, _ in receiver.requests] == ["/hook"]


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (410, {}, Permanent("Status410", Gone())),
        (400, {}, Temporary("Status400")),
        (404, {"Retry-After": "9"}, Temporary("Status404")),
        (500, {}, Temporary("Status500")),
        (429, {"Retry-After": "120"}, Temporary("Status429", 120)),
        (502, {"Retry-After": "0"}, Temporary("Status502", 0)),
        (504, {"Retry-After": "99999999999999"}, Temporary("Status504", 86_400)),
        (503, {"Retry-After": "soon"}, Temporary("Status503")),
        (503, {"Retry-After": "-5"}, Temporary("Status503")),
        (
            503,
            {
                "Retry-After": "Wed, 21 Oct 2026 07:29:00 GMT",
                "Date": "Wed, 21 Oct 2026 07:28:00 GMT",
            },
            Temporary("Status503", 60),
        ),
    ],
)
async def test_each_answer_has_its_outcome(
    channel: WebhookChannel,
    receiver: Receiver,
    status: int,
    headers: dict[str, str],
    expected: Temporary | Permanent,
) -> None:
    """410 ends the endpoint, a busy one says when, all else waits for its turn."""
    receiver.answer = web.Response(status=status, headers=headers)

    outcome, answer = await channel.send(make_request(receiver.url))

    assert outcome == expected
    assert answer.status == status


async def test_an_excerpt_is_short_and_can_be_kept(
    channel: WebhookChannel, receiver: Receiver
) -> None:
    """Two kilobytes without NUL, whatever bytes came."""
    receiver.answer = web.Response(body=b"a\0b\xff" + b"x" * 50_000)

    _, answer = await channel.send(make_request(receiver.url))

    assert answer.excerpt.startswith("ab�x")
    assert len(answer.excerpt) == EXCERPT_BYTES_MAX - 1


async def test_an_answer_without_end_is_left() -> None:
    """No more is read than the limit, and the status counts."""
    sent = 0

    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            sent += 65_536
            await writer.drain()

    async with talking(flood) as (channel, url):
        outcome, answer = await channel.send(make_request(url))

    assert outcome == DELIVERED
    assert answer.excerpt == "x" * EXCERPT_BYTES_MAX
    # What the sockets' buffers hold on both sides comes on top.
    assert sent < ANSWER_BYTES_MAX + 16 * 1024 * 1024


async def test_a_compressed_answer_is_not_unpacked() -> None:
    """A bomb stays as small as it came."""
    bomb = gzip.compress(bytes(5_000_000))

    async def answer_packed(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n")
        writer.write(b"Content-Length: %d\r\n\r\n" % len(bomb) + bomb)
        await writer.drain()

    async with talking(answer_packed) as (channel, url):
        outcome, answer = await channel.send(make_request(url))

    assert outcome == DELIVERED
    assert answer.excerpt == bomb[:EXCERPT_BYTES_MAX].decode(errors="replace").replace("\0", "")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, Temporary("NoAnswer")),
        (b"", Temporary("BrokenAnswer")),
        (b"SSH-2.0-OpenSSH\r\n\r\n", Temporary("BrokenAnswer")),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000, Temporary("BrokenAnswer")),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 100\r\n\r\nhalf", Temporary("Status500")),
    ],
)
async def test_no_answer_has_an_outcome_too(said: bytes | None, expected: Temporary) -> None:
    """Silence, a hang-up, another protocol, endless headers, half an answer."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if said is None:
            while await reader.read(1_000):
                pass
            return
        writer.write(said)
        await writer.drain()

    async with talking(say) as (channel, url):
        outcome, _ = await channel.send(make_request(url))

    assert outcome == expected


async def test_nobody_at_home_is_no_connection(free_port: int) -> None:
    """A closed port is an endpoint that may open again."""
    channel = WebhookChannel(local=frozenset({("127.0.0.1", free_port)}), limits=HASTY)

    outcome, answer = await channel.send(make_request(f"http://127.0.0.1:{free_port}/"))

    assert outcome == Temporary("NoConnection")
    assert (answer.status, answer.excerpt) == (None, "")
    await channel.close()


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://shop.example/", f"http://{'a' * 70}.b/"])
async def test_what_is_no_address_is_given_up(strict: WebhookChannel, url: str) -> None:
    """No address that the door refuses makes the channel raise."""
    outcome, _ = await strict.send(make_request(url))

    assert outcome in {Permanent("BadUrl"), Temporary("NoSuchHost")}


async def test_no_proxy_and_no_cookies(
    channel: WebhookChannel, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment sends nothing elsewhere, and one answer leaves no trace in the next."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    receiver.answer = web.Response(headers={"Set-Cookie": "a=b"})

    assert (await channel.send(make_request(receiver.url)))[0] == DELIVERED
    receiver.answer = web.Response()
    assert (await channel.send(make_request(receiver.url)))[0] == DELIVERED

    assert all("Cookie" not in headers for _, headers, _ in receiver.requests)


async def test_a_certificate_nobody_vouches_for_is_refused(chain: DevelopmentChain) -> None:
    """Nothing is sent to a host that cannot say who it is, unless its root is trusted."""
    own = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    own.load_cert_chain(chain.server_certificate, chain.server_key)
    app = web.Application()
    app.router.add_post("/", Receiver().handle)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=own)
    local = frozenset({("localhost", server.port or 0)})
    wary = WebhookChannel(local=local, limits=HASTY)
    trusting = WebhookChannel(
        local=local, limits=HASTY, trusted=ssl.create_default_context(cafile=str(chain.root))
    )
    request = make_request(f"https://localhost:{server.port}/")

    assert (await wary.send(request))[0] == Temporary("TlsError")
    assert (await trusting.send(request))[0] == DELIVERED

    for channel in (wary, trusting):
        await channel.close()
    await server.close()


async def test_a_closed_channel_answers_too(receiver: Receiver) -> None:
    """A worker that stops takes no delivery with it."""
    channel = WebhookChannel(local=frozenset({receiver.place}), limits=HASTY)
    await channel.close()

    assert (await channel.send(make_request(receiver.url)))[0] == Temporary("NoConnection")


def test_a_request_shows_its_key_only() -> None:
    """An endpoint's address may hold a password of the merchant's."""
    shown = repr(make_request("https://shop.example/hook?token=hunter2"))

    assert "hunter2" not in shown
    assert "webhook-id" not in shown
